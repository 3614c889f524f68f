import Foundation

/// A day, a time of the day, or both, as written: no time zone is converted into another.
struct CalendarTime: Equatable {
    /// Days since 1970-01-01; nil where there is only a time.
    let day: Int?
    /// Seconds since midnight; nil where there is only a day.
    let seconds: Int?

    /// A time of the day.
    init?(hour: Int, minute: Int, second: Int) {
        guard (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second) else { return nil }
        day = nil
        seconds = hour * 3600 + minute * 60 + second
    }

    /// A day of the calendar, perhaps with a time.
    init?(year: Int, month: Int, day: Int, time: CalendarTime?) {
        guard (1...9999).contains(year), (1...12).contains(month),
            day >= 1, day <= Self.days(in: month, of: year)
        else { return nil }
        self.day = Self.days(before: year) + Self.dayOfYear(year, month, day) - Self.days(before: 1970)
        seconds = time?.seconds
    }

    /// The year and the fraction of it that has passed; nil where there is only a time.
    var decimalYear: Float? {
        guard let day else { return nil }
        let (year, dayOfYear) = Self.year(of: day)
        let passed = Double(dayOfYear) + Double(seconds ?? 0) / 86_400
        return Float(Double(year) + passed / Double(Self.isLeap(year) ? 366 : 365))
    }

    /// The fraction of the year that has passed; nil where there is only a time.
    var wayThroughYear: Double? {
        guard let day else { return nil }
        let (year, dayOfYear) = Self.year(of: day)
        return Double(dayOfYear) / Double(Self.isLeap(year) ? 366 : 365)
    }

    /// Days since Monday, as a fraction of the week; nil where there is only a time.
    var wayThroughWeek: Double? {
        // 1970-01-01 was a Thursday.
        day.map { Double((($0 + 3) % 7 + 7) % 7) / 7 }
    }

    /// The fraction of the day that has passed; nil where there is no time.
    var wayThroughDay: Double? { seconds.map { Double($0) / 86_400 } }

    static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    private static func days(in month: Int, of year: Int) -> Int {
        month == 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    /// Days from 0001-01-01 to the first day of a year.
    private static func days(before year: Int) -> Int {
        let past = year - 1
        return past * 365 + past / 4 - past / 100 + past / 400
    }

    /// From 0.
    private static func dayOfYear(_ year: Int, _ month: Int, _ day: Int) -> Int {
        (1..<month).reduce(day - 1) { $0 + days(in: $1, of: year) }
    }

    private static func year(of day: Int) -> (year: Int, dayOfYear: Int) {
        let days = day + days(before: 1970)
        var year = max(1, days / 366 + 1)
        while Self.days(before: year + 1) <= days { year += 1 }
        return (year, days - Self.days(before: year))
    }
}

extension Double {
    /// The sine and the cosine of a way around, from 0 to 1.
    var onCircle: (Float, Float) { (Float(sin(2 * .pi * self)), Float(cos(2 * .pi * self))) }
}
