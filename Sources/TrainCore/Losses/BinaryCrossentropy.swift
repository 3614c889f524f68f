import CKernels

/// The mean of `-t log p - (1 - t) log(1 - p)` for targets from 0 to 1.
///
/// Behind a sigmoid it is computed from the logits, as Keras does, and so is finite for every finite logit. Elsewhere
/// probabilities are cut to 1e-7 ... 1 - 1e-7.
public struct BinaryCrossentropy: Loss {
    public static let name = "binary_crossentropy"
    public static let fusedActivation: (any Activation.Type)? = Sigmoid.self

    /// The loss; it has no parameters.
    public init() {}

    public func evaluate(_ prediction: Matrix, _ target: Matrix, gradient: Matrix?) -> Float {
        mean(of: kernels.binary_crossentropy, over: prediction.count, prediction, target, gradient: gradient)
    }

    public func evaluateLogits(_ logits: Matrix, _ target: Matrix, gradient: Matrix?) -> Float {
        mean(of: kernels.binary_crossentropy_logits, over: logits.count, logits, target, gradient: gradient)
    }
}

extension Loss where Self == BinaryCrossentropy {
    /// The mean of `-t log p - (1 - t) log(1 - p)`.
    public static var binaryCrossentropy: BinaryCrossentropy { BinaryCrossentropy() }
}
