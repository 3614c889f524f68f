extension Frame {
    /// Draws a progress bar of one row, `━━━╸╌╌╌╌╌╌` or `==>.......`, over the width of `rect`. It is a line and no block,
    /// so that bars in neighbouring rows stay apart.
    ///
    /// A fraction outside of 0...1 is drawn as the nearer end. One that is nil or not a number is not known, and the
    /// whole bar stays empty. A bar is full only when the fraction is 1: no rounding says "done" too early.
    package mutating func bar(_ fraction: Double?, in rect: Rect) {
        guard !rect.isEmpty else { return }
        let isPlain = glyphs == .ascii
        fill(Rect(x: rect.x, y: rect.y, width: rect.width, height: 1), with: Cell(isPlain ? "." : "╌", role: .barEmpty))
        guard let fraction, !fraction.isNaN else { return }
        let part = min(max(fraction, 0), 1)

        // All lengths count halves of a cell; ASCII knows whole cells only.
        let (full, half) = Int((part * Double(rect.width * 2)).rounded(.down)).quotientAndRemainder(dividingBy: 2)
        let visible = rect.intersection(bounds)
        for x in visible.x..<max(visible.x, min(visible.maxX, rect.x + full)) {
            self[x, rect.y] = Cell(isPlain ? "=" : "━", role: .barFilled)
        }
        guard full < rect.width, visible.x <= rect.x + full, rect.x + full < visible.maxX else { return }
        if isPlain {
            if full > 0 { self[rect.x + full, rect.y] = Cell(">", role: .barFilled) }
        } else if half > 0 {
            self[rect.x + full, rect.y] = Cell("╸", role: .barFilled)
        }
    }
}

/// Parts of a cell in eighths, from nothing (index 0) to all of it (index 8).
enum EighthBlocks {
    /// Filled from below.
    static let fromBelow: [Character] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    /// Legible steps of ASCII that rise in height or weight.
    static let plain: [Character] = [" ", "_", ".", "-", ":", "=", "+", "*", "#"]
}
