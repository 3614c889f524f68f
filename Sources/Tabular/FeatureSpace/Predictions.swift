import TrainCore

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

    /// What a network's outputs stand for; those of classes as ``ClassPredictions`` takes them.
    ///
    /// - Parameters:
    ///   - outputs: rows x `units`, row by row.
    ///   - units: the network's outputs, ``outputCount`` or more.
    public func predictions(_ outputs: [Float], units: Int) -> Predictions {
        precondition(units >= outputCount, "the network has \(units) outputs, not \(outputCount)")
        let rows = outputs.count / units
        if targets.count == 1, case .classes(let names) = targets[0].coding {
            let column = Predictions.Column(ClassPredictions(outputs, units: units, count: names.count), names)
            return Predictions(names: [targets[0].name], columns: [column], rows: rows)
        }
        let columns = targets.enumerated().map { index, target -> Predictions.Column in
            let own = (0..<rows).map { outputs[$0 * units + index] }
            guard case .twoClasses(let names) = target.coding else { return .values(own.map { target.decode($0) }) }
            return Predictions.Column(ClassPredictions(ofTwo: own), names)
        }
        return Predictions(names: targets.map(\.name), columns: columns, rows: rows)
    }
}

extension Predictions.Column {
    fileprivate init(_ predictions: ClassPredictions, _ names: [String]) {
        self = .classes(names: names, predictions.classes, probabilities: predictions.probabilities)
    }
}
