import CKernels

/// The mean of `|p - t|`.
public struct MeanAbsoluteErrorLoss: Loss {
    public static let name = "mean_absolute_error"

    /// The loss; it has no parameters.
    public init() {}

    public func evaluate(_ prediction: Matrix, _ target: Matrix, gradient: Matrix?) -> Float {
        mean(of: kernels.absolute_error, over: prediction.count, prediction, target, gradient: gradient)
    }
}

extension Loss where Self == MeanAbsoluteErrorLoss {
    /// The mean of `|p - t|`.
    public static var meanAbsoluteError: MeanAbsoluteErrorLoss { MeanAbsoluteErrorLoss() }
}
