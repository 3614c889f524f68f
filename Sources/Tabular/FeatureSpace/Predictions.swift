/// What a network's outputs stand for, target by target.
public struct Predictions: Sendable, Equatable {
    /// What is predicted of one target.
    public enum Column: Sendable, Equatable {
        /// Each row's value, in the target's own unit.
        case values([Double])
        /// Each row's class by its number, and the probabilities, rows x classes, row by row.
        case classes(names: [String], [Int], probabilities: [Float])
    }

    /// The targets' names, as they are in the table. Not safe to print as they are.
    public let names: [String]
    /// What is predicted of each.
    public let columns: [Column]
    /// Rows.
    public let rows: Int
}

extension FeatureSpace {
    /// Outputs that a network must have for these targets: one for each, or one for each class.
    public var outputCount: Int {
        guard targets.count == 1, case .classes(let names) = targets[0].coding else { return targets.count }
        return names.count
    }

    /// What a network's outputs stand for.
    ///
    /// Outputs that are no probabilities, as of a last layer without softmax, are taken as the loss takes them: cut to
    /// 1e-7 ... 1 - 1e-7 and brought to a sum of 1. The class is that of the greatest output, the first of several; of two
    /// classes with one output, the second where it is above one half. The bits are those that the metrics look at.
    ///
    /// - Parameters:
    ///   - outputs: rows x `units`, row by row.
    ///   - units: the network's outputs, ``outputCount`` or more.
    public func predictions(_ outputs: [Float], units: Int) -> Predictions {
        precondition(units >= outputCount, "the network has \(units) outputs, not \(outputCount)")
        let rows = outputs.count / units
        if targets.count == 1, case .classes(let names) = targets[0].coding {
            let column = Self.classes(outputs, units: units, rows: rows, names: names)
            return Predictions(names: [targets[0].name], columns: [column], rows: rows)
        }
        let columns = targets.enumerated().map { index, target -> Predictions.Column in
            let own = (0..<rows).map { outputs[$0 * units + index] }
            guard case .twoClasses(let names) = target.coding else { return .values(own.map { target.decode($0) }) }
            let probabilities = own.flatMap { output in
                let second = output.isNaN ? 0.5 : min(max(output, 0), 1)
                return [1 - second, second]
            }
            return .classes(names: names, own.map { $0 > 0.5 ? 1 : 0 }, probabilities: probabilities)
        }
        return Predictions(names: targets.map(\.name), columns: columns, rows: rows)
    }

    private static func classes(_ outputs: [Float], units: Int, rows: Int, names: [String]) -> Predictions.Column {
        var classes: [Int] = []
        var probabilities: [Float] = []
        for row in 0..<rows {
            var own = Array(outputs[row * units..<row * units + names.count])
            var best = 0
            for index in own.indices where own[index] > own[best] { best = index }
            classes.append(best)
            let sum = own.reduce(0, +)
            if !(abs(sum - 1) < 1e-3) || own.contains(where: { $0 < 0 }) {
                own = own.map { $0.isNaN ? 1e-7 : min(max($0, 1e-7), 1 - 1e-7) }
                let total = own.reduce(0, +)
                own = own.map { $0 / total }
            }
            probabilities += own
        }
        return .classes(names: names, classes, probabilities: probabilities)
    }
}
