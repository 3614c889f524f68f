import CKernels

/// `z tanh(softplus(z))` (Misra 2019, arXiv:1908.08681).
public struct Mish: Activation {
    public static let name = "mish"
    public static let keepsZero = true

    /// The activation; it has no parameters.
    public init() {}

    public func forward(_ z: Matrix, _ a: Matrix) {
        kernels.mish(z.base, a.base, z.paddedCount)
    }

    public func backward(_ z: Matrix, _ a: Matrix, _ gradient: Matrix) {
        kernels.mish_backward(z.base, gradient.base, z.paddedCount)
    }
}

extension Activation where Self == Mish {
    /// `z tanh(softplus(z))`.
    public static var mish: Mish { Mish() }
}
