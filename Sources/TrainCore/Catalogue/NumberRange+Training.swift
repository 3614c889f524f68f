public import Wording

/// The ranges that only a training's numbers have.
extension NumberRange {
    /// Learning rates: greater than 0, and not so great that an update of a finite gradient could overflow.
    public static let learningRate = NumberRange(least: 0, includesLeast: false, greatest: 1e6)
    /// What keeps a divisor away from 0: not so small that float32 would take it for 0.
    public static let epsilon = NumberRange(least: 1e-30, includesLeast: true, greatest: 1e6)
    /// From 0 to a million: factors that must not overflow.
    public static let moderate = NumberRange(least: 0, includesLeast: true, greatest: 1e6)
}
