extension TOMLParser {
    /// A string of any of the four kinds, at its first quote.
    mutating func string(in quote: UInt8) throws(TOMLFault) -> String {
        let start = scanner.position
        guard scanner.take(quote, times: 3) else { return try shortString(in: quote) }
        // A line end right behind the quotes is not part of it.
        _ = scanner.take(.lineFeed)
        var bytes: [UInt8] = []
        while true {
            bytes += scanner.take { $0 != quote && $0 != .backslash }
            guard let byte = scanner.current else {
                throw scanner.unexpected("three quotes at the end of the string that begins in line \(start.line)")
            }
            if byte == quote {
                let quotes = scanner.take { $0 == quote }
                guard quotes.count >= 3 else {
                    bytes += quotes
                    continue
                }
                // One or two that belong to the string may stand before the three that end it.
                guard quotes.count <= 5 else {
                    throw TOMLFault(
                        start, "a string in which three quotes follow each other; expected a backslash before one")
                }
                bytes += quotes.dropLast(3)
                return String(decoding: bytes, as: UTF8.self)
            }
            if quote == .apostrophe {
                scanner.advance()
                bytes.append(.backslash)
            } else {
                try appendEscape(to: &bytes, mayEndLine: true)
            }
        }
    }

    /// A string between single quotes of either kind, at the first of them.
    mutating func shortString(in quote: UInt8) throws(TOMLFault) -> String {
        scanner.advance()
        var bytes: [UInt8] = []
        while true {
            bytes += scanner.take { $0 != quote && $0 != .lineFeed && ($0 != .backslash || quote == .apostrophe) }
            if scanner.take(quote) { return String(decoding: bytes, as: UTF8.self) }
            guard scanner.current == .backslash else {
                throw scanner.unexpected("\(quote == .quote ? "'\"'" : "\"'\"") at the string's end")
            }
            try appendEscape(to: &bytes, mayEndLine: false)
        }
    }

    /// What a backslash and its letter stand for. One at a line's end, where it may stand, stands for nothing, and so do
    /// all blanks and line ends behind it.
    private mutating func appendEscape(to bytes: inout [UInt8], mayEndLine: Bool) throws(TOMLFault) {
        let start = scanner.position
        scanner.advance()
        guard let letter = scanner.current else { throw scanner.unexpected("a letter behind the backslash") }
        switch letter {
        case UInt8(ascii: "b"): bytes.append(0x08)
        case UInt8(ascii: "t"): bytes.append(.tab)
        case UInt8(ascii: "n"): bytes.append(.lineFeed)
        case UInt8(ascii: "f"): bytes.append(0x0C)
        case UInt8(ascii: "r"): bytes.append(.carriageReturn)
        case UInt8(ascii: "e"): bytes.append(0x1B)
        case .quote, .backslash: bytes.append(letter)
        case UInt8(ascii: "x"): return try appendScalar(digits: 2, to: &bytes, start)
        case UInt8(ascii: "u"): return try appendScalar(digits: 4, to: &bytes, start)
        case UInt8(ascii: "U"): return try appendScalar(digits: 8, to: &bytes, start)
        case .space, .tab, .lineFeed:
            guard mayEndLine else { throw scanner.unexpected("a letter behind the backslash") }
            scanner.skipBlanks()
            guard scanner.current == .lineFeed else { throw scanner.unexpected("the line's end behind the backslash") }
            _ = scanner.take { $0 == .space || $0 == .tab || $0 == .lineFeed }
            return
        default:
            throw scanner.unexpected(
                "one of b t n f r e \" \\ x u U behind the backslash; in single quotes a backslash stands for itself")
        }
        scanner.advance()
    }

    /// The character of a number in hexadecimal digits.
    private mutating func appendScalar(
        digits count: Int, to bytes: inout [UInt8], _ start: TOMLPosition
    ) throws(TOMLFault) {
        scanner.advance()
        var number: UInt32 = 0
        for _ in 0..<count {
            guard let digit = scanner.current.flatMap(Self.hexadecimalDigit) else {
                throw scanner.unexpected("\(count) hexadecimal digits")
            }
            // Eight digits at most, so nothing is shifted out.
            number = number << 4 | digit
            scanner.advance()
        }
        guard let scalar = Unicode.Scalar(number) else {
            throw TOMLFault(
                start,
                "U+\(String(number, radix: 16, uppercase: true)) is no character; "
                    + "expected one up to U+10FFFF and no surrogate")
        }
        bytes += Array(String(scalar).utf8)
    }

    private static func hexadecimalDigit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A")) + 10
        default: nil
        }
    }
}
