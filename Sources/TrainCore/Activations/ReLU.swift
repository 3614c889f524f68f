import CKernels

/// `max(z, 0)`.
public struct ReLU: Activation {
    public static let name = "relu"
    public static let keepsZero = true

    /// The activation; it has no parameters.
    public init() {}

    public func forward(_ z: Matrix, _ a: Matrix) {
        kernels.relu(z.base, a.base, z.paddedCount)
    }

    public func backward(_ z: Matrix, _ a: Matrix, _ gradient: Matrix) {
        kernels.relu_backward(a.base, gradient.base, z.paddedCount)
    }
}

extension Activation where Self == ReLU {
    /// `max(z, 0)`.
    public static var relu: ReLU { ReLU() }
}
