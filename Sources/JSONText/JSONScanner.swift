/// Reads JSON byte by byte, as strictly as RFC 8259 has it, and keeps nothing but what it is asked for: a header of a
/// hundred megabytes takes no more memory than itself.
package struct JSONScanner {
    private let bytes: ArraySlice<UInt8>
    private var position: Int

    /// Lists and objects inside of each other, as many as serde_json allows, by which the reference reads.
    private static let deepest = 127

    /// What is no JSON, or not the JSON that was expected.
    package struct Fault: Error {
        /// A fault; where it is, nobody asks.
        package init() {}
    }

    /// Reads these bytes.
    package init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    /// Throws where anything but white space is left.
    package mutating func finish() throws(Fault) {
        skipSpace()
        guard position == bytes.endIndex else { throw Fault() }
    }

    /// The byte that a value begins with.
    package mutating func peek() throws(Fault) -> UInt8 {
        skipSpace()
        guard position < bytes.endIndex else { throw Fault() }
        return bytes[position]
    }

    /// Reads an object: `member` reads each key's value.
    package mutating func object<Failure: Error>(
        fault: (Fault) -> Failure, _ member: (_ key: String, inout JSONScanner) throws(Failure) -> Void
    ) throws(Failure) {
        do throws(Fault) { try expect("{") } catch { throw fault(error) }
        var isFirst = true
        while true {
            let key: String
            do throws(Fault) {
                if try takes("}") { return }
                if !isFirst { try expect(",") }
                isFirst = false
                guard try peek() == UInt8(ascii: "\"") else { throw Fault() }
                key = try string()
                try expect(":")
            } catch {
                throw fault(error)
            }
            try member(key, &self)
        }
    }

    /// Begins an object, to be read by ``nextKey(isFirst:)``.
    package mutating func beginObject() throws(Fault) { try expect("{") }

    /// The key of an object's next member, whose value is next; nil where the object ends.
    package mutating func nextKey(isFirst: Bool) throws(Fault) -> String? {
        if try takes("}") { return nil }
        if !isFirst { try expect(",") }
        let key = try string()
        try expect(":")
        return key
    }

    /// Begins a list, to be read by ``hasNext(isFirst:)``.
    package mutating func beginList() throws(Fault) { try expect("[") }

    /// Whether another element is next; false where the list ends.
    package mutating func hasNext(isFirst: Bool) throws(Fault) -> Bool {
        if try takes("]") { return false }
        if !isFirst { try expect(",") }
        return true
    }

    /// Reads a list: `element` reads each value.
    package mutating func list(_ element: (inout JSONScanner) throws(Fault) -> Void) throws(Fault) {
        try expect("[")
        if try takes("]") { return }
        while true {
            try element(&self)
            if try takes("]") { return }
            try expect(",")
        }
    }

    /// A text.
    package mutating func string() throws(Fault) -> String {
        try expect("\"")
        // Most texts stand there as they are.
        let start = position
        while position < bytes.endIndex, bytes[position] >= 0x20, bytes[position] != UInt8(ascii: "\""),
            bytes[position] != UInt8(ascii: "\\")
        {
            position += 1
        }
        var text = bytes[start..<position]
        while true {
            let byte = try next()
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else { throw Fault() }
                return string
            case 0..<0x20: throw Fault()
            case UInt8(ascii: "\\"): text += Array(String(try escaped()).utf8)
            default: text.append(byte)
            }
        }
    }

    /// A whole number of 0 or more, written as one: `1.0` and `-0` are none.
    package mutating func count() throws(Fault) -> Int {
        skipSpace()
        let start = position
        try skipNumber()
        guard let count = Int(String(decoding: bytes[start..<position], as: UTF8.self)),
            bytes[start] != UInt8(ascii: "-")
        else { throw Fault() }
        return count
    }

    /// A finite number.
    package mutating func number() throws(Fault) -> Double {
        let start = try startOfNumber()
        guard let value = Double(String(decoding: bytes[start..<position], as: UTF8.self)), value.isFinite else {
            throw Fault()
        }
        return value
    }

    /// A finite number that a float can be, rounded once.
    package mutating func float() throws(Fault) -> Float {
        let start = try startOfNumber()
        guard let value = Float(String(decoding: bytes[start..<position], as: UTF8.self)), value.isFinite else {
            throw Fault()
        }
        return value
    }

    private mutating func startOfNumber() throws(Fault) -> Int {
        skipSpace()
        let start = position
        try skipNumber()
        return start
    }

    /// `true` or `false`.
    package mutating func boolean() throws(Fault) -> Bool {
        let isTrue = try peek() == UInt8(ascii: "t")
        try word(isTrue ? "true" : "false")
        return isTrue
    }

    /// Passes over a value of any kind.
    package mutating func skip(depth: Int = 1) throws(Fault) {
        guard depth <= Self.deepest else { throw Fault() }
        switch try peek() {
        case UInt8(ascii: "{"):
            try object(fault: { $0 }) { (_, scanner) throws(Fault) in try scanner.skip(depth: depth + 1) }
        case UInt8(ascii: "["): try list { (scanner) throws(Fault) in try scanner.skip(depth: depth + 1) }
        case UInt8(ascii: "\""): _ = try string()
        case UInt8(ascii: "t"): try word("true")
        case UInt8(ascii: "f"): try word("false")
        case UInt8(ascii: "n"): try word("null")
        default:
            let start = position
            try skipNumber()
            // The reference's reader refuses what is beyond its numbers even where nobody wants it.
            guard Double(String(decoding: bytes[start..<position], as: UTF8.self))?.isFinite == true else {
                throw Fault()
            }
        }
    }

    /// Passes over a word.
    package mutating func word(_ word: String) throws(Fault) {
        skipSpace()
        for byte in word.utf8 { guard try next() == byte else { throw Fault() } }
    }

    // MARK: Bytes

    private mutating func next() throws(Fault) -> UInt8 {
        guard position < bytes.endIndex else { throw Fault() }
        defer { position += 1 }
        return bytes[position]
    }

    private mutating func skipSpace() {
        while position < bytes.endIndex {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    private mutating func takes(_ sign: Unicode.Scalar) throws(Fault) -> Bool {
        guard try peek() == UInt8(ascii: sign) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ sign: Unicode.Scalar) throws(Fault) {
        guard try takes(sign) else { throw Fault() }
    }

    private mutating func skipDigits() throws(Fault) {
        let start = position
        while position < bytes.endIndex, (0x30...0x39).contains(bytes[position]) { position += 1 }
        guard position > start else { throw Fault() }
    }

    private mutating func skipNumber() throws(Fault) {
        func isAt(_ signs: Unicode.Scalar...) -> Bool {
            position < bytes.endIndex && signs.contains(Unicode.Scalar(bytes[position]))
        }
        if isAt("-") { position += 1 }
        if isAt("0") { position += 1 } else { try skipDigits() }
        if isAt(".") {
            position += 1
            try skipDigits()
        }
        if isAt("e", "E") {
            position += 1
            if isAt("+", "-") { position += 1 }
            try skipDigits()
        }
    }

    private mutating func escaped() throws(Fault) -> Unicode.Scalar {
        switch try next() {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let first = try unit()
            if let scalar = Unicode.Scalar(first) { return scalar }
            // Half of a character beyond U+FFFF: the other half must follow.
            guard UTF16.isLeadSurrogate(first), try next() == UInt8(ascii: "\\"), try next() == UInt8(ascii: "u") else {
                throw Fault()
            }
            let second = try unit()
            guard UTF16.isTrailSurrogate(second) else { throw Fault() }
            return UTF16.decode(UTF16.EncodedScalar([first, second]))
        default: throw Fault()
        }
    }

    private mutating func unit() throws(Fault) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(try next())).hexDigitValue else { throw Fault() }
            value = value << 4 | UInt16(digit)
        }
        return value
    }
}
