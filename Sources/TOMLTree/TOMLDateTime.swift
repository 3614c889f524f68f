/// A date, a time of day or both, with or without its distance from Greenwich; one that there is in the calendar.
package struct TOMLDateTime: Sendable, Equatable {
    /// Which of the four kinds of TOML.
    package enum Kind: Sendable {
        /// `1979-05-27T07:32:00Z`.
        case offsetDateTime
        /// `1979-05-27T07:32:00`.
        case localDateTime
        /// `1979-05-27`.
        case localDate
        /// `07:32:00`.
        case localTime
    }

    /// The kind.
    package let kind: Kind
    /// As it is written.
    package let text: String

    /// The date or time that a word is, nil if it is none. After RFC 3339, without seconds too; the second 60, a leap
    /// second, is there on any day.
    init?(_ word: ArraySlice<UInt8>) {
        var reader = Digits(rest: word)
        if word.dropFirst(2).first == UInt8(ascii: ":") {
            guard reader.takeTime(), reader.rest.isEmpty else { return nil }
            kind = .localTime
        } else {
            guard reader.takeDate() else { return nil }
            if reader.rest.isEmpty {
                kind = .localDate
            } else {
                guard reader.take("T") || reader.take("t") || reader.take(" "), reader.takeTime() else { return nil }
                if reader.rest.isEmpty {
                    kind = .localDateTime
                } else {
                    guard reader.takeOffset(), reader.rest.isEmpty else { return nil }
                    kind = .offsetDateTime
                }
            }
        }
        text = String(decoding: word, as: UTF8.self)
    }

    /// Reads from the front of a word.
    private struct Digits {
        var rest: ArraySlice<UInt8>

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard let byte = rest.first, byte == UInt8(ascii: character) else { return false }
            rest = rest.dropFirst()
            return true
        }

        /// A number of just so many digits, four at most.
        mutating func takeNumber(_ count: Int, in range: ClosedRange<Int>) -> Int? {
            let digits = rest.prefix(count)
            guard digits.count == count, digits.allSatisfy(\.isDigit) else { return nil }
            rest = rest.dropFirst(count)
            let number = digits.reduce(0) { 10 * $0 + Int($1 - UInt8(ascii: "0")) }
            return range.contains(number) ? number : nil
        }

        mutating func takeDate() -> Bool {
            guard let year = takeNumber(4, in: 0...9999), take("-"), let month = takeNumber(2, in: 1...12), take("-"),
                let day = takeNumber(2, in: 1...31)
            else { return false }
            switch month {
            case 4, 6, 9, 11: return day <= 30
            case 2:
                let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
                return day <= (isLeap ? 29 : 28)
            default: return true
            }
        }

        mutating func takeTime() -> Bool {
            guard takeNumber(2, in: 0...23) != nil, take(":"), takeNumber(2, in: 0...59) != nil else { return false }
            guard take(":") else { return true }
            guard takeNumber(2, in: 0...60) != nil else { return false }
            guard take(".") else { return true }
            let fraction = rest.prefix(while: \.isDigit)
            rest = rest[fraction.endIndex...]
            return !fraction.isEmpty
        }

        mutating func takeOffset() -> Bool {
            if take("Z") || take("z") { return true }
            guard take("+") || take("-") else { return false }
            return takeNumber(2, in: 0...23) != nil && take(":") && takeNumber(2, in: 0...59) != nil
        }
    }
}
