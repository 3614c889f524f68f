import Wording

/// Goes through a document byte by byte, and knows the line and column it is at.
struct TOMLScanner {
    private let bytes: [UInt8]
    private var index = 0
    /// Where ``current`` stands.
    private(set) var position = TOMLPosition(line: 1, column: 1)

    init(_ text: TOMLText) { bytes = text.bytes }

    /// The next byte, nil at the end.
    var current: UInt8? { index < bytes.count ? bytes[index] : nil }

    /// Whether a blank and a digit come next, as they do in `1979-05-27 07:32:00`.
    var isAtBlankAndDigit: Bool {
        index + 1 < bytes.count && bytes[index] == .space && bytes[index + 1].isDigit
    }

    /// Goes on by one byte; at the end it stays.
    mutating func advance() {
        guard let byte = current else { return }
        index += 1
        if byte == .lineFeed {
            position = TOMLPosition(line: position.line + 1, column: 1)
        } else if byte & 0xC0 != 0x80 {
            // The bytes 10xxxxxx go on with a character that is counted already.
            position.column += 1
        }
    }

    /// Goes over that byte where it comes next. Returns whether it did.
    mutating func take(_ byte: UInt8) -> Bool {
        guard current == byte else { return false }
        advance()
        return true
    }

    /// Goes over that byte so many times in a row where they come next. Returns whether it did.
    mutating func take(_ byte: UInt8, times: Int) -> Bool {
        guard bytes.count - index >= times, bytes[index..<index + times].allSatisfy({ $0 == byte }) else {
            return false
        }
        for _ in 0..<times { advance() }
        return true
    }

    /// Goes over the bytes up to the first that is not wanted, and returns them.
    mutating func take(while isWanted: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        let start = index
        while let byte = current, isWanted(byte) { advance() }
        return bytes[start..<index]
    }

    /// Goes over spaces and tabs.
    mutating func skipBlanks() {
        while current == .space || current == .tab { advance() }
    }

    /// Goes over spaces and tabs and, behind them, a comment.
    mutating func skipToLineEnd() {
        skipBlanks()
        guard current == UInt8(ascii: "#") else { return }
        while let byte = current, byte != .lineFeed { advance() }
    }

    /// Goes over spaces, tabs, comments and line ends.
    mutating func skipLines() {
        repeat { skipToLineEnd() } while take(.lineFeed)
    }

    /// The fault that something else stands here: `found 'x'; expected a value`.
    func unexpected(_ expected: String) -> TOMLFault {
        TOMLFault(position, "\(found); expected \(expected)")
    }

    private var found: String {
        guard let byte = current else { return "the file ends here" }
        guard byte != .lineFeed else { return "the line ends here" }
        // A character has four bytes at most.
        let text = String(decoding: bytes[index...].prefix(4), as: UTF8.self)
        guard let scalar = text.unicodeScalars.first else { return "the file ends here" }
        if String(scalar) == visible(String(scalar)) { return "found '\(scalar)'" }
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "found the character U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
