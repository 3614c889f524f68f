/// The square root of the mean of `(p - t)^2` over all rows and units.
public struct RootMeanSquaredError: Metric {
    public static let name = "root_mean_squared_error"
    public static let powerOfUnit = 1

    /// The metric; it has no parameters.
    public init() {}

    public func add(_ prediction: Matrix, _ target: Matrix, to sums: UnsafeMutablePointer<Double>) {
        MeanSquaredError().add(prediction, target, to: sums)
    }

    public func value(_ sums: UnsafePointer<Double>, units: Int) -> Double { (sums[0] / sums[1]).squareRoot() }
}

extension Metric where Self == RootMeanSquaredError {
    /// The square root of the mean of `(p - t)^2`.
    public static var rootMeanSquaredError: RootMeanSquaredError { RootMeanSquaredError() }
}
