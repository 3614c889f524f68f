import CKernels

/// `z` where z > 0, else `0.2 z`, the slope of Keras 3.
public struct LeakyReLU: Activation {
    public static let name = "leaky_relu"
    public static let keepsZero = true

    /// The activation; it has no parameters.
    public init() {}

    public func forward(_ z: Matrix, _ a: Matrix) {
        kernels.leaky_relu(z.base, a.base, z.paddedCount, 0.2)
    }

    public func backward(_ z: Matrix, _ a: Matrix, _ gradient: Matrix) {
        kernels.leaky_relu_backward(z.base, gradient.base, z.paddedCount, 0.2)
    }
}

extension Activation where Self == LeakyReLU {
    /// `z` where z > 0, else `0.2 z`, the slope of Keras 3.
    public static var leakyReLU: LeakyReLU { LeakyReLU() }
}
