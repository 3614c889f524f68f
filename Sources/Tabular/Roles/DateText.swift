/// How a column's dates are written.
public enum DateFormat: String, Sendable, CaseIterable {
    /// 2024-01-31, 2024/1/31, 20240131
    case yearFirst = "year_first"
    /// 1/31/2024
    case monthFirst = "month_first"
    /// 31.01.2024, 31/1/24
    case dayFirst = "day_first"
    /// Jan 31, 2024, 31-Jan-2024
    case named
    /// 13:45
    case time

    /// An example.
    var example: String {
        switch self {
        case .yearFirst: "2024-01-31"
        case .monthFirst: "01/31/2024"
        case .dayFirst: "31/01/2024"
        case .named: "Jan 31 2024"
        case .time: "13:45"
        }
    }
}

/// Dates as people write them. After the day there may be a time: `13:45`, `13:45:00`, `1:45 PM`, `T13:45:00.5Z`, with an
/// offset from UTC that is passed over: what counts is what the clock on the wall said. Years of two digits are 1969 to
/// 2068, as in POSIX.
struct DateText {
    private var bytes: ArraySlice<UInt8>

    /// The date that a trimmed text says in that format, nil where it says none.
    static func read(_ text: String, _ format: DateFormat) -> CalendarTime? {
        guard text.utf8.count <= 40 else { return nil }
        var reader = DateText(bytes: Array(text.utf8)[...])
        return reader.date(format)
    }

    private mutating func date(_ format: DateFormat) -> CalendarTime? {
        let day: (year: Int, month: Int, day: Int)?
        switch format {
        case .time:
            guard let time = time(), bytes.isEmpty else { return nil }
            return time
        case .yearFirst: day = yearFirst()
        case .monthFirst: day = numeric().map { ($0.2, $0.0, $0.1) }
        case .dayFirst: day = numeric().map { ($0.2, $0.1, $0.0) }
        case .named: day = named()
        }
        guard let day else { return nil }
        var time: CalendarTime?
        if !bytes.isEmpty {
            let isCompact = bytes.first == UInt8(ascii: "T") && !bytes.contains(UInt8(ascii: ":"))
            if takes(",") { _ = takes(" ") } else if !takes("T"), !takes(" ") { return nil }
            time = isCompact ? compactTime() : self.time()
            guard time != nil, bytes.isEmpty else { return nil }
        }
        return CalendarTime(year: day.year, month: day.month, day: day.day, time: time)
    }

    private mutating func yearFirst() -> (Int, Int, Int)? {
        guard let year = number(4...4) else { return nil }
        guard let mark = separator() else {
            guard let month = number(2...2), let day = number(2...2) else { return nil }
            return (year, month, day)
        }
        guard let month = number(1...2), separator() == mark, let day = number(1...2) else { return nil }
        return (year, month, day)
    }

    /// Two numbers and a year.
    private mutating func numeric() -> (Int, Int, Int)? {
        guard let first = number(1...2), let mark = separator(), let second = number(1...2), separator() == mark,
            let year = year()
        else { return nil }
        return (first, second, year)
    }

    private mutating func named() -> (Int, Int, Int)? {
        if let month = monthName() {
            skipMarks()
            guard let day = number(1...2) else { return nil }
            skipMarks()
            return year().map { ($0, month, day) }
        }
        guard let day = number(1...2) else { return nil }
        skipMarks()
        guard let month = monthName() else { return nil }
        skipMarks()
        return year().map { ($0, month, day) }
    }

    private mutating func year() -> Int? {
        let digits = bytes.prefix { (0x30...0x39).contains($0) }.count
        guard digits == 2 || digits == 4, let year = number(digits...digits) else { return nil }
        return digits == 4 ? year : year < 69 ? 2000 + year : 1900 + year
    }

    private mutating func time() -> CalendarTime? {
        guard var hour = number(1...2), takes(":"), let minute = number(2...2) else { return nil }
        var second = 0
        if takes(":") {
            guard let seconds = number(2...2) else { return nil }
            second = seconds
            if takes(".") || takes(",") { guard number(1...9) != nil else { return nil } }
        }
        if !bytes.isEmpty {
            let rest = String(decoding: bytes, as: UTF8.self).uppercased().drop { $0 == " " }
            switch rest {
            case "AM", "PM", "A.M.", "P.M.":
                guard (1...12).contains(hour) else { return nil }
                hour = hour % 12 + (rest.hasPrefix("P") ? 12 : 0)
            case "Z", "UTC", "GMT": break
            default: guard rest.wholeMatch(of: /[+-][0-9]{2}(:?[0-9]{2})?/) != nil else { return nil }
            }
            bytes = []
        }
        return CalendarTime(hour: hour, minute: minute, second: second)
    }

    /// 134500, or 1345.
    private mutating func compactTime() -> CalendarTime? {
        guard let hour = number(2...2), let minute = number(2...2) else { return nil }
        let second = bytes.isEmpty ? 0 : number(2...2)
        if !bytes.isEmpty { guard takes("Z") else { return nil } }
        return second.flatMap { CalendarTime(hour: hour, minute: minute, second: $0) }
    }

    private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    private static let longMonths = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ]

    private mutating func monthName() -> Int? {
        let letters = bytes.prefix { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A }
        let word = String(decoding: letters, as: UTF8.self).lowercased()
        guard
            let index = Self.longMonths.firstIndex(of: word) ?? Self.months.firstIndex(of: word)
                ?? (word == "sept" ? 8 : nil)
        else { return nil }
        bytes = bytes.dropFirst(letters.count)
        return index + 1
    }

    // MARK: Bytes

    private mutating func number(_ digits: ClosedRange<Int>) -> Int? {
        let found = bytes.prefix(digits.upperBound).prefix { (0x30...0x39).contains($0) }
        guard found.count >= digits.lowerBound else { return nil }
        bytes = bytes.dropFirst(found.count)
        return found.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    private mutating func separator() -> UInt8? {
        guard let byte = bytes.first, [0x2D, 0x2F, 0x2E].contains(byte) else { return nil }
        bytes.removeFirst()
        return byte
    }

    private mutating func skipMarks() {
        while let byte = bytes.first, [0x20, 0x2D, 0x2F, 0x2E, 0x2C].contains(byte) { bytes.removeFirst() }
    }

    private mutating func takes(_ sign: Unicode.Scalar) -> Bool {
        guard bytes.first == UInt8(ascii: sign) else { return false }
        bytes.removeFirst()
        return true
    }
}
