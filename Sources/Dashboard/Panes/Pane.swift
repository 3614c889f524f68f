import Canvas

/// A part of the screen. It draws itself into its rectangle, whatever its size: boxed, or as one line where that is all.
protocol Pane: Sendable {
    /// Where it lies.
    var place: Layout.Place { get }
    /// Draws it.
    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState)
    /// Does what the mouse means that is over it.
    func take(_ mouse: MouseEvent, in rect: Rect, state: inout DashboardState) -> [Effect]
}

/// All panes. To add one, write its file, add it here and give it a place in ``Layout``.
enum Panes {
    static let all: [any Pane] = [
        HeaderPane(), ChartPane(index: 0), DifferencePane(), ChartPane(index: 1), ChartPane(index: 2),
        ChartPane(index: 3), LivePane(), ProgressPane(), MetricsPane(), HyperparametersPane(), ProcessesPane(),
        StoryPane(), RacePane(), InsidePane(), HintsPane(), OutputPane(),
    ]
}

extension Pane {
    /// Nothing, where a pane does not say what.
    func take(_ mouse: MouseEvent, in rect: Rect, state: inout DashboardState) -> [Effect] { [] }

    /// What ``box(_:title:facts:on:state:)`` leaves inside of a rectangle.
    func inside(_ rect: Rect) -> Rect { rect.inset().inset(horizontally: 1, vertically: 0) }

    /// Draws the pane's border, with the number of its key where it has one.
    ///
    /// - Parameter facts: what is said about the pane on the right of it; the first ones give way where there is no room.
    /// - Returns: the area inside, less a column on either side.
    func box(_ rect: Rect, title: String, facts: [String] = [], on frame: inout Frame, state: DashboardState) -> Rect {
        let facts = facts.filter { !$0.isEmpty }.map { [StyledText($0, .dim)] }
        return box(rect, title: title, facts: facts, on: &frame, state: state)
    }

    /// The same with facts of several colours, as a legend has.
    func box(
        _ rect: Rect, title: String, facts: [[StyledText]], on frame: inout Frame, state: DashboardState
    ) -> Rect {
        let number = state.paneName(at: place).map { "\($0.number) " } ?? ""
        let title = frame.glyphs.text(number + title)
        // Whole facts or none.
        var facts = facts
        func width() -> Int { facts.reduce(0) { $0 + frame.glyphs.width(of: $1) } + 2 * max(0, facts.count - 1) }
        while !facts.isEmpty, title.width + width() + 10 > rect.width { facts.removeFirst() }
        frame.box(rect, title: title, focused: state.view.focus.place == place)
        if !facts.isEmpty {
            // A blank, the facts, a blank, a line, the corner.
            var x = rect.maxX - 4 - width()
            frame.write(SafeText(String(repeating: " ", count: width() + 2)), x: x, y: rect.y)
            x += 1
            for fact in facts {
                for part in fact { x = frame.write(frame.glyphs.text(part.text), x: x, y: rect.y, role: part.role) }
                x += 2
            }
        }
        return self.inside(rect)
    }
}

extension String {
    /// With blanks before it.
    func leftPadded(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
    /// With blanks behind it.
    func rightPadded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
