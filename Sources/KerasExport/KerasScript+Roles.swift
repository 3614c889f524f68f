import JobFile
import Tabular
import TrainCore
import Wording

// The rows of a run whose columns were judged by what they hold, as ``Tabular/SurveyedTable`` makes data sets of them. What
// was found out and measured is in the script.
extension KerasScript {
    private var space: FeatureSpace { data.featureSpace }

    /// The code from cells to features.
    var judgedPreparation: FeaturePreparation {
        FeaturePreparation(space: space, needs: [space.classNames.isEmpty ? .numbers : .levels])
    }

    /// What the header says of such a run.
    var judgedNotes: [String] {
        guard recipe.data.roles != nil else { return [] }
        var lines: [String] = []
        if recipe.data.targetScaling != nil, space.classNames.isEmpty {
            lines += ["", "Targets are in deviations from their mean, and so are losses and errors here."]
        }
        if recipe.refit, data.validation != nil {
            lines += ["", "The training again in the end, on the rows for validation too, is not in it."]
        }
        return lines
    }

    var judgedTable: [String] {
        let functions = judgedPreparation.functions + [judgedPreparation.features]
        return functions.flatMap { [""] + $0 + [""] } + [
            "", "table = read_table(sys.argv[1] if len(sys.argv) > 1 else \(quoted(tableFile)))",
        ]
    }

    /// Rows that are held back, of each class, or of all together where there are none.
    private var heldBack: [Int] {
        let sets = [data.test, data.validation].compactMap { $0 }
        guard isStratified else { return [sets.reduce(0) { $0 + $1.rows }] }
        var counts = [Int](repeating: 0, count: space.classNames.count)
        for set in sets { for value in set.y { counts[Int(value)] += 1 } }
        return counts
    }

    /// Only where there is one target, with classes.
    private var isStratified: Bool { recipe.data.stratify ?? (space.task == .classification) }

    /// From the table to X_train and y_train.
    var judgedRows: [String] {
        var lines = ["targets = np.column_stack(["]
        for target in space.targets {
            switch target.coding {
            case .value(_, _, let notation):
                lines.append(
                    "    numbers(table[\(quoted(target.name))]\(notation == .comma ? ", comma=True" : "")),")
            case .classes(let names), .twoClasses(let names):
                lines.append("    class_numbers(table[\(quoted(target.name))], \(Python.list(names))),")
            }
        }
        lines += [
            "])",
            "# Rows without a target are left out, and others are held back for testing and validation.",
            "rows = np.flatnonzero(np.isfinite(targets).all(axis=1))",
        ]
        if heldBack.contains(where: { $0 > 0 }) {
            lines.append("rows = rows[permutation(SPLIT, len(rows))]")
            if isStratified {
                lines += [
                    "held_back = \(heldBack)  # of each class",
                    "rows = np.concatenate([rows[targets[rows, 0] == i][count:] for i, count in enumerate(held_back)])",
                ]
            } else {
                lines.append("rows = rows[\(heldBack[0]):]")
            }
            lines.append("rows.sort()  # in the file's order")
        }
        lines += [
            "X_train = features({name: [cells[i] for i in rows] for name, cells in table.items()})",
            "y_train = targets[rows]",
        ]
        for (index, target) in space.targets.enumerated() {
            guard case .value(let center, let scale, _) = target.coding, (center, scale) != (0, 1) else { continue }
            lines.append("y_train[:, \(index)] = (y_train[:, \(index)].astype(np.float64) - \(center)) / \(scale)")
        }
        return lines
    }
}
