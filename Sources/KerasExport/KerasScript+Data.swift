import JobFile
import Tabular
import TrainCore
import Wording

// From the CSV file to X_train and y_train, as ``PreparedData`` does it.
extension KerasScript {
    private var plan: TableRecipe { recipe.data }
    /// Targets are divided by this; 1 where they are texts or classes.
    private var targetScale: Double { data.classNames.isEmpty ? plan.targetScale : 1 }
    var targetsAreClasses: Bool { type(of: job.loss).targetsAreClasses }
    private var fillsGaps: Bool { plan.missing == .mean || plan.missing == .median }

    /// A feature of the script.
    private enum Feature {
        case number(String)
        /// A column of text, with the texts that become features.
        case texts(String, [String])
        /// A number that is the same in all training rows.
        case constant(String)
    }

    private var featureList: [Feature] {
        guard let asked = plan.features else {
            return data.featureNames.indices.map { number(data.featureNames[$0], at: $0) }
        }
        var place = 0
        return asked.map { name in
            if data.featureNames[place] == name {
                place += 1
                return number(name, at: place - 1)
            }
            let start = place
            let prefix = "\(name)="
            while place < data.featureNames.count, data.featureNames[place].hasPrefix(prefix),
                !asked.contains(data.featureNames[place])
            {
                place += 1
            }
            return .texts(name, data.featureNames[start..<place].map { String($0.dropFirst(prefix.count)) })
        }
    }

    private func number(_ name: String, at place: Int) -> Feature {
        guard plan.standardize else { return .number(name) }
        let x = data.training.x
        let isConstant = stride(from: place, to: x.count, by: data.training.features).allSatisfy { x[$0] == 0 }
        return isConstant ? .constant(name) : .number(name)
    }

    /// Whether all features are numbers of the file, and nothing is to be done to any one of them alone.
    private var isPlain: Bool {
        derived.isEmpty && !fillsGaps
            && featureList.allSatisfy { if case .number = $0 { true } else { false } }
    }

    /// The derived columns that are features.
    private var derived: [DerivedColumn] {
        plan.derive.filter { column in plan.features?.contains(column.name) ?? true }
    }

    /// The columns of the file that are read as numbers to make features of.
    private var numberColumns: [String] {
        let made = Set(derived.map(\.name))
        var names: [String] = []
        for feature in featureList {
            switch feature {
            case .number(let name), .constant(let name): if !made.contains(name) { names.append(name) }
            case .texts: break
            }
        }
        for column in derived {
            for name in [column.numerator, column.denominator] where !names.contains(name) { names.append(name) }
        }
        return names
    }

    private var textColumns: [String] {
        featureList.compactMap { if case .texts(let name, _) = $0 { name } else { nil } }
    }

    var needsMathModule: Bool {
        (plan.roles == nil && heldOut.contains { $0.expression.hasPrefix("math.") }) || isOneCycle
    }

    // MARK: The table

    var table: [String] {
        var lines = [
            "",
            "def read_table(path):",
            "    \"\"\"The columns of a CSV file, each a list of texts.\"\"\"",
            "    with open(path, newline=\"\", encoding=\"utf-8-sig\") as file:",
        ]
        let delimiter = data.delimiter == "," ? "" : ", delimiter=\(quoted(String(data.delimiter)))"
        lines += [
            "        names, *rows = (row for row in csv.reader(file\(delimiter)) if row)",
            "    return {name.strip(): [row[i].strip() for row in rows] for i, name in enumerate(names)}",
            "", "",
        ]
        if plan.missing != .error {
            lines += [
                "def is_missing(text):",
                "    return text.lower() in (\"\", \"na\", \"nan\", \"null\")",
                "", "",
            ]
        }
        if fillsGaps {
            lines += [
                "def numbers(texts):",
                "    return np.array([np.nan if is_missing(text) else float(text) for text in texts], np.float32)",
                "", "",
            ]
        }
        if !textColumns.isEmpty {
            lines += [
                "def one_hot(name, texts):",
                "    return np.array([[cell == text for text in texts] for cell in table[name]], np.float32)",
                "", "",
            ]
        }
        lines.append("table = read_table(sys.argv[1] if len(sys.argv) > 1 else \(quoted(tableFile)))")
        if plan.missing == .drop {
            var used: [String] = []
            for name in plan.targets + numberColumns + textColumns where !used.contains(name) { used.append(name) }
            lines += [
                "used = \(Python.wrapped(used, indentation: 7))",
                "cells = zip(*(table[name] for name in used))",
                "whole = [i for i, row in enumerate(cells) if not any(map(is_missing, row))]",
                "table = {name: [table[name][i] for i in whole] for name in used}",
            ]
        }
        return lines
    }

    // MARK: The split

    /// The rows that are held back, as Python says how many there are.
    private var heldOut: [(name: String, expression: String)] {
        let (test, validation) = (data.test?.rows ?? 0, data.validation?.rows ?? 0)
        let rows = data.training.rows + validation + test
        var result: [(String, String)] = []
        if test > 0 { result.append(("test", part(plan.testFraction, of: "rows", rows, is: test))) }
        if validation > 0 {
            let rest = test > 0 ? "(rows - test)" : "rows"
            result.append(("validation", part(plan.validationFraction, of: rest, rows - test, is: validation)))
        }
        return result
    }

    private func part(_ fraction: Double, of name: String, _ rows: Int, is count: Int) -> String {
        // A product that misses a whole number only by rounding is that number.
        (fraction * Double(rows)).rounded(.up) == Double(count)
            ? "math.ceil(\(fraction) * \(name))" : "round(\(fraction) * \(name))"
    }

    /// From here on the table has the rows that are trained on, in the file's order.
    var split: [String] {
        let heldOut = heldOut
        guard !heldOut.isEmpty else { return [] }
        let uses = heldOut.map { $0.name == "test" ? "testing" : "validation" }.joined(separator: " and ")
        var lines = [
            "# Rows are held back for \(uses); the others are trained on, in the file's order.",
            "rows = len(table[\(quoted(plan.targets[0]))])",
        ]
        lines += heldOut.map { "\($0.name) = \($0.expression)" }
        return lines + [
            "train = np.sort(permutation(SPLIT, rows)[\(heldOut.map(\.name).joined(separator: " + ")):])",
            "table = {name: [cells[i] for i in train] for name, cells in table.items()}",
        ]
    }

    // MARK: Features and targets

    var features: [String] { (isPlain ? plainFeatures : features(from: featureList)) + targets }

    private var plainFeatures: [String] {
        let lines = [
            "features = \(Python.wrapped(data.featureNames, indentation: 11))",
            "X_train = np.array([table[name] for name in features], np.float32).T",
        ]
        guard plan.standardize else { return lines }
        return lines + [
            "mean, deviation = X_train.mean(axis=0, dtype=np.float64), X_train.std(axis=0, dtype=np.float64)",
            "X_train = ((X_train - mean) / deviation).astype(np.float32)",
        ]
    }

    private func features(from list: [Feature]) -> [String] {
        var lines: [String] = []
        if !numberColumns.isEmpty {
            lines += [
                "names = \(Python.wrapped(numberColumns, indentation: 8))",
                "columns = {name: \(fillsGaps ? "numbers(table[name])" : "np.array(table[name], np.float32)") "
                    + "for name in names}",
            ]
        }
        if fillsGaps {
            let filling = plan.missing == .mean ? "np.nanmean(column, dtype=np.float64)" : "np.nanmedian(column)"
            lines += [
                "for column in columns.values():",
                "    column[np.isnan(column)] = \(filling)",
            ]
        }
        for column in derived {
            lines.append("\(access(column.name)) = \(access(column.numerator)) / \(access(column.denominator))")
        }
        let standardizes = plan.standardize && list.contains { if case .number = $0 { true } else { false } }
        if standardizes {
            lines += [
                "", "",
                "def standardized(column):",
                "    mean, deviation = column.mean(dtype=np.float64), column.std(dtype=np.float64)",
                "    return ((column - mean) / deviation).astype(np.float32)",
                "", "",
            ]
        }
        lines.append("X_train = np.column_stack([")
        for feature in list {
            switch feature {
            case .number(let name):
                lines.append("    \(standardizes ? "standardized(\(access(name)))" : access(name)),")
            case .constant(let name):
                lines.append("    np.zeros_like(\(access(name))),  # it is the same in all rows")
            case .texts(let name, let texts):
                lines.append("    one_hot(\(quoted(name)), \(Python.list(texts))),")
            }
        }
        return lines + ["])"]
    }

    private func access(_ column: String) -> String { "columns[\(quoted(column))]" }

    private var targets: [String] {
        if targetsAreClasses { return classes(in: plan.targets[0]) }
        let scale = targetScale == 1 ? "" : " / \(Python.number(targetScale))"
        guard !data.textTargets.isEmpty else {
            return plan.targets.count == 1
                ? ["y_train = np.array([table[\(quoted(plan.targets[0]))]], np.float32).T\(scale)"]
                : [
                    "targets = \(Python.wrapped(plan.targets, indentation: 10))",
                    "y_train = np.array([table[name] for name in targets], np.float32).T\(scale)",
                ]
        }
        let columns = plan.targets.map { name in
            let cells = "table[\(quoted(name))]"
            guard let texts = data.textTargets[name] else { return "np.array(\(cells), np.float32)\(scale)" }
            return "np.array([text == \(quoted(texts[1])) for text in \(cells)], np.float32)"
        }
        return ["y_train = np.column_stack([\(columns.joined(separator: ", "))])"]
    }

    private func classes(in target: String) -> [String] {
        let cells = "table[\(quoted(target))]"
        let numbers = data.classNames.compactMap { Int($0) }
        if numbers == Array(data.classNames.indices) { return ["y_train = np.array([\(cells)], np.float32).T"] }
        let names = Python.wrapped(data.classNames, indentation: 10)
        // Numbers may be written in other ways than ours: 1, 1.0, 1e0.
        let isNumbers = numbers.count == data.classNames.count
        return [
            "classes = \(isNumbers ? names.replacing("\"", with: "") : names)",
            "y_train = np.array([[classes.index(\(isNumbers ? "float(text)" : "text"))] for text in \(cells)])",
        ]
    }
}
