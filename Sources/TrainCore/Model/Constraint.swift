/// What is enforced on a layer's kernel after each update. As in Keras, norms are those of the weights that lead into
/// one unit (axis 0).
public enum Constraint: Sendable, Hashable {
    /// Nothing.
    case none
    /// A unit's norm is scaled down to this where it is greater. Keras's default is 2.
    case maxNorm(Double)
    /// Negative weights become 0.
    case nonNegative
    /// A unit's norm is scaled to 1.
    case unitNorm
}
