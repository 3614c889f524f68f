import CKernels

/// What a stretch of a table's bytes holds, found many bytes at a time.
struct ByteSurvey {
    /// Whether the bytes are text.
    let kinds: ByteKinds
    /// Double quotes.
    let quotes: Int
    private let outside: ck_text_rows
    private let inside: ck_text_rows

    /// The rows that end in a stretch, if all of its quotes are around cells.
    struct Rows {
        /// How many there are.
        let count: Int
        /// Where the first of them ends, from the stretch's beginning; nil without any.
        let firstEnd: Int?
        /// Where the last of them ends.
        let lastEnd: Int?
        /// Whether a quote opens where no cell can begin, so that nothing is known of rows.
        let hasStrayQuotes: Bool
    }

    /// Looks at `count` bytes, of a table that has this between its cells.
    init(_ bytes: UnsafePointer<UInt8>, count: Int, delimiter: UInt8) {
        var survey = ck_text_survey()
        ck_kernels_in_use().pointee.survey_text(bytes, count, delimiter, &survey)
        kinds = ByteKinds(hasNonASCII: survey.has_non_ascii, hasZeros: survey.has_zeros)
        (quotes, outside, inside) = (survey.quotes, survey.outside, survey.inside)
    }

    /// Line feeds among `count` bytes, in quotes or not.
    static func lines(in bytes: UnsafePointer<UInt8>, count: Int) -> Int {
        let survey = ByteSurvey(bytes, count: count, delimiter: 0x0A)
        return survey.outside.count + survey.inside.count
    }

    /// The rows that end in the stretch, if it begins inside of quotes or not. Its first byte is taken for one that a
    /// cell may begin with.
    func rows(inQuotes: Bool) -> Rows {
        let rows = inQuotes ? inside : outside
        return Rows(
            count: rows.count, firstEnd: rows.count > 0 ? rows.first_end : nil,
            lastEnd: rows.count > 0 ? rows.last_end : nil, hasStrayQuotes: rows.has_stray_quotes)
    }
}

/// Whether there are bytes in a stretch that text does not have, or only in the right order.
struct ByteKinds {
    /// Whether there is a byte of 128 or more.
    var hasNonASCII = false
    /// Whether there is a zero byte.
    var hasZeros = false

    /// What this stretch and another one hold together.
    func joined(with other: ByteKinds) -> ByteKinds {
        ByteKinds(hasNonASCII: hasNonASCII || other.hasNonASCII, hasZeros: hasZeros || other.hasZeros)
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
