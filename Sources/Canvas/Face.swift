/// Which characters a terminal can show: the repertoire that pictures are drawn with.
public enum Face: String, CaseIterable, Sendable {
    /// Braille dots, eighth blocks, rounded borders.
    case braille
    /// Quadrants and eighth blocks instead of dots, for fonts without braille.
    case blocks
    /// Nothing but ASCII, for locales without UTF-8.
    case ascii

    /// The first character, or the second where only ASCII can be shown.
    func pick(_ full: Character, _ plain: Character) -> Character { self == .ascii ? plain : full }

    /// What stands for a number that is not known.
    public var dash: Character { pick("—", "-") }
    /// The sign of a negative number.
    public var minus: Character { pick("−", "-") }
    /// What stands for text that was cut off.
    public var ellipsis: Character { pick("…", "~") }

    /// The character itself where this face can show it, else what comes nearest in one column.
    public func spelling(of character: Character) -> Character {
        guard self == .ascii, !character.isASCII else { return character }
        return Self.plainSpellings[character] ?? "?"
    }

    private static let plainSpellings: [Character: Character] = [
        "—": "-", "–": "-", "−": "-", "…": "~", "·": ".", "•": "*", "●": "*", "○": "o", "◆": "o", "◇": "o",
        "→": ">", "←": "<", "↑": "^", "↓": "v", "▸": ">", "▹": ">", "◂": "<", "▲": "^", "▼": "v", "△": "^",
        "▽": "v", "×": "x", "÷": "/", "±": "~", "≈": "~", "≤": "<", "≥": ">", "✓": "+", "✗": "x", "⏸": "=",
        "▶": ">", "■": "#", "□": ".", "█": "#", "░": ".", "▒": ":", "▓": "#", "‘": "'", "’": "'", "“": "\"",
        "”": "\"", "│": "|", "┃": "|", "┊": ":", "┆": ":", "─": "-", "━": "=", "┤": "+", "├": "+", "┬": "+",
        "┴": "+", "┼": "+", "╭": "+", "╮": "+", "╰": "+", "╯": "+", "┏": "+", "┓": "+", "┗": "+", "┛": "+",
        "┌": "+", "┐": "+", "└": "+", "┘": "+", "␛": "^",
    ]
}

extension Frame {
    /// Spells every character that `face` cannot show with one that it can; cells keep their place and their role.
    public mutating func respell(for face: Face) {
        guard face == .ascii else { return }
        for y in 0..<size.height {
            for x in 0..<size.width where !self[x, y].character.isASCII {
                self[x, y].character = face.spelling(of: self[x, y].character)
            }
        }
    }
}
