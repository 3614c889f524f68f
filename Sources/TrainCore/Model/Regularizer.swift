/// A penalty on a layer's kernel, added to the loss: `l1 * sum |w| + l2 * sum w^2`. Keras's, so L2 has no one-half.
public struct Regularizer: Sendable, Hashable {
    /// The factor of the sum of absolute weights, 0 or more.
    public var l1: Double
    /// The factor of the sum of squared weights, 0 or more.
    public var l2: Double

    /// A penalty.
    public init(l1: Double = 0, l2: Double = 0) {
        self.l1 = l1
        self.l2 = l2
    }

    /// No penalty.
    public static let none = Regularizer()
    /// `factor * sum |w|`.
    public static func l1(_ factor: Double = 0.01) -> Regularizer { Regularizer(l1: factor) }
    /// `factor * sum w^2`.
    public static func l2(_ factor: Double = 0.01) -> Regularizer { Regularizer(l2: factor) }
    /// Both.
    public static func l1l2(l1: Double = 0.01, l2: Double = 0.01) -> Regularizer { Regularizer(l1: l1, l2: l2) }
}
