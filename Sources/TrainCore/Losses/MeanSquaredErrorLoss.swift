import CKernels

/// The mean of `(p - t)^2`.
public struct MeanSquaredErrorLoss: Loss {
    public static let name = "mean_squared_error"

    /// The loss; it has no parameters.
    public init() {}

    public func evaluate(_ prediction: Matrix, _ target: Matrix, gradient: Matrix?) -> Float {
        mean(of: kernels.squared_error, over: prediction.count, prediction, target, gradient: gradient)
    }
}

extension Loss where Self == MeanSquaredErrorLoss {
    /// The mean of `(p - t)^2`.
    public static var meanSquaredError: MeanSquaredErrorLoss { MeanSquaredErrorLoss() }
}
