import CKernels

/// `z σ(z)`, also called swish.
public struct SiLU: Activation {
    public static let name = "silu"
    public static let keepsZero = true

    /// The activation; it has no parameters.
    public init() {}

    public func forward(_ z: Matrix, _ a: Matrix) {
        kernels.silu(z.base, a.base, z.paddedCount)
    }

    public func backward(_ z: Matrix, _ a: Matrix, _ gradient: Matrix) {
        kernels.silu_backward(z.base, gradient.base, z.paddedCount)
    }
}

extension Activation where Self == SiLU {
    /// `z σ(z)`, also called swish.
    public static var silu: SiLU { SiLU() }
}
