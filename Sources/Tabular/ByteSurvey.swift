/// What a stretch of bytes holds, found many bytes at a time: how many line ends and quotes, and whether there are bytes
/// beyond ASCII and zero bytes.
struct ByteSurvey {
    /// Line feeds.
    private(set) var lines = 0
    /// Double quotes.
    private(set) var quotes = 0
    /// Whether there is a byte of 128 or more.
    private(set) var hasNonASCII = false
    /// Whether there is a zero byte.
    private(set) var hasZeros = false

    /// Nothing looked at.
    init() {}

    /// What this stretch and the next one hold together.
    func joined(with next: ByteSurvey) -> ByteSurvey {
        var both = self
        both.lines += next.lines
        both.quotes += next.quotes
        both.hasNonASCII = hasNonASCII || next.hasNonASCII
        both.hasZeros = hasZeros || next.hasZeros
        return both
    }

    /// Looks at `count` bytes.
    init(_ bytes: UnsafePointer<UInt8>, count: Int) {
        let raw = UnsafeRawPointer(bytes)
        var (all, zeros) = (Vector(), Vector())
        var position = 0
        while position + 16 <= count {
            // Each lane counts up to 255, then they are added up.
            var (found, foundQuotes) = (Vector(), Vector())
            for _ in 0..<min(255, (count - position) / 16) {
                let vector = raw.loadUnaligned(fromByteOffset: position, as: Vector.self)
                found = found &- Self.equal(vector, 0x0A)
                foundQuotes = foundQuotes &- Self.equal(vector, 0x22)
                zeros = zeros | Self.equal(vector, 0)
                all = all | vector
                position += 16
            }
            for lane in found.indices {
                lines += Int(found[lane])
                quotes += Int(foundQuotes[lane])
            }
        }
        hasZeros = zeros != Vector()
        hasNonASCII = all.indices.contains { all[$0] >= 0x80 }
        while position < count {
            let byte = bytes[position]
            if byte == 0x0A { lines += 1 }
            if byte == 0x22 { quotes += 1 }
            if byte >= 0x80 { hasNonASCII = true }
            if byte == 0 { hasZeros = true }
            position += 1
        }
    }

    private typealias Vector = SIMD16<UInt8>

    /// 255, which is -1, in every lane that holds the byte, 0 in every other. A mask is just that in memory; asking it
    /// lane by lane would be a hundred times slower.
    @inline(__always) private static func equal(_ vector: Vector, _ byte: UInt8) -> Vector {
        unsafeBitCast(vector .== Vector(repeating: byte), to: Vector.self)
    }

    /// The first of `count` of the bytes looked at that is no text; `origin` is their place in the table.
    func firstFault(in bytes: UnsafePointer<UInt8>, count: Int, origin: Int) -> TextFault? {
        if hasZeros, let zero = (0..<count).first(where: { bytes[$0] == 0 }) { return .zero(at: origin + zero) }
        if hasNonASCII, let bad = Self.firstInvalidUTF8(bytes, count: count) { return .notUTF8(at: origin + bad) }
        return nil
    }

    /// Where the first byte stands that is not part of UTF-8, nil where all are (Unicode, table 3-7).
    static func firstInvalidUTF8(_ bytes: UnsafePointer<UInt8>, count: Int) -> Int? {
        let raw = UnsafeRawPointer(bytes)
        var position = 0
        while position < count {
            if position + 8 <= count,
                raw.loadUnaligned(fromByteOffset: position, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
            {
                position += 8
                continue
            }
            let first = bytes[position]
            if first < 0x80 {
                position += 1
                continue
            }
            let (following, second): (Int, ClosedRange<UInt8>)
            switch first {
            case 0xC2...0xDF: (following, second) = (1, 0x80...0xBF)
            case 0xE0: (following, second) = (2, 0xA0...0xBF)
            case 0xED: (following, second) = (2, 0x80...0x9F)
            case 0xE1...0xEF: (following, second) = (2, 0x80...0xBF)
            case 0xF0: (following, second) = (3, 0x90...0xBF)
            case 0xF1...0xF3: (following, second) = (3, 0x80...0xBF)
            case 0xF4: (following, second) = (3, 0x80...0x8F)
            default: return position
            }
            guard position + following < count, second.contains(bytes[position + 1]) else { return position }
            for index in 1...following where bytes[position + index] & 0xC0 != 0x80 { return position }
            position += following + 1
        }
        return nil
    }
}

/// Why bytes are no text.
enum TextFault: Error {
    case zero(at: Int)
    case notUTF8(at: Int)

    /// The error to report.
    func described(in bytes: TableBytes) -> DataError {
        switch self {
        case .zero(let position): bytes.fault(at: position, "a zero byte; expected a CSV file, which is text")
        case .notUTF8(let position): bytes.fault(at: position, "not UTF-8; expected a CSV file in UTF-8")
        }
    }
}
