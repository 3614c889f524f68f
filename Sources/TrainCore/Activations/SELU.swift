import CKernels

/// ELU scaled so that activations keep mean 0 and variance 1: `scale * z` where z > 0, else
/// `scale * alpha * (exp(z) - 1)` (Klambauer et al. 2017, the fixed point's constants as in Keras).
public struct SELU: Activation, ELUKind {
    public static let name = "selu"
    public static let keepsZero = true

    static let alpha: Float = 1.6732632423543772
    static let scale: Float = 1.0507009873554805

    /// The activation; it has no parameters.
    public init() {}

    public func forward(_ z: Matrix, _ a: Matrix) {
        kernels.elu(z.base, a.base, z.paddedCount, Self.alpha, Self.scale)
    }

    public func backward(_ z: Matrix, _ a: Matrix, _ gradient: Matrix) {
        kernels.elu_backward(a.base, gradient.base, z.paddedCount, Self.alpha, Self.scale)
    }
}

extension Activation where Self == SELU {
    /// ELU with the scale that keeps activations normalised.
    public static var selu: SELU { SELU() }
}
