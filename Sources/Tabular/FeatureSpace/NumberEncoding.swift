/// How a quantity becomes a feature, or two.
public struct NumberEncoding: Sendable, Equatable {
    /// How the numbers are written.
    public var notation: NumberNotation
    /// What takes the place of a gap, before scaling.
    public var fill: Float
    /// Whether a second feature is 1 where there is a gap, and 0 elsewhere.
    public var hasGapIndicator: Bool
    /// What is done to the number then.
    public var scaling: FittedScaling

    /// Where at least this share of the training rows has a gap, a second feature says so.
    static let indicatorShare = 0.01

    /// Features.
    var width: Int { hasGapIndicator ? 2 : 1 }

    /// Writes the features of a value; NaN is a gap.
    @inline(__always)
    func encode(_ value: Float, into features: UnsafeMutablePointer<Float>) {
        let isGap = !value.isFinite
        features[0] = scaling.apply(isGap ? fill : value)
        if hasGapIndicator { features[1] = isGap ? 1 : 0 }
    }
}
