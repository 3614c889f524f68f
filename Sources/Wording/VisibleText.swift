/// `text` as it may stand in an error line: whatever could move a cursor, change a terminal or hide itself is replaced
/// by a visible stand-in, and what is longer than `limit` characters ends in an ellipsis.
///
/// Control characters become their pictures (an escape becomes `␛`, a line end `␊`), other invisible ones `�`.
public func visible(_ text: String, limit: Int = .max) -> String {
    // Almost all text is of letters and signs of ASCII, which need no tables.
    if text.utf8.count <= limit, text.isPlain { return text }
    var result = String.UnicodeScalarView()
    var count = 0
    for scalar in text.unicodeScalars {
        guard count < limit else {
            result.append("…")
            break
        }
        result.append(scalar.standIn)
        count += 1
    }
    return String(result)
}

extension String {
    /// Whether it is of ASCII alone, with no control in it.
    package var isPlain: Bool { utf8.allSatisfy { (0x20..<0x7F).contains($0) } }
}

extension Unicode.Scalar {
    /// Whether it shows itself and moves nothing.
    package var isVisible: Bool { standIn == self }

    /// The scalar itself where it is harmless, else what stands for it.
    package var standIn: Unicode.Scalar {
        if value < 0x20 { return Unicode.Scalar(0x2400 + value) ?? "\u{FFFD}" }
        if value < 0x7F { return self }
        if value == 0x7F { return "\u{2421}" }
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
            return "\u{FFFD}"
        default:
            return properties.isDefaultIgnorableCodePoint ? "\u{FFFD}" : self
        }
    }
}
