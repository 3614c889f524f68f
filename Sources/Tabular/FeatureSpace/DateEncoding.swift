/// How a day, a time or both become features.
public struct DateEncoding: Sendable, Equatable {
    /// What of a date becomes features.
    public enum Part: String, Sendable, CaseIterable {
        /// The year with the fraction of it that has passed: one number.
        case year
        /// The sine and the cosine of the way through the year.
        case dayOfYear = "day_of_year"
        /// The sine and the cosine of the way through the week, whole days from Monday on.
        case weekday
        /// The sine and the cosine of the way through the day.
        case hour

        /// Features.
        var width: Int { self == .year ? 1 : 2 }
    }

    /// How dates are written.
    public var format: DateFormat
    /// The parts that vary among the training rows, in this order.
    public var parts: [Part]
    /// The year that takes the place of a gap. The sines and cosines of a gap are 0.
    public var fillYear: Float
    /// What is done to the year.
    public var yearScaling: FittedScaling
    /// Whether one more feature is 1 where there is a gap, and 0 elsewhere.
    public var hasGapIndicator: Bool

    /// Features.
    var width: Int { parts.reduce(0) { $0 + $1.width } + (hasGapIndicator ? 1 : 0) }

    /// Writes the features of a date; nil is a gap.
    func encode(_ date: CalendarTime?, into features: UnsafeMutablePointer<Float>) {
        var place = 0
        for part in parts {
            switch part {
            case .year: features[place] = yearScaling.apply(date?.decimalYear ?? fillYear)
            case .dayOfYear: (features[place], features[place + 1]) = date?.wayThroughYear?.onCircle ?? (0, 0)
            case .weekday: (features[place], features[place + 1]) = date?.wayThroughWeek?.onCircle ?? (0, 0)
            case .hour: (features[place], features[place + 1]) = date?.wayThroughDay?.onCircle ?? (0, 0)
            }
            place += part.width
        }
        if hasGapIndicator { features[place] = date == nil ? 1 : 0 }
    }
}
