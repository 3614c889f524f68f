/// A way from one number to another, with the same bits on every machine.
///
/// Geometric, so that equal parts of the way are equal factors, where both numbers are above 0:
/// `start * exp(fraction * log(end / start))`; else in equal differences. What is the same all along the way is
/// computed once, the logarithm above all.
package struct Interpolation: Sendable {
    /// Where the way begins.
    package let start: Double
    /// Where it ends, exactly.
    package let end: Double
    private let isGeometric: Bool
    /// A geometric value is `factor * exp(shift + fraction * slope)`.
    private let factor: Double
    private let shift: Double
    private let slope: Double

    /// A way between two finite numbers.
    package init(from start: Double, to end: Double) {
        self.start = start
        self.end = end
        isGeometric = start > 0 && end > 0
        let ratio = end / start
        if !isGeometric {
            (factor, shift, slope) = (1, 0, 0)
        } else if ratio > 0, ratio.isFinite {
            (factor, shift, slope) = (start, 0, PortableMath.log(ratio))
        } else {
            // So far apart that no double holds the ratio.
            let logarithm = PortableMath.log(start)
            (factor, shift, slope) = (1, logarithm, PortableMath.log(end) - logarithm)
        }
    }

    /// The value a fraction (0 to 1) of the way. Exactly `end` at 1.
    package func value(at fraction: Double) -> Double {
        if fraction >= 1 { return end }
        if isGeometric { return factor * PortableMath.exp(shift + fraction * slope) }
        return start + (end - start) * fraction
    }

    /// The values at eight fractions, each with the bits that it has by itself: for little more than one costs.
    func values(at fractions: SIMD8<Double>) -> SIMD8<Double> {
        var values = SIMD8<Double>()
        if !isGeometric {
            values = start + (end - start) * fractions
        } else if abs(shift) + abs(slope) < 600 {
            values = factor * PortableMath.exp(shift + fractions.clamped(lowerBound: .zero, upperBound: .one) * slope)
        } else {
            for lane in values.indices { values[lane] = value(at: fractions[lane]) }
        }
        return values.replacing(with: end, where: fractions .>= 1)
    }

    /// The value a fraction (0 to 1) of the way from `start` to `end`.
    package static func value(from start: Double, to end: Double, at fraction: Double) -> Double {
        Interpolation(from: start, to: end).value(at: fraction)
    }
}
