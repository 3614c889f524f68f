extension Frame {
    /// Draws a progress bar of one row, `███▎······` or `==>.......`, over the width of `rect`.
    ///
    /// A fraction outside of 0...1 is drawn as the nearer end. One that is nil or not a number is not known, and the
    /// whole bar stays empty. A bar is full only when the fraction is 1: no rounding says "done" too early.
    package mutating func bar(_ fraction: Double?, in rect: Rect) {
        guard !rect.isEmpty else { return }
        let empty = Cell("·", role: .barEmpty)
        fill(Rect(x: rect.x, y: rect.y, width: rect.width, height: 1), with: empty)
        guard let fraction, !fraction.isNaN else { return }
        let part = min(max(fraction, 0), 1)

        // All lengths count eighths of a cell; ASCII knows whole cells only.
        let eighths = Int((part * Double(rect.width * 8)).rounded(.down))
        let (full, rest) = eighths.quotientAndRemainder(dividingBy: 8)
        let visible = rect.intersection(bounds)
        for x in visible.x..<max(visible.x, min(visible.maxX, rect.x + full)) {
            self[x, rect.y] = Cell(glyphs == .ascii ? "=" : "█", role: .barFilled)
        }
        guard full < rect.width, visible.x <= rect.x + full, rect.x + full < visible.maxX else { return }
        if glyphs == .ascii {
            if full > 0 { self[rect.x + full, rect.y] = Cell(">", role: .barFilled) }
        } else if rest > 0 {
            self[rect.x + full, rect.y] = Cell(EighthBlocks.fromLeft[rest], role: .barFilled)
        }
    }
}

/// Parts of a cell in eighths, from nothing (index 0) to all of it (index 8).
enum EighthBlocks {
    /// Filled from the left.
    static let fromLeft: [Character] = [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"]
    /// Filled from below.
    static let fromBelow: [Character] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    /// Legible steps of ASCII that rise in height or weight.
    static let plain: [Character] = [" ", "_", ".", "-", ":", "=", "+", "*", "#"]
}
