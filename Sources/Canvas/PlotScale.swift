/// From values to places: 0 is the lower end of a range, 1 the upper end, and what lies outside goes on from there.
struct PlotScale {
    private let low: Double
    private let high: Double
    private let isLogarithmic: Bool

    init(_ range: ClosedRange<Double>, scale: NiceAxis.Scale = .linear) {
        isLogarithmic = scale == .logarithmic
        if isLogarithmic {
            high = Logarithm.ten(max(range.upperBound, 1e-300))
            low = Logarithm.ten(max(range.lowerBound, min(range.upperBound / 1e6, 1), 1e-300))
        } else {
            (low, high) = (range.lowerBound, range.upperBound)
        }
    }

    /// The place of a value, NaN for one that is not a number. Infinities, and on a logarithmic axis everything that
    /// is not positive, lie far outside.
    func place(_ value: Double) -> Double {
        guard !value.isNaN else { return .nan }
        let value = isLogarithmic ? (value > 0 ? Logarithm.ten(value) : -.infinity) : value
        let span = high / 2 - low / 2
        // Where the range has no length, all that is in it goes to the middle.
        guard span > 0, span.isFinite else { return value < low ? -1e6 : value > high ? 1e6 : 0.5 }
        return min(max((value / 2 - low / 2) / span, -1e6), 1e6)
    }

    /// Which of `count` equal parts of the range holds a place; outside of the range -1 or `count` and beyond.
    static func part(of place: Double, count: Int) -> Int {
        let position = place * Double(count)
        // The upper end belongs to the last part.
        if place == 1 { return count - 1 }
        return Int(min(max(position.rounded(.down), -1e9), 1e9))
    }
}
