import CKernels

/// The mean of `(p - t)^2 / 2` up to an error of 1 and `|p - t| - 1/2` beyond (Huber 1964).
public struct Huber: Loss {
    public static let name = "huber"

    /// The loss; it has no parameters.
    public init() {}

    public func evaluate(_ prediction: Matrix, _ target: Matrix, gradient: Matrix?) -> Float {
        mean(of: kernels.huber, over: prediction.count, prediction, target, gradient: gradient)
    }
}

extension Loss where Self == Huber {
    /// The mean of `(p - t)^2 / 2` up to an error of 1 and `|p - t| - 1/2` beyond (Huber 1964).
    public static var huber: Huber { Huber() }
}
