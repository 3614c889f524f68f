/// A width and a height in character cells.
package struct Size: Hashable, Sendable {
    /// Columns.
    package var width: Int
    /// Rows.
    package var height: Int

    /// A size; negative numbers count as zero.
    package init(width: Int, height: Int) {
        self.width = max(0, width)
        self.height = max(0, height)
    }
}

/// A rectangle of character cells; `x` grows to the right, `y` downwards, from the top left corner of the screen.
package struct Rect: Hashable, Sendable {
    /// The leftmost column.
    package var x: Int
    /// The topmost row.
    package var y: Int
    /// Columns, never negative.
    package var width: Int
    /// Rows, never negative.
    package var height: Int

    /// A rectangle; a negative width or height counts as zero.
    package init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = max(0, width)
        self.height = max(0, height)
    }

    /// The rectangle of that size in the top left corner.
    package init(_ size: Size) {
        self.init(x: 0, y: 0, width: size.width, height: size.height)
    }

    /// The column behind the last one.
    package var maxX: Int { x + width }
    /// The row behind the last one.
    package var maxY: Int { y + height }
    /// Whether no cell lies inside.
    package var isEmpty: Bool { width == 0 || height == 0 }

    /// Whether the cell at a position lies inside.
    package func contains(x: Int, y: Int) -> Bool {
        x >= self.x && x < maxX && y >= self.y && y < maxY
    }

    /// The same rectangle less a margin on every side.
    package func inset(by margin: Int = 1) -> Rect {
        inset(horizontally: margin, vertically: margin)
    }

    /// The same rectangle less a margin left and right, and one above and below.
    package func inset(horizontally dx: Int, vertically dy: Int) -> Rect {
        Rect(x: x + dx, y: y + dy, width: width - 2 * dx, height: height - 2 * dy)
    }

    /// Cuts `rows` rows off the top, at most all there are, and returns them.
    package mutating func removeTop(_ rows: Int) -> Rect {
        let rows = min(max(0, rows), height)
        defer { (y, height) = (y + rows, height - rows) }
        return Rect(x: x, y: y, width: width, height: rows)
    }

    /// Cuts `rows` rows off the bottom, at most all there are, and returns them.
    package mutating func removeBottom(_ rows: Int) -> Rect {
        let rows = min(max(0, rows), height)
        height -= rows
        return Rect(x: x, y: y + height, width: width, height: rows)
    }

    /// Cuts `columns` columns off the left, at most all there are, and returns them.
    package mutating func removeLeft(_ columns: Int) -> Rect {
        let columns = min(max(0, columns), width)
        defer { (x, width) = (x + columns, width - columns) }
        return Rect(x: x, y: y, width: columns, height: height)
    }

    /// Cuts `columns` columns off the right, at most all there are, and returns them.
    package mutating func removeRight(_ columns: Int) -> Rect {
        let columns = min(max(0, columns), width)
        width -= columns
        return Rect(x: x + width, y: y, width: columns, height: height)
    }

    /// The part that lies in both rectangles.
    package func intersection(_ other: Rect) -> Rect {
        let left = max(x, other.x)
        let top = max(y, other.y)
        return Rect(x: left, y: top, width: min(maxX, other.maxX) - left, height: min(maxY, other.maxY) - top)
    }

    /// A rectangle of `size`, at most as large as this one, in its middle.
    package func centered(_ size: Size) -> Rect {
        let width = min(size.width, self.width)
        let height = min(size.height, self.height)
        return Rect(x: x + (self.width - width) / 2, y: y + (self.height - height) / 2, width: width, height: height)
    }
}
