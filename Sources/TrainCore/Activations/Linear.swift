/// `z` itself. The trainer knows it and neither copies nor calls it.
public struct Linear: Activation {
    public static let name = "linear"
    public static let keepsZero = true

    /// The activation; it has no parameters.
    public init() {}

    public func forward(_ z: Matrix, _ a: Matrix) {
        a.base.update(from: z.base, count: z.paddedCount)
    }

    public func backward(_ z: Matrix, _ a: Matrix, _ gradient: Matrix) {}
}

extension Activation where Self == Linear {
    /// `z` itself.
    public static var linear: Linear { Linear() }
}
