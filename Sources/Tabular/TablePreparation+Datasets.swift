import TrainCore
import Wording

// From a table and its split to data sets.
extension TablePreparation {
    /// The features' names, one-hot ones as `column=text`.
    private var featureNames: [String] {
        features.flatMap { feature in
            switch feature {
            case .number(let name, _): [name]
            case .oneHot(let column, _, let texts): texts.map { "\(column)=\($0)" }
            }
        }
    }

    /// Moves the rows into their data sets. The table's memory is let go of as theirs fills up.
    mutating func gather(_ split: RowSplit) throws(DataError) -> PreparedData {
        let names = featureNames
        var sets = [
            RowSet(split.training, names.count, plan.targets.count),
            RowSet(split.validation, names.count, plan.targets.count),
            RowSet(split.testing, names.count, plan.targets.count),
        ]
        try gatherTargets(split, into: &sets)
        gatherFeatures(split, into: &sets)
        let (standardization, means) = standardize(&sets, names)
        let featureSpace = featureSpace(standardization, means: means)
        let datasets = sets.map { set in
            Dataset(rows: set.rows, features: names.count, targets: plan.targets.count, x: set.x, y: set.y)
        }
        return PreparedData(
            training: datasets[0], validation: split.validation > 0 ? datasets[1] : nil,
            test: split.testing > 0 ? datasets[2] : nil, featureNames: names, targetNames: recipe.targets,
            classNames: classNames, textTargets: textTargets, skippedColumns: skipped, warnings: warnings,
            validationNote: split.validation > 0 ? "" : "no rows are held back: validation_fraction is 0",
            standardization: standardization, featureSpace: featureSpace, survey: nil, source: text.bytes.name,
            origin: RowOrigin(text, split), delimiter: Character(Unicode.Scalar(text.delimiter)))
    }

    /// A data set in the making.
    private struct RowSet {
        let rows: Int
        var x: [Float] = []
        var y: [Float] = []

        init(_ rows: Int, _ features: Int, _ targets: Int) {
            self.rows = rows
            x.reserveCapacity(rows * features)
            y.reserveCapacity(rows * targets)
        }
    }

    private func gatherTargets(_ split: RowSplit, into sets: inout [RowSet]) throws(DataError) {
        let slots = plan.targets.map { Int(plan.slots[$0]) }
        let scale = classNames.isEmpty ? recipe.targetScale : 1
        try table.eachRow { row, numbers throws(DataError) in
            guard let index = split.uses[row].index else { return }
            for slot in slots {
                let value = Float(Double(numbers[slot]) / scale)
                guard value.isFinite else {
                    throw text.fault(
                        inRow: row, "a target divided by target_scale \(scale) is too large for a number")
                }
                sets[index].y.append(value)
            }
        }
    }

    private mutating func gatherFeatures(_ split: RowSplit, into sets: inout [RowSet]) {
        let features = features
        var values = [Float](repeating: 0, count: featureNames.count)
        table.takeRows { row, numbers in
            guard let index = split.uses[row].index else { return }
            var place = 0
            for feature in features {
                switch feature {
                case .number(_, let slot):
                    values[place] = numbers[slot]
                    place += 1
                case .oneHot(_, let slot, let texts):
                    for text in 0..<texts.count { values[place + text] = numbers[slot] == Float(text) ? 1 : 0 }
                    place += texts.count
                }
            }
            sets[index].x.append(contentsOf: values)
        }
    }

    /// Returns what was done, and the means whether it was done or not.
    private mutating func standardize(
        _ sets: inout [RowSet], _ names: [String]
    ) -> (Standardization, means: [Double]) {
        let isMeasured = features.flatMap { feature in
            switch feature {
            case .number: [true]
            case .oneHot(_, _, let texts): Array(repeating: false, count: texts.count)
            }
        }
        let (measured, isConstant) = Standardization.measure(sets[0].x, isMeasured: isMeasured)
        for (feature, name) in names.enumerated() where isConstant[feature] {
            warnings.append("the feature '\(visible(name))' is the same in every training row: it tells nothing")
        }
        guard recipe.standardize else { return (Standardization(identity: names.count), measured.means) }
        for index in sets.indices { measured.apply(to: &sets[index].x) }
        return (measured, measured.means)
    }
}
