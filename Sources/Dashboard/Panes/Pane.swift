import Canvas

/// A part of the screen. It draws itself into its rectangle, whatever its size: boxed, or as one line where that is all.
protocol Pane: Sendable {
    /// Where it lies.
    var place: Layout.Place { get }
    /// Draws it.
    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState)
}

/// All panes. To add one, write its file, add it here and give it a place in ``Layout``.
enum Panes {
    static let all: [any Pane] = [
        HeaderPane(), LossPane(), MetricChartPane(), LivePane(), ProgressPane(), MetricsPane(), HyperparametersPane(),
        EditsPane(), RacePane(), HintsPane(),
    ]
}

extension Pane {
    /// Draws the pane's border.
    ///
    /// - Returns: the area inside, less a column on either side.
    func box(_ rect: Rect, title: String, facts: [String] = [], on frame: inout Frame, state: DashboardState) -> Rect {
        let title = frame.glyphs.text(title)
        // Whole facts or none: the first ones give way where there is no room for all.
        var facts = facts.filter { !$0.isEmpty }
        while !facts.isEmpty, title.width + frame.glyphs.width(of: facts.joined(separator: "  ")) + 10 > rect.width {
            facts.removeFirst()
        }
        let inside = frame.box(
            rect, title: title, facts: frame.glyphs.text(facts.joined(separator: "  ")),
            focused: state.view.focus.place == place)
        return inside.inset(horizontally: 1, vertically: 0)
    }
}

extension String {
    /// With blanks before it.
    func leftPadded(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
    /// With blanks behind it.
    func rightPadded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
