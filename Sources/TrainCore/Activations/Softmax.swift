import CKernels

/// `exp(z_j)` divided by the sum of them over the row: probabilities of classes.
public struct Softmax: Activation {
    public static let name = "softmax"
    public static let keepsZero = true

    /// The activation; it has no parameters.
    public init() {}

    public func forward(_ z: Matrix, _ a: Matrix) {
        kernels.softmax(z.base, a.base, z.rows, z.columns, z.stride)
    }

    public func backward(_ z: Matrix, _ a: Matrix, _ gradient: Matrix) {
        kernels.softmax_backward(a.base, gradient.base, z.rows, z.columns, z.stride)
    }
}

extension Activation where Self == Softmax {
    /// `exp(z_j)` divided by the sum of them over the row: probabilities of classes.
    public static var softmax: Softmax { Softmax() }
}
