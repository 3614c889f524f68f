import Canvas

/// A run of text of one meaning; a line is several, one after the other.
struct StyledText: Sendable, Equatable {
    var text: String
    var role: Role

    init(_ text: some CustomStringConvertible, _ role: Role = .text) {
        (self.text, self.role) = (text.description, role)
    }
}

extension GlyphSet {
    /// Columns that a text takes on the screen.
    func width(of text: String) -> Int { self.text(text).width }
    /// Columns that a line takes on the screen.
    func width(of line: [StyledText]) -> Int { line.reduce(0) { $0 + width(of: $1.text) } }
}

extension Frame {
    /// Writes a text into the first row of `area`, cut with an ellipsis where it would leave it.
    ///
    /// - Parameter x: where it begins; nil for the area's first column.
    /// - Returns: the column behind the last one written.
    @discardableResult
    mutating func put(_ text: String, x: Int? = nil, role: Role = .text, in area: Rect) -> Int {
        let x = x ?? area.x
        return write(glyphs.text(text).truncated(to: max(0, area.maxX - x)), x: x, y: area.y, role: role, in: area)
    }

    /// Writes a line likewise.
    @discardableResult
    mutating func put(_ line: [StyledText], x: Int? = nil, in area: Rect) -> Int {
        line.reduce(x ?? area.x) { put($1.text, x: $0, role: $1.role, in: area) }
    }

    /// Writes lines into one row, three columns apart; one that does not fit, and all behind it, are left out rather
    /// than cut, but for the first.
    mutating func put(groups: [[StyledText]], in row: Rect) {
        var x = row.x
        for (index, group) in groups.enumerated() where !group.isEmpty {
            guard index == 0 || x + glyphs.width(of: group) <= row.maxX else { return }
            x = put(group, x: x, in: row) + 3
        }
    }
}
