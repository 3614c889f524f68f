import Wording

/// Text that is safe to show: the one kind of text that a frame takes.
///
/// Column names, file names and error messages come from files and may hold escape sequences, tabs, line ends,
/// direction marks or zero-width characters. Whatever could move the cursor, change the terminal or hide itself is
/// replaced by a visible stand-in when the value is made, so nothing downstream needs to think about it:
/// control characters become their pictures (`␛`), everything else that has no width of its own becomes `�`.
package struct SafeText: Hashable, Sendable, ExpressibleByStringInterpolation, CustomStringConvertible {
    /// The characters, each with the number of columns it takes (1 or 2).
    package private(set) var glyphs: [Glyph]

    /// One character and the columns it takes.
    package struct Glyph: Hashable, Sendable {
        /// What is shown.
        package let character: Character
        /// 1, or 2 for East Asian wide characters and emoji.
        package let width: Int
    }

    /// The text with everything harmful replaced.
    package init(_ string: String) {
        glyphs =
            string.isPlain
            ? string.utf8.map { Glyph.ofASCII[Int($0)] } : string.map(Glyph.init(sanitizing:))
    }

    /// Columns that a text takes on the screen when it is made safe.
    package static func width(of string: String) -> Int {
        string.isPlain ? string.utf8.count : SafeText(string).width
    }

    /// A literal goes through the same sanitiser.
    package init(stringLiteral value: String) {
        self.init(value)
    }

    private init(glyphs: [Glyph]) {
        self.glyphs = glyphs
    }

    /// Columns taken on the screen.
    package var width: Int { glyphs.reduce(0) { $0 + $1.width } }

    /// Whether there is nothing to show.
    package var isEmpty: Bool { glyphs.isEmpty }

    /// The sanitised string.
    package var description: String { String(glyphs.map(\.character)) }

    /// The two texts one after the other.
    package static func + (left: SafeText, right: SafeText) -> SafeText {
        SafeText(glyphs: left.glyphs + right.glyphs)
    }

    /// The text with blanks before it, so that it takes at least `columns` columns.
    package func padded(to columns: Int) -> SafeText {
        let missing = columns - width
        guard missing > 0 else { return self }
        return SafeText(glyphs: Array(repeating: Glyph(character: " ", width: 1), count: missing) + glyphs)
    }

    /// The text cut to at most `columns` columns, its last one an ellipsis where something was cut off. No number stands
    /// right before it, because half of one would read as another: it goes as a whole.
    package func truncated(to columns: Int) -> SafeText {
        guard width > columns else { return self }
        guard columns > 0 else { return SafeText(glyphs: []) }
        var kept: [Glyph] = []
        var room = columns - 1
        for glyph in glyphs {
            guard glyph.width <= room else { break }
            kept.append(glyph)
            room -= glyph.width
        }
        while kept.last?.isPartOfNumber == true { kept.removeLast() }
        return SafeText(glyphs: kept + [Glyph(character: "…", width: 1)])
    }
}

extension SafeText.Glyph {
    /// A digit, or what stands among digits.
    fileprivate var isPartOfNumber: Bool { character.isNumber || ".,".contains(character) }

    /// What is shown of each ASCII code.
    fileprivate static let ofASCII = (0..<128 as Range<UInt8>).map {
        SafeText.Glyph(sanitizing: Character(Unicode.Scalar($0)))
    }

    /// The character itself where it is harmless and visible, else its stand-in.
    init(sanitizing character: Character) {
        // Almost all text is of these, which need no tables.
        if let code = character.asciiValue, 0x20 <= code, code < 0x7F {
            self.init(character: character, width: 1)
            return
        }
        guard let first = character.unicodeScalars.first else {
            self.init(character: "\u{FFFD}", width: 1)
            return
        }
        // A line end of two scalars is one Character, so look at the first scalar, not at the count.
        let isShown = first.isVisible && !first.properties.isMark
        if first.value <= 0x7F, !first.isVisible {
            self.init(character: Character(first.standIn), width: 1)
        } else if character.unicodeScalars.count > 1 || !isShown {
            // Combined characters are drawn differently by every terminal; one column of known width beats a torn frame.
            self.init(character: (isShown ? character.precomposed : nil) ?? "\u{FFFD}", width: 1)
        } else {
            self.init(character: character, width: first.isWide ? 2 : 1)
        }
    }
}

extension Character {
    /// The single-scalar spelling of this character, such as é for e and an accent, or nil where there is none.
    fileprivate var precomposed: Character? {
        // Canonically equivalent strings are equal in Swift, so a one-scalar equal is the precomposed form.
        for value in UInt32(0xC0)...0x24F {
            if let scalar = Unicode.Scalar(value), Character(scalar) == self { return Character(scalar) }
        }
        return nil
    }
}

extension Unicode.Scalar.Properties {
    /// Whether the scalar is drawn upon the one before it.
    fileprivate var isMark: Bool {
        switch generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }
}

extension Unicode.Scalar {
    /// East Asian wide and fullwidth ranges and emoji (Unicode's EastAsianWidth.txt, blocks that are wide throughout).
    fileprivate var isWide: Bool {
        switch value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
            0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
            0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            true
        default:
            properties.isEmojiPresentation
        }
    }
}
