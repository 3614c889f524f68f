import CKernels

/// `z` where z > 0, else `exp(z) - 1` (Clevert et al. 2015).
public struct ELU: Activation, ELUKind {
    public static let name = "elu"
    public static let keepsZero = true
    static let alpha: Float = 1
    static let scale: Float = 1

    /// The activation; it has no parameters.
    public init() {}

    public func forward(_ z: Matrix, _ a: Matrix) {
        kernels.elu(z.base, a.base, z.paddedCount, Self.alpha, Self.scale)
    }

    public func backward(_ z: Matrix, _ a: Matrix, _ gradient: Matrix) {
        kernels.elu_backward(a.base, gradient.base, z.paddedCount, Self.alpha, Self.scale)
    }
}

extension Activation where Self == ELU {
    /// `z` where z > 0, else `exp(z) - 1` (Clevert et al. 2015).
    public static var elu: ELU { ELU() }
}

/// An activation whose slope is `scale` where its output is above 0, else the output + `scale * alpha`: a kernel that
/// comes by such an output can multiply by its slope on the way.
protocol ELUKind: Activation {
    static var alpha: Float { get }
    static var scale: Float { get }
}
