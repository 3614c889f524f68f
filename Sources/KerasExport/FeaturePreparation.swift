import Tabular
import Wording

/// From a row's cells to the network's input in Python, as ``Tabular/FeatureSpace`` does it: `read_table`, and `features`
/// with a line for each column.
struct FeaturePreparation {
    let space: FeatureSpace
    /// What the targets of a training need besides: numbers, or the places of levels.
    var needs: Set<Part> = []

    /// Kinds of code that a script has or has not.
    enum Part {
        case numbers
        case quantities
        case standard
        case robust
        case ratios
        case levels
        case dates
    }

    private func uses(_ part: Part) -> Bool {
        if part == .numbers || part == .levels, needs.contains(part) { return true }
        return space.columns.contains { column in
            switch (part, column.encoding) {
            case (.numbers, .number), (.numbers, .ratio), (.quantities, .number), (.quantities, .ratio),
                (.ratios, .ratio), (.levels, .category), (.dates, .date):
                true
            case (.standard, _): if case .standard? = column.scaling { true } else { false }
            case (.robust, _): if case .robust? = column.scaling { true } else { false }
            default: false
            }
        }
    }

    /// The functions that the script needs.
    var functions: [[String]] {
        var parts = [PreparationCode.table]
        if uses(.numbers) { parts.append(PreparationCode.numbers) }
        if uses(.quantities) { parts.append(PreparationCode.quantity) }
        if uses(.ratios) { parts.append(PreparationCode.ratio) }
        if uses(.standard) { parts.append(PreparationCode.standard) }
        if uses(.robust) { parts.append(PreparationCode.robust) }
        if uses(.levels) {
            parts.append(space.reading == .lenient ? PreparationCode.levels : PreparationCode.exactLevels)
            if space.columns.contains(where: { if case .category = $0.encoding { true } else { false } }) {
                parts.append(PreparationCode.category)
            }
        }
        if needs.contains(.levels) { parts.append(PreparationCode.classNumbers) }
        if uses(.dates) { parts += [PreparationCode.dates, PreparationCode.date] }
        return parts.map { [$0] }
    }

    /// The modules that they import.
    var modules: [String] {
        (uses(.dates) ? ["datetime"] : []) + (uses(.dates) || uses(.numbers) ? ["re"] : [])
            + (uses(.levels) ? ["unicodedata"] : [])
    }

    /// The function that makes all features of a table.
    var features: [String] {
        ["def features(table):", "    return np.column_stack(["] + space.columns.map { "        \(line($0))," }
            + ["    ]).astype(np.float32)"]
    }

    private func line(_ column: InputColumn) -> String {
        switch column.encoding {
        case .number(let number):
            return Python.call(
                "quantity", ["numbers(\(cells(column.name))\(comma(number.notation)))"] + arguments(number),
                indentation: 8)
        case .ratio(let ratio):
            let (above, below) = (
                "numbers(\(cells(ratio.numerator))\(comma(ratio.numeratorNotation)))",
                "numbers(\(cells(ratio.denominator))\(comma(ratio.denominatorNotation)))"
            )
            var parts = [above, below]
            if let fill = ratio.numeratorFill { parts.append("fill_above=\(fill)") }
            if let fill = ratio.denominatorFill { parts.append("fill_below=\(fill)") }
            return Python.call(
                "quantity", ["ratio(\(parts.joined(separator: ", ")))"] + arguments(ratio.result), indentation: 8)
        case .category(let category):
            var arguments = [cells(column.name), Python.list(category.levels)]
            if category.coding == .sign { arguments.append("sign=True") }
            if category.hasOther { arguments.append("other=True") }
            if category.hasGap { arguments.append("gap=True") }
            if space.reading == .lenient, column.role == .yesNo { arguments.append("words=VALUE_GAPS") }
            return Python.call("category", arguments, indentation: 8)
        case .date(let date):
            var arguments = [cells(column.name), quoted(date.format.rawValue), Python.list(date.parts.map(\.rawValue))]
            if date.parts.contains(.year) {
                arguments += ["fill_year=\(date.fillYear)", "scaling=\(scaling(date.yearScaling))"]
            }
            if date.hasGapIndicator { arguments.append("gap=True") }
            return Python.call("date", arguments, indentation: 8)
        }
    }

    private func cells(_ name: String) -> String { "table[\(quoted(name))]" }

    private func comma(_ notation: NumberNotation) -> String { notation == .comma ? ", comma=True" : "" }

    private func arguments(_ number: NumberEncoding) -> [String] {
        ["fill=\(number.fill)", "scaling=\(scaling(number.scaling))"] + (number.hasGapIndicator ? ["gap=True"] : [])
            + (number.edges.isEmpty ? [] : ["edges=[\(number.edges.map { "\($0)" }.joined(separator: ", "))]"])
    }

    private func scaling(_ scaling: FittedScaling) -> String {
        switch scaling {
        case .none: "None"
        case .standard(let mean, let deviation): "standard(\(mean), \(deviation))"
        case .robust(let median, let scale): "robust(\(median), \(scale))"
        }
    }
}

extension InputColumn {
    /// What is done to the column's number, where it has one.
    fileprivate var scaling: FittedScaling? {
        switch encoding {
        case .number(let number): number.scaling
        case .ratio(let ratio): ratio.result.scaling
        case .date(let date): date.parts.contains(.year) ? date.yearScaling : nil
        case .category: nil
        }
    }
}
