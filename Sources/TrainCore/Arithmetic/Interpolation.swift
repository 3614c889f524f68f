/// Values on the way from one to another, with the same bits on every machine.
public enum Interpolation {
    /// The value a fraction (0 to 1) of the way from `start` to `end`: geometrically, so that equal parts of the way
    /// are equal factors, where both are above 0, else in equal differences. Exactly `end` at 1.
    public static func value(from start: Double, to end: Double, at fraction: Double) -> Double {
        if fraction >= 1 { return end }
        if start > 0, end > 0 { return start * PortableMath.pow(end / start, fraction) }
        return start + (end - start) * fraction
    }
}
