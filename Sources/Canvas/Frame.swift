/// One character cell of a frame.
package struct Cell: Hashable, Sendable {
    /// What is shown; a blank where nothing is.
    package var character: Character
    /// What it means.
    package var role: Role
    /// Whether the cell is the right half of a wide character, whose left half draws both.
    package var isContinuation: Bool

    /// A cell.
    package init(_ character: Character = " ", role: Role = .text, isContinuation: Bool = false) {
        self.character = character
        self.role = role
        self.isContinuation = isContinuation
    }
}

/// A picture of the whole screen as a value. Drawing outside of it is clipped, never an error.
package struct Frame: Equatable, Sendable {
    /// Columns and rows.
    package let size: Size
    /// The characters that it is drawn with.
    package let glyphs: GlyphSet
    /// The cells, row by row: `size.width * size.height` of them.
    package private(set) var cells: [Cell]
    /// Where the terminal's cursor belongs (while text is typed), or nil for a hidden cursor.
    package var cursor: Position?

    /// A column and a row.
    package struct Position: Hashable, Sendable {
        /// Column, from 0.
        package var x: Int
        /// Row, from 0.
        package var y: Int

        /// A position.
        package init(x: Int, y: Int) {
            self.x = x
            self.y = y
        }
    }

    /// A blank frame.
    ///
    /// - Parameter glyphs: what can be shown; every other character is spelled with one of these as it is drawn.
    package init(_ size: Size, glyphs: GlyphSet = .braille) {
        self.size = size
        self.glyphs = glyphs
        cells = Array(repeating: Cell(), count: size.width * size.height)
    }

    /// The whole area.
    package var bounds: Rect { Rect(size) }

    /// The cell at a position; a blank outside of the frame. Setting outside of the frame does nothing, and what the
    /// frame's glyphs cannot show is set as what comes nearest.
    package subscript(x: Int, y: Int) -> Cell {
        get {
            guard x >= 0, y >= 0, x < size.width, y < size.height else { return Cell() }
            return cells[y * size.width + x]
        }
        set {
            guard x >= 0, y >= 0, x < size.width, y < size.height else { return }
            let index = y * size.width + x
            let old = cells[index]
            var newValue = newValue
            if glyphs == .ascii {
                newValue.character = glyphs.spelling(of: newValue.character)
                // Nothing in ASCII is wide.
                newValue.isContinuation = false
            }
            cells[index] = newValue
            guard old.character != newValue.character || old.isContinuation != newValue.isContinuation else { return }
            // Half of a wide character cannot stand alone: where one half goes, the other becomes a blank.
            if old.isContinuation, !newValue.isContinuation, x > 0 { cells[index - 1].character = " " }
            if x + 1 < size.width, cells[index + 1].isContinuation {
                cells[index + 1].isContinuation = false
            }
        }
    }

    /// Writes `text` from (x, y) to the right, clipped to `area` (the whole frame where nil).
    ///
    /// - Returns: the column behind the last one written, so that pieces of different roles can follow one another.
    @discardableResult
    package mutating func write(_ text: SafeText, x: Int, y: Int, role: Role = .text, in area: Rect? = nil) -> Int {
        let area = (area ?? bounds).intersection(bounds)
        var x = x
        for glyph in text.glyphs {
            if y >= area.y, y < area.maxY, x >= area.x, x + glyph.width <= area.maxX {
                self[x, y] = Cell(glyph.character, role: role)
                if glyph.width == 2 { self[x + 1, y] = Cell(" ", role: role, isContinuation: true) }
            }
            x += glyph.width
        }
        return x
    }

    /// Fills `area` with one cell.
    package mutating func fill(_ area: Rect, with cell: Cell = Cell()) {
        let area = area.intersection(bounds)
        for y in area.y..<area.maxY {
            for x in area.x..<area.maxX { self[x, y] = cell }
        }
    }

    /// Gives every cell of `area` another role and keeps its character.
    package mutating func paint(_ area: Rect, role: Role) {
        let area = area.intersection(bounds)
        for y in area.y..<area.maxY {
            for x in area.x..<area.maxX { self[x, y].role = role }
        }
    }
}
