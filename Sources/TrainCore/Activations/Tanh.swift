import CKernels

/// The hyperbolic tangent.
public struct Tanh: Activation {
    public static let name = "tanh"
    public static let keepsZero = true

    /// The activation; it has no parameters.
    public init() {}

    public func forward(_ z: Matrix, _ a: Matrix) {
        kernels.tanh(z.base, a.base, z.paddedCount)
    }

    public func backward(_ z: Matrix, _ a: Matrix, _ gradient: Matrix) {
        kernels.tanh_backward(a.base, gradient.base, z.paddedCount)
    }
}

extension Activation where Self == Tanh {
    /// The hyperbolic tangent.
    public static var tanh: Tanh { Tanh() }
}
