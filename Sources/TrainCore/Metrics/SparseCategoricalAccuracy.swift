/// The share of rows whose greatest prediction is that of the target's class.
public struct SparseCategoricalAccuracy: Metric {
    public static let name = "sparse_categorical_accuracy"
    public static let higherIsBetter = true

    /// The metric; it has no parameters.
    public init() {}

    public func add(_ prediction: Matrix, _ target: Matrix, to sums: UnsafeMutablePointer<Double>) {
        var hits = 0
        for row in 0..<prediction.rows {
            var best = 0
            for column in 0..<prediction.columns where prediction[row, column] > prediction[row, best] {
                best = column
            }
            if Float(best) == target[row, 0] { hits += 1 }
        }
        sums[0] += Double(hits)
        sums[1] += Double(prediction.rows)
    }
}

extension Metric where Self == SparseCategoricalAccuracy {
    /// The share of rows whose greatest prediction is that of the target's class.
    public static var sparseCategoricalAccuracy: SparseCategoricalAccuracy { SparseCategoricalAccuracy() }
}
