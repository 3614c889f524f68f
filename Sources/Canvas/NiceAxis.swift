/// Where an axis has its ticks and how they are labelled: at 1, 2 or 5 times a power of ten, as a person would draw it.
package struct NiceAxis: Equatable, Sendable {
    /// How values become lengths.
    package enum Scale: String, CaseIterable, Sendable {
        /// Equal differences are equal lengths.
        case linear
        /// Equal ratios are equal lengths; only positive numbers have a place.
        case logarithmic
    }

    /// Where the ticks are, in rising order; all inside of the range.
    package let ticks: [Double]
    /// Decimals of a linear axis's labels, the same for all of them.
    package let decimals: Int
    /// How values become lengths.
    package let scale: Scale
    /// Whether the ticks are equal ratios apart rather than equal steps.
    private let isGeometric: Bool

    /// The ticks of a range.
    ///
    /// - Parameters:
    ///   - range: what the axis shows; one that is empty or not finite has at most one tick.
    ///   - maximumTicks: the most there is room for.
    ///   - scale: a logarithmic axis over less than a power of ten and a half is divided like a linear one.
    ///   - wholeNumbers: whether there is nothing between whole numbers, as with steps.
    package init(range: ClosedRange<Double>, maximumTicks: Int, scale: Scale = .linear, wholeNumbers: Bool = false) {
        self.scale = scale
        let span = range.upperBound - range.lowerBound
        guard maximumTicks > 0, span.isFinite, span > 0 else {
            ticks = maximumTicks > 0 && span == 0 ? [range.lowerBound] : []
            decimals = span == 0 && range.lowerBound != range.lowerBound.rounded() ? 3 : 0
            isGeometric = false
            return
        }
        if scale == .logarithmic, range.lowerBound > 0, range.upperBound / range.lowerBound >= 30 {
            ticks = Self.logarithmicTicks(in: range, maximum: maximumTicks)
            decimals = 0
            isGeometric = true
            return
        }
        let step = Self.step(over: span, maximumTicks: maximumTicks, least: wholeNumbers ? 1 : 0, in: range)
        ticks = Self.multiples(of: step, in: range)
        decimals = step.exponent >= 0 ? 0 : -step.exponent
        isGeometric = false
    }

    /// A tick's label: no more decimals than the ticks need, the same number for each of them.
    package func label(for tick: Double) -> SafeText {
        isGeometric || decimals > 6 || tick.magnitude >= 1e12
            ? NumberFormat.shortest(tick) : NumberFormat.fixed(tick, decimals: decimals)
    }

    // MARK: - Steady ranges

    /// A range that holds `values` and stays put while they change a little.
    ///
    /// The previous range is kept as long as it holds the values and is not more than about twice as large as they
    /// need; otherwise the new one ends at nice numbers and leaves room to grow.
    ///
    /// - Parameters:
    ///   - values: the least and the greatest value to show.
    ///   - previous: what this function returned last time, nil at first.
    ///   - scale: how values become lengths.
    package static func steadyRange(
        containing values: ClosedRange<Double>, previous: ClosedRange<Double>?, scale: Scale = .linear
    ) -> ClosedRange<Double> {
        let values = finite(values, scale: scale)
        func length(_ range: ClosedRange<Double>) -> Double {
            scale == .linear
                ? range.upperBound - range.lowerBound : Logarithm.ten(range.upperBound / range.lowerBound)
        }
        let fresh = niceRange(around: values, scale: scale)
        if let previous, scale == .linear || previous.lowerBound > 0,
            previous.lowerBound <= values.lowerBound, previous.upperBound >= values.upperBound,
            length(previous) <= 2 * length(fresh)
        {
            return previous
        }
        return fresh
    }

    /// The range that ends at multiples of a nice step, about a sixth of it, on either side of the values.
    private static func niceRange(around values: ClosedRange<Double>, scale: Scale) -> ClosedRange<Double> {
        switch scale {
        case .linear:
            var (low, high) = (values.lowerBound, values.upperBound)
            if low == high {
                let margin = low == 0 ? 1 : low.magnitude / 2
                (low, high) = (low - margin, high + margin)
            }
            // A range that begins near zero begins at zero: lengths then compare as the values do.
            if low > 0, low < high * 0.2 { low = 0 }
            let step = DecimalStep(atLeast: (high - low) / 6)
            return step.floor(low)...step.ceiling(high)
        case .logarithmic:
            // Ends at 1, 2 or 5 times a power of ten.
            let low = DecimalStep(atMost: values.lowerBound).value
            let high = DecimalStep(atLeast: values.upperBound).value
            return low < high
                ? low...high : DecimalStep(atMost: low * 0.9).value...DecimalStep(atLeast: high * 1.1).value
        }
    }

    /// The same values where they can be drawn; else the nearest that can.
    private static func finite(_ values: ClosedRange<Double>, scale: Scale) -> ClosedRange<Double> {
        let limit = 1e300
        var low = min(max(values.lowerBound, -limit), limit)
        var high = min(max(values.upperBound, -limit), limit)
        if scale == .logarithmic {
            high = max(high, 1e-300)
            low = low > 0 ? max(low, 1e-300) : min(high / 1000, high)
        }
        return min(low, high)...high
    }

    // MARK: - Ticks

    private static func step(
        over span: Double, maximumTicks: Int, least: Double, in range: ClosedRange<Double>
    ) -> DecimalStep {
        var step = DecimalStep(atLeast: max(span / Double(maximumTicks + 1), least, span * 1e-9))
        while step.count(in: range) > maximumTicks { step = step.next }
        return step
    }

    private static func multiples(of step: DecimalStep, in range: ClosedRange<Double>) -> [Double] {
        let first = (range.lowerBound / step.value - 1e-9).rounded(.up)
        return (0..<step.count(in: range)).map { step.multiple(first + Double($0)) }
    }

    private static func logarithmicTicks(in range: ClosedRange<Double>, maximum: Int) -> [Double] {
        let (low, high) = (range.lowerBound * (1 - 1e-9), range.upperBound * (1 + 1e-9))
        let first = Int(Logarithm.ten(low).rounded(.down))
        let last = Int(Logarithm.ten(high).rounded(.up))
        func ticks(_ mantissas: [Double], every stride: Int = 1) -> [Double] {
            let steps = (first...last).filter { $0.isMultiple(of: stride) }.flatMap { exponent in
                mantissas.map { DecimalStep(mantissa: $0, exponent: exponent) }
            }
            return steps.map(\.value).filter { low <= $0 && $0 <= high }
        }
        // As many ticks a power of ten as there is room for; then every power, every second, every third, ...
        for mantissas in [[1, 2, 5], [1, 3]] as [[Double]] {
            let all = ticks(mantissas)
            if all.count <= maximum { return all }
        }
        var stride = 1
        while ticks([1], every: stride).count > maximum { stride += 1 }
        return ticks([1], every: stride)
    }
}

/// 1, 2 or 5 (or 3, on logarithmic axes) times a power of ten, kept apart so that multiples are the nearest Doubles.
struct DecimalStep: Equatable {
    let mantissa: Double
    let exponent: Int

    init(mantissa: Double, exponent: Int) {
        (self.mantissa, self.exponent) = (mantissa, exponent)
    }

    /// The least step that is not smaller than a positive number.
    init(atLeast number: Double) {
        let exponent = Int(Logarithm.ten(number).rounded(.down))
        let steps = [(1.0, exponent), (2, exponent), (5, exponent), (1, exponent + 1), (2, exponent + 1)]
        let found = steps.first { DecimalStep(mantissa: $0.0, exponent: $0.1).value >= number * (1 - 1e-9) }
        (mantissa, self.exponent) = found ?? (5, exponent + 1)
    }

    /// The greatest step that is not larger than a positive number.
    init(atMost number: Double) {
        let exponent = Int(Logarithm.ten(number).rounded(.down))
        let steps = [(2.0, exponent + 1), (1, exponent + 1), (5, exponent), (2, exponent), (1, exponent)]
        let found = steps.first { DecimalStep(mantissa: $0.0, exponent: $0.1).value <= number * (1 + 1e-9) }
        (mantissa, self.exponent) = found ?? (5, exponent - 1)
    }

    var value: Double { multiple(1) }

    /// The step after this one: 1, 2, 5, 10, ...
    var next: DecimalStep {
        switch mantissa {
        case 1: DecimalStep(mantissa: 2, exponent: exponent)
        case 2: DecimalStep(mantissa: 5, exponent: exponent)
        default: DecimalStep(mantissa: 1, exponent: exponent + 1)
        }
    }

    /// So many steps. Dividing by a power of ten is exact to the last bit where multiplying by its inverse is not.
    func multiple(_ count: Double) -> Double {
        exponent >= 0
            ? count * mantissa * Logarithm.powerOfTen(exponent) : count * mantissa / Logarithm.powerOfTen(-exponent)
    }

    /// The multiple at or below a number.
    func floor(_ number: Double) -> Double { multiple((number / value + 1e-9).rounded(.down)) }
    /// The multiple at or above a number.
    func ceiling(_ number: Double) -> Double { multiple((number / value - 1e-9).rounded(.up)) }

    /// How many multiples lie in a range.
    func count(in range: ClosedRange<Double>) -> Int {
        let first = (range.lowerBound / value - 1e-9).rounded(.up)
        let last = (range.upperBound / value + 1e-9).rounded(.down)
        return Int(min(max(0, last - first + 1), 1e6))
    }
}
