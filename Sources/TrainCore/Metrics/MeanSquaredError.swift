import CKernels

/// The mean of `(p - t)^2` over all rows and units.
public struct MeanSquaredError: Metric {
    public static let name = "mean_squared_error"
    public static let powerOfUnit = 2

    /// The metric; it has no parameters.
    public init() {}

    public func add(_ prediction: Matrix, _ target: Matrix, to sums: UnsafeMutablePointer<Double>) {
        sums[0] += Double(
            kernels.squared_error(
                prediction.base, prediction.stride, target.base, target.stride, prediction.rows, prediction.columns,
                nil, 0, 1))
        sums[1] += Double(prediction.count)
    }
}

extension Metric where Self == MeanSquaredError {
    /// The mean of `(p - t)^2`.
    public static var meanSquaredError: MeanSquaredError { MeanSquaredError() }
}
