import CKernels

/// The mean of `log cosh(p - t)`.
public struct LogCosh: Loss {
    public static let name = "log_cosh"

    /// The loss; it has no parameters.
    public init() {}

    public func evaluate(_ prediction: Matrix, _ target: Matrix, gradient: Matrix?) -> Float {
        mean(of: kernels.log_cosh, over: prediction.count, prediction, target, gradient: gradient)
    }
}

extension Loss where Self == LogCosh {
    /// The mean of `log cosh(p - t)`.
    public static var logCosh: LogCosh { LogCosh() }
}
