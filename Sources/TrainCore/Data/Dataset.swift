/// Rows of features with their targets, as numbers.
public struct Dataset: Sendable, Equatable {
    /// Rows.
    public let rows: Int
    /// Features in a row.
    public let features: Int
    /// Targets in a row; 1 for class numbers.
    public let targets: Int
    /// The features, `rows` x `features`, row by row.
    public let x: [Float]
    /// The targets, `rows` x `targets`, row by row; a class is its number, from 0.
    public let y: [Float]

    /// How much of the table's unit a difference of 1 in `y` is, where targets were standardised: metrics are told in that
    /// unit, the loss is not. 1 where the targets are as they were, or class numbers.
    public let targetUnit: Double

    /// A data set. Traps where the numbers of values and rows do not agree.
    public init(rows: Int, features: Int, targets: Int, x: [Float], y: [Float], targetUnit: Double = 1) {
        precondition(x.count == rows * features, "x has \(x.count) values, not \(rows) x \(features)")
        precondition(y.count == rows * targets, "y has \(y.count) values, not \(rows) x \(targets)")
        self.rows = rows
        self.features = features
        self.targets = targets
        self.x = x
        self.y = y
        self.targetUnit = targetUnit
    }

    /// The rows of both, these first. Traps where they are of different shapes.
    public func joined(with others: Dataset) -> Dataset {
        precondition(features == others.features && targets == others.targets, "rows of another shape")
        return Dataset(
            rows: rows + others.rows, features: features, targets: targets, x: x + others.x, y: y + others.y,
            targetUnit: targetUnit)
    }
}
