import CKernels

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

    /// Puts the value at the fraction (0 or more) of each place there, with the bits that it has by itself: many cost little
    /// more than one.
    @inline(__always)
    func fill(_ values: UnsafeMutableBufferPointer<Double>, at fraction: (Int) -> Double) {
        guard isGeometric, abs(shift) + abs(slope) < 600, let first = values.baseAddress else {
            for index in values.indices { values[index] = value(at: fraction(index)) }
            return
        }
        for index in values.indices { values[index] = shift + min(fraction(index), 1) * slope }
        kernels.exp_doubles(first, first, values.count)
        for index in values.indices { values[index] = fraction(index) < 1 ? factor * values[index] : end }
    }

    /// The value a fraction (0 to 1) of the way from `start` to `end`.
    package static func value(from start: Double, to end: Double, at fraction: Double) -> Double {
        Interpolation(from: start, to: end).value(at: fraction)
    }
}
