/// Which characters a terminal can show. A frame knows its own and holds no others.
package enum GlyphSet: String, CaseIterable, Sendable {
    /// Braille dots, eighth blocks, rounded borders.
    case braille
    /// Quadrants and eighth blocks instead of dots, for fonts without braille.
    case blocks
    /// Nothing but ASCII, for locales without UTF-8.
    case ascii

    /// A text to be drawn, of the width that it will have: an arrow is `->` in ASCII.
    package func text(_ string: String) -> SafeText {
        SafeText(self == .ascii ? string.replacing("→", with: "->") : string)
    }

    /// The character itself where it can be shown, else what comes nearest in one column.
    package func spelling(of character: Character) -> Character {
        guard self == .ascii, !character.isASCII else { return character }
        return Self.plainSpellings[character] ?? "?"
    }

    private static let plainSpellings: [Character: Character] = [
        "—": "-", "–": "-", "−": "-", "…": "~", "·": ".", "•": "*", "●": "*", "○": "o", "◆": "O", "◇": "o",
        "→": ">", "←": "<", "↑": "^", "↓": "v", "▸": ">", "▹": ">", "◂": "<", "▲": "^", "▼": "v", "△": "^",
        "▽": "v", "×": "x", "÷": "/", "±": "~", "≈": "~", "≤": "<", "≥": ">", "✓": "+", "✗": "x", "⏸": "=",
        "▶": ">", "■": "#", "□": ".", "█": "#", "░": ".", "▒": ":", "▓": "#", "‘": "'", "’": "'", "“": "\"",
        "”": "\"", "│": "|", "┃": "|", "┊": ":", "┆": ":", "─": "-", "━": "=", "┤": "+", "├": "+", "┬": "+",
        "┴": "+", "┼": "+", "╭": "+", "╮": "+", "╰": "+", "╯": "+", "┏": "+", "┓": "+", "┗": "+", "┛": "+",
        "┌": "+", "┐": "+", "└": "+", "┘": "+", "╳": "X", "␛": "^",
    ]
}
