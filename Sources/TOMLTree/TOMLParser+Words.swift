import Wording

extension TOMLParser {
    /// A value without quotes or brackets: a number, a date or time, `true` or `false`.
    mutating func plainValue() throws(TOMLFault) -> TOMLNode.Value {
        let start = scanner.position
        var word = word()
        guard !word.isEmpty else { throw scanner.unexpected("a value") }
        // A blank may stand between a date and a time.
        if TOMLDateTime(word)?.kind == .localDate, scanner.isAtBlankAndDigit {
            scanner.advance()
            word += [.space] + self.word()
        }
        switch String(decoding: word, as: UTF8.self) {
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        default: break
        }
        if let dateTime = TOMLDateTime(word) { return .dateTime(dateTime) }
        if let number = TOMLNumber(word) {
            switch number {
            case .integer(let value): return .integer(value)
            case .double(let value): return .double(value)
            case .tooLarge:
                throw TOMLFault(start, "\(Self.shown(word)) does not fit in 64 bits; expected a smaller whole number")
            }
        }
        throw TOMLFault(start, Self.objection(to: word))
    }

    /// The bytes up to a blank, a line end or what can follow a value.
    private mutating func word() -> ArraySlice<UInt8> {
        scanner.take { byte in
            switch byte {
            case .space, .tab, .lineFeed, UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: "#"):
                false
            default: true
            }
        }
    }

    private static func shown(_ word: ArraySlice<UInt8>) -> String {
        "'\(visible(String(decoding: word, as: UTF8.self), limit: 40))'"
    }

    private static func objection(to word: ArraySlice<UInt8>) -> String {
        if let first = word.first, first.isDigit || first == UInt8(ascii: "+") || first == UInt8(ascii: "-") {
            return "\(shown(word)) is no number, date or time"
        }
        if let meant = closest(String(decoding: word, as: UTF8.self), among: ["true", "false"]) {
            return "\(shown(word)) is no value; did you mean '\(meant)'?"
        }
        return "\(shown(word)) is no value; expected a number, true or false, or a text in quotes"
    }
}
