extension Frame {
    /// Draws values as columns, `▂▄▂▅▄█▆▅`, the newest at the right edge, eight levels a row.
    ///
    /// Every value shows, even the least one (one eighth). A value above `range` is as high as the top, one below it as
    /// low as the least. A value that is not a finite number is a mark as high as the rectangle, in ``Role/bad``.
    /// Where there are more values than columns the last ones are drawn: who wants others picks them.
    package mutating func sparkline(_ values: [Float], in rect: Rect, range: ClosedRange<Double>, role: Role) {
        guard !rect.isEmpty else { return }
        let shown = values.suffix(rect.width)
        let levels = rect.height * 8
        var x = rect.maxX - shown.count
        for value in shown {
            if value.isFinite {
                column(Self.level(Double(value), in: range, of: levels), x: x, in: rect, role: role)
            } else {
                for y in rect.y..<rect.maxY { self[x, y] = Cell("╳", role: .bad) }
            }
            x += 1
        }
    }

    /// The height of a value in eighths of a row, from 1 to `levels`.
    private static func level(_ value: Double, in range: ClosedRange<Double>, of levels: Int) -> Int {
        // Halves before the difference, so that the widest range there is does not overflow.
        let span = range.upperBound / 2 - range.lowerBound / 2
        guard span > 0, span.isFinite else { return value > range.upperBound ? levels : max(1, levels / 2) }
        let part = min(max((value / 2 - range.lowerBound / 2) / span, 0), 1)
        return 1 + Int((part * Double(levels - 1)).rounded())
    }

    private mutating func column(_ level: Int, x: Int, in rect: Rect, role: Role) {
        let shapes = glyphs == .ascii ? EighthBlocks.plain : EighthBlocks.fromBelow
        for row in 0..<rect.height {
            let here = min(max(level - row * 8, 0), 8)
            if here > 0 { self[x, rect.maxY - 1 - row] = Cell(shapes[here], role: role) }
        }
    }
}
