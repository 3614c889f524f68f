/// Decimal text to the nearest `Float`, ties to even, as if by unlimited precision.
///
/// The digits give a whole number `m` and a power of ten `e`. In Double, `m * 10^e` is off by at most three units in
/// the last place: half a unit each for `m`, for the power, for the product, and less than that for digits left out
/// after the 18th. Rounding that to Float gives the right answer unless a midpoint between two floats lies within the
/// error; the 29 bits that Float does not have then read 0x1000_0000, give or take a few. Those texts, and numbers near
/// the ends of Float's range, are left to the standard library. After Clinger, "How to read floating point numbers
/// accurately" (1990).
enum DecimalText {
    /// What a cell's text is.
    enum Reading: Equatable {
        /// A number, correctly rounded.
        case number(Float)
        /// A number whose nearest float is infinite, or infinity itself.
        case outOfRange
        /// Nothing, or a word for nothing.
        case missing
        /// Anything else.
        case text
    }

    /// 10^-60 ... 10^40, correctly rounded.
    private static let powers: [Double] = (-60...40).map { Double("1e\($0)") ?? .nan }

    /// `m * 10^exponent` where that can be told quickly. `m` is at most 2^63 - 1.
    private static func quickly(_ m: UInt64, _ exponent: Int) -> Float? {
        if m == 0 { return 0 }
        guard exponent >= -60, exponent <= 40 else { return nil }
        let value = Double(Int64(bitPattern: m)) * powers[exponent + 60]
        // Within 16 units of a midpoint?
        let dropped = value.bitPattern & 0x1FFF_FFFF
        guard dropped &- (0x1000_0000 - 16) > 32 else { return nil }
        guard value >= 0x1p-126, value < 0x1.fffffep127 else { return nil }
        return Float(value)
    }

    /// Whether a cell is blank or a word for nothing.
    static func isMissing(_ bytes: UnsafePointer<UInt8>, _ range: Range<Int>) -> Bool {
        let text = trimmed(bytes, range)
        return text.isEmpty || isWord("na", bytes, text) || isWord("nan", bytes, text) || isWord("null", bytes, text)
    }

    /// Whether a cell's text is blank or a word for nothing.
    static func isMissing(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in bytes.baseAddress.map { isMissing($0, bytes.indices) } ?? true }
    }

    /// Reads a whole cell, spaces and tabs around its text left out.
    static func read(_ bytes: UnsafePointer<UInt8>, _ range: Range<Int>) -> Reading {
        if isMissing(bytes, range) { return .missing }
        let whole = trimmed(bytes, range)
        var start = whole.lowerBound
        let end = whole.upperBound
        let textStart = start
        let isNegative = bytes[start] == 0x2D
        if isNegative || bytes[start] == 0x2B { start += 1 }
        if isWord("inf", bytes, start..<end) || isWord("infinity", bytes, start..<end) { return .outOfRange }

        var (m, exponent, digits, kept) = (UInt64(0), 0, 0, 0)
        var position = start
        var isFraction = false
        while position < end {
            let byte = bytes[position]
            if byte == 0x2E, !isFraction {
                isFraction = true
            } else if byte &- 0x30 < 10 {
                digits += 1
                if kept < 18 {
                    m = m * 10 + UInt64(byte &- 0x30)
                    if m > 0 { kept += 1 }
                    if isFraction { exponent -= 1 }
                } else if !isFraction {
                    exponent += 1
                }
            } else {
                break
            }
            position += 1
        }
        guard digits > 0 else { return .text }
        if position < end {
            guard bytes[position] | 0x20 == 0x65, let power = exponentPart(bytes, position + 1, end) else {
                return .text
            }
            exponent += power
        }
        if let value = quickly(m, exponent) {
            return .number(isNegative ? -value : value)
        }
        // Swift's own conversion is correctly rounded and knows no locale.
        let text = String(
            decoding: UnsafeBufferPointer(start: bytes + textStart, count: end - textStart), as: UTF8.self)
        guard let value = Float(text) else { return .text }
        return value.isFinite ? .number(value) : .outOfRange
    }

    private static func trimmed(_ bytes: UnsafePointer<UInt8>, _ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, bytes[start] == 0x20 || bytes[start] == 0x09 { start += 1 }
        while start < end, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
        return start..<end
    }

    /// Whether the text is the word, in any letter case.
    private static func isWord(_ word: StaticString, _ bytes: UnsafePointer<UInt8>, _ text: Range<Int>) -> Bool {
        text.count == word.utf8CodeUnitCount
            && text.indices.allSatisfy { bytes[$0] | 0x20 == word.utf8Start[$0 - text.lowerBound] }
    }

    /// The whole number with an optional sign that fills `start ..< end`, cut to a million either way.
    private static func exponentPart(_ bytes: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int? {
        var position = start
        guard position < end else { return nil }
        let isNegative = bytes[position] == 0x2D
        if isNegative || bytes[position] == 0x2B { position += 1 }
        guard position < end else { return nil }
        var value = 0
        while position < end {
            let digit = bytes[position] &- 0x30
            guard digit < 10 else { return nil }
            value = min(value * 10 + Int(digit), 1_000_000)
            position += 1
        }
        return isNegative ? -value : value
    }
}
