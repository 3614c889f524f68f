import CKernels

/// `1 / (1 + exp(-z))`.
public struct Sigmoid: Activation {
    public static let name = "sigmoid"
    public static let keepsZero = false

    /// The activation; it has no parameters.
    public init() {}

    public func forward(_ z: Matrix, _ a: Matrix) {
        kernels.sigmoid(z.base, a.base, z.paddedCount)
    }

    public func backward(_ z: Matrix, _ a: Matrix, _ gradient: Matrix) {
        kernels.sigmoid_backward(a.base, gradient.base, z.paddedCount)
    }
}

extension Activation where Self == Sigmoid {
    /// `1 / (1 + exp(-z))`.
    public static var sigmoid: Sigmoid { Sigmoid() }
}
