/// The share of elements where a prediction above one half agrees with the target.
public struct BinaryAccuracy: Metric {
    public static let name = "binary_accuracy"
    public static let higherIsBetter = true

    /// The metric; it has no parameters.
    public init() {}

    public func add(_ prediction: Matrix, _ target: Matrix, to sums: UnsafeMutablePointer<Double>) {
        var hits = 0
        for row in 0..<prediction.rows {
            for column in 0..<prediction.columns {
                if (prediction[row, column] > 0.5 ? 1 : 0) == target[row, column] { hits += 1 }
            }
        }
        sums[0] += Double(hits)
        sums[1] += Double(prediction.count)
    }
}

extension Metric where Self == BinaryAccuracy {
    /// The share of elements where a prediction above one half agrees with the target.
    public static var binaryAccuracy: BinaryAccuracy { BinaryAccuracy() }
}
