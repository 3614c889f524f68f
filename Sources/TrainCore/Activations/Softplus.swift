import CKernels

/// `log(1 + exp(z))`.
public struct Softplus: Activation {
    public static let name = "softplus"
    public static let keepsZero = false

    /// The activation; it has no parameters.
    public init() {}

    public func forward(_ z: Matrix, _ a: Matrix) {
        kernels.softplus(z.base, a.base, z.paddedCount)
    }

    public func backward(_ z: Matrix, _ a: Matrix, _ gradient: Matrix) {
        kernels.softplus_backward(z.base, gradient.base, z.paddedCount)
    }
}

extension Activation where Self == Softplus {
    /// `log(1 + exp(z))`.
    public static var softplus: Softplus { Softplus() }
}
