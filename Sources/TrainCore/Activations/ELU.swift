internal import CKernels

/// `z` where z > 0, else `exp(z) - 1` (Clevert et al. 2015).
public struct ELU: Activation {
    public static let name = "elu"
    public static let keepsZero = true

    /// The activation; it has no parameters.
    public init() {}

    public func forward(_ z: Matrix, _ a: Matrix) {
        kernels.elu(z.base, a.base, z.paddedCount, 1, 1)
    }

    public func backward(_ z: Matrix, _ a: Matrix, _ gradient: Matrix) {
        kernels.elu_backward(a.base, gradient.base, z.paddedCount, 1, 1)
    }
}

extension Activation where Self == ELU {
    /// `z` where z > 0, else `exp(z) - 1` (Clevert et al. 2015).
    public static var elu: ELU { ELU() }
}
