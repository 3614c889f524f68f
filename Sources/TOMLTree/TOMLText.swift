/// The bytes of a document that a parser need not look out for any more: UTF-8, no control character but tabs and line
/// ends, each line end a single line feed, no byte order mark.
///
/// TOML allows a control character nowhere, so one pass before all others finds them all.
struct TOMLText {
    let bytes: [UInt8]

    /// Checks bytes as they stand in a file.
    init(_ raw: [UInt8]) throws(TOMLFault) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(raw.count)
        var position = TOMLPosition(line: 1, column: 1)
        var index = raw.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        while index < raw.count {
            let byte = raw[index]
            switch byte {
            case .lineFeed:
                position = TOMLPosition(line: position.line + 1, column: 1)
            case .carriageReturn:
                guard index + 1 < raw.count, raw[index + 1] == .lineFeed else {
                    throw TOMLFault(position, "a carriage return alone; expected one with a line feed, or none")
                }
                index += 1
                continue
            case 0:
                throw TOMLFault(position, "a zero byte; expected text")
            case 0x01...0x08, 0x0B...0x1F, 0x7F:
                let digits = String(byte, radix: 16, uppercase: true)
                let number = String(repeating: "0", count: 4 - digits.count) + digits
                throw TOMLFault(
                    position, "the control character U+\(number); expected text, or \\u\(number) in double quotes")
            case 0x80...:
                let count = Self.lengthOfSequence(in: raw, at: index)
                guard count > 0 else { throw TOMLFault(position, "not UTF-8; expected a text in UTF-8") }
                bytes.append(contentsOf: raw[index..<index + count])
                index += count
                position.column += 1
                continue
            default:
                position.column += 1
            }
            bytes.append(byte)
            index += 1
        }
        self.bytes = bytes
    }

    /// How many bytes the character beyond ASCII has that begins there; 0 where none does. After table 3-7 of the Unicode
    /// standard, which names the second byte's range for each first byte.
    private static func lengthOfSequence(in bytes: [UInt8], at index: Int) -> Int {
        let count: Int
        let second: ClosedRange<UInt8>
        switch bytes[index] {
        case 0xC2...0xDF: (count, second) = (2, 0x80...0xBF)
        case 0xE0: (count, second) = (3, 0xA0...0xBF)
        case 0xED: (count, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (count, second) = (3, 0x80...0xBF)
        case 0xF0: (count, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (count, second) = (4, 0x80...0xBF)
        case 0xF4: (count, second) = (4, 0x80...0x8F)
        default: return 0
        }
        guard bytes.count - index >= count, second.contains(bytes[index + 1]) else { return 0 }
        return bytes[(index + 2)..<(index + count)].allSatisfy { 0x80...0xBF ~= $0 } ? count : 0
    }
}

extension UInt8 {
    static let tab = UInt8(ascii: "\t")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")
    static let quote = UInt8(ascii: "\"")
    static let apostrophe = UInt8(ascii: "'")
    static let backslash = UInt8(ascii: "\\")

    /// Whether it is one of 0 to 9.
    var isDigit: Bool { 0x30...0x39 ~= self }
}
