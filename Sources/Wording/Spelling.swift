/// Which characters text for people may be made of.
///
/// Text that passes one of the two functions holds nothing that moves a cursor, changes a terminal, hides itself or turns
/// the direction of what follows; where only ASCII can be shown, no byte above 127 either: terminals that do not read
/// UTF-8 take bytes from 128 to 159 for controls, and the UTF-8 of many a harmless character has such bytes.
package enum Spelling: Sendable {
    /// All that shows itself.
    case unicode
    /// Letters, digits and signs of ASCII: others are written as `\u{E9}`, controls as `^[`.
    case ascii

    /// `text` in one line: line ends are replaced too.
    package func line(_ text: String) -> String { spelled(text, keepsLineEnds: false) }

    /// `text` with its line ends.
    package func lines(_ text: String) -> String { spelled(text, keepsLineEnds: true) }

    private func spelled(_ text: String, keepsLineEnds: Bool) -> String {
        // Most text is as it may be, and long text is only looked at.
        if self == .unicode, text.unicodeScalars.allSatisfy({ $0.isVisible || $0 == "\n" && keepsLineEnds }) {
            return text
        }
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            if scalar == "\n", keepsLineEnds {
                result.unicodeScalars.append(scalar)
            } else if self == .unicode {
                result.unicodeScalars.append(scalar.standIn)
            } else {
                result += scalar.inASCII
            }
        }
        return result
    }
}

extension Unicode.Scalar {
    fileprivate var inASCII: String {
        switch value {
        case 0x20..<0x7F: return String(self)
        case 0..<0x20: return "^\(Unicode.Scalar(UInt8(value + 0x40)))"
        case 0x7F: return "^?"
        // The pictures of controls, which stand in for them already.
        case 0x2400..<0x2420: return "^\(Unicode.Scalar(UInt8(value - 0x2400 + 0x40)))"
        case 0x2421: return "^?"
        default: return Self.plainSpellings[self] ?? "\\u{\(String(value, radix: 16, uppercase: true))}"
        }
    }

    /// What this program says itself beyond ASCII.
    private static let plainSpellings: [Unicode.Scalar: String] = [
        "—": "-", "–": "-", "−": "-", "…": "...", "·": ".", "×": "x", "→": "->", "±": "+-", "≥": ">=", "≤": "<=",
        "’": "'", "‘": "'", "“": "\"", "”": "\"", "²": "^2", "█": "#",
    ]
}
