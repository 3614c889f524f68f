import CKernels

/// The mean of `|p - t|` over all rows and units.
public struct MeanAbsoluteError: Metric {
    public static let name = "mean_absolute_error"
    public static let powerOfUnit = 1

    /// The metric; it has no parameters.
    public init() {}

    public func add(_ prediction: Matrix, _ target: Matrix, to sums: UnsafeMutablePointer<Double>) {
        sums[0] += Double(
            kernels.absolute_error(
                prediction.base, prediction.stride, target.base, target.stride, prediction.rows, prediction.columns,
                nil, 0, 1))
        sums[1] += Double(prediction.count)
    }
}

extension Metric where Self == MeanAbsoluteError {
    /// The mean of `|p - t|`.
    public static var meanAbsoluteError: MeanAbsoluteError { MeanAbsoluteError() }
}
