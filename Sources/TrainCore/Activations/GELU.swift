import CKernels

/// `z Φ(z)` with the exact normal distribution Φ (Hendrycks & Gimpel 2016), as in Keras by default.
public struct GELU: Activation {
    public static let name = "gelu"
    public static let keepsZero = true

    /// The activation; it has no parameters.
    public init() {}

    public func forward(_ z: Matrix, _ a: Matrix) {
        kernels.gelu(z.base, a.base, z.paddedCount)
    }

    public func backward(_ z: Matrix, _ a: Matrix, _ gradient: Matrix) {
        kernels.gelu_backward(z.base, gradient.base, z.paddedCount)
    }
}

extension Activation where Self == GELU {
    /// `z Φ(z)` with the exact normal distribution Φ (Hendrycks & Gimpel 2016), as in Keras by default.
    public static var gelu: GELU { GELU() }
}
