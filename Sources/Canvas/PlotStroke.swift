extension Plot {
    /// How a line is drawn, so that lines can be told apart without colour.
    ///
    ///     solid   ⠉⠉⠉⠉⠉⠉⠉⠉        dotted   ⠁⠁⠁⠁⠁⠁⠁⠁        6 on, 3 off   ⠉⠉⠉ ⠈⠉⠉⠁ ⠉
    ///
    package struct Stroke: Hashable, Sendable {
        /// Dots drawn and dots left out, by turns, along the line; empty for an unbroken one.
        package var rhythm: [Int]
        /// What the line is made of where nothing but ASCII can be shown.
        package var plain: Character
        /// What stands at the line's last point: a digit, a word.
        package var end: SafeText

        /// A stroke.
        package init(rhythm: [Int] = [], plain: Character = "*", end: SafeText = "") {
            self.rhythm = rhythm.contains { $0 > 0 } ? rhythm.map { min(max(0, $0), 1000) } : []
            self.plain = plain
            self.end = end
        }

        /// An unbroken line.
        package static let solid = Stroke()

        /// Whether the dot at a distance along the line is drawn.
        func draws(_ distance: Int) -> Bool {
            let period = rhythm.reduce(0, +)
            guard period > 0 else { return true }
            var rest = distance % period
            for (index, length) in rhythm.enumerated() {
                if rest < length { return index.isMultiple(of: 2) }
                rest -= length
            }
            return true
        }
    }
}
