/// A picture made of dots smaller than a cell: 2 x 4 a cell in braille, 2 x 2 in quadrants, 1 x 2 in ASCII.
struct DotGrid {
    /// What the dots are shown with.
    let glyphs: GlyphSet
    /// Dots in a cell.
    let perCell: Size
    /// Cells.
    let cells: Size
    /// For each cell which of its dots are set, bit `row * perCell.width + column`.
    private(set) var bits: [UInt8]

    init(cells: Size, glyphs: GlyphSet) {
        self.glyphs = glyphs
        self.cells = cells
        perCell =
            switch glyphs {
            case .braille: Size(width: 2, height: 4)
            case .blocks: Size(width: 2, height: 2)
            case .ascii: Size(width: 1, height: 2)
            }
        bits = Array(repeating: 0, count: cells.width * cells.height)
    }

    /// Dots across.
    var width: Int { cells.width * perCell.width }
    /// Dots from top to bottom.
    var height: Int { cells.height * perCell.height }

    /// Sets the dot in that column and row, from the top left; outside of the grid nothing happens.
    mutating func set(_ column: Int, _ row: Int) {
        guard column >= 0, row >= 0, column < width, row < height else { return }
        let (x, dx) = column.quotientAndRemainder(dividingBy: perCell.width)
        let (y, dy) = row.quotientAndRemainder(dividingBy: perCell.height)
        bits[y * cells.width + x] |= 1 << UInt8(dy * perCell.width + dx)
    }

    /// Sets some of the dots of one column from row `top` to row `bottom`, both included: one in a cell, where columns come
    /// side by side, and never none.
    ///
    ///     ⠁⠄⠁⠄⠁⠄
    ///
    mutating func setHaze(_ column: Int, from top: Int, to bottom: Int) {
        let (first, last) = (max(0, top), min(height - 1, bottom))
        guard first <= last, column.isMultiple(of: perCell.width) else { return }
        let spacing = perCell.height
        let start = (column / perCell.width).isMultiple(of: 2) ? 0 : spacing / 2
        let rows = (first...last).filter { $0 % spacing == start }
        for row in rows.isEmpty ? [(first + last) / 2] : rows { set(column, row) }
    }

    /// Sets the dots nearest to the line between two dots, both included (Bresenham 1965), in the rhythm of a stroke.
    ///
    /// - Parameter distance: dots along the line so far, this line's added.
    mutating func setLine(
        from start: (column: Int, row: Int), to end: (column: Int, row: Int), stroke: Plot.Stroke = .solid,
        distance: inout Int
    ) {
        let dx = abs(end.column - start.column)
        let dy = -abs(end.row - start.row)
        let stepX = start.column < end.column ? 1 : -1
        let stepY = start.row < end.row ? 1 : -1
        var (x, y, error) = (start.column, start.row, dx + dy)
        while true {
            if stroke.draws(distance) { set(x, y) }
            // The last dot is the next line's first one.
            if x == end.column, y == end.row { return }
            distance += 1
            let doubled = 2 * error
            if doubled >= dy { (error, x) = (error + dy, x + stepX) }
            if doubled <= dx { (error, y) = (error + dx, y + stepY) }
        }
    }

    /// Sets the other grid's dots too, and calls `touched` with the index of every cell that has any. Where `covers`
    /// says so the dots that were in the cell go.
    mutating func add(_ other: DotGrid, covers: (Int) -> Bool = { _ in false }, touched: (Int) -> Void) {
        for index in bits.indices where other.bits[index] != 0 {
            bits[index] = covers(index) ? other.bits[index] : bits[index] | other.bits[index]
            touched(index)
        }
    }

    /// The character that shows the dots of the cell at an index.
    func character(at index: Int) -> Character {
        switch glyphs {
        case .braille: Self.brailles[Int(bits[index])]
        case .blocks: Self.quadrants[Int(bits[index] & 15)]
        case .ascii: [" ", "'", ".", ":"][Int(bits[index] & 3)]
        }
    }

    // Unicode numbers braille dots down the left column, down the right one, and the bottom row last.
    private static let brailles: [Character] = (0..<256).map { bits in
        let order: [UInt32] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80]
        let pattern = (0..<8).reduce(UInt32(0)) { $0 | (bits & 1 << $1 != 0 ? order[$1] : 0) }
        return bits == 0 ? " " : Character(Unicode.Scalar(0x2800 + pattern)!)
    }

    private static let quadrants: [Character] = Array(" ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█")
}
