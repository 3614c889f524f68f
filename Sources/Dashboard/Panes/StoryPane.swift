import Canvas
import RunModel
import TrainProtocol

/// What happened, newest first, a line each: edits with what they came to, moves, races, epochs, files, remarks; above
/// them the edits that wait for their step.
struct StoryPane: Pane {
    let place = Layout.Place.story

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState) {
        if rect.height < 3 {
            drawLine(in: rect.inset(horizontally: 1, vertically: 0), on: &frame, state: state)
            return
        }
        let count = state.run.edits.count
        let facts = count == 0 ? "" : "\(NumberFormat.grouped(count)) in force"
        var rows = box(rect, title: "story", facts: [facts], on: &frame, state: state)
        let plans = Self.plans(in: rows.height, state)
        for (index, plan) in plans.enumerated() {
            let more = index == 0 ? state.planned.count - plans.count : 0
            let words = Self.words(of: plan, andMore: more, state)
            put("@\(plan.step)", [words], nil, in: rows.removeTop(1), gutter: Self.gutter(state), on: &frame)
        }
        guard !state.log.entries.isEmpty else {
            frame.put(Self.emptyWords(state), role: .dim, in: rows)
            return
        }
        let selected = state.view.focus == .story ? state.selectedLine : nil
        for line in Self.placed(in: rows, state, frame.glyphs) {
            let highlight: Role? = line.entries == selected ? .selection : nil
            if let highlight { frame.fill(line.rect, with: Cell(" ", role: highlight)) }
            let step = state.log.entries[line.entries.lowerBound].step
            put("@\(step)", line.rows, highlight, in: line.rect, gutter: Self.gutter(state), on: &frame)
        }
    }

    /// A click selects a line, the wheel the next ones.
    func take(_ mouse: MouseEvent, in rect: Rect, state: inout DashboardState) -> [Effect] {
        switch mouse.action {
        case .wheelUp: state.selectLine(-1)
        case .wheelDown: state.selectLine(1)
        case .press:
            guard rect.height >= 3 else { return [] }
            var rows = inside(rect)
            _ = rows.removeTop(Self.plans(in: rows.height, state).count)
            let lines = Self.placed(in: rows, state, .braille)
            if let line = lines.first(where: { $0.rect.contains(x: mouse.x, y: mouse.y) }) {
                state.select(line.entries)
            }
        }
        return []
    }

    // MARK: - What lies where

    /// A line of the story with its rows on the screen.
    private struct Placed {
        let entries: ClosedRange<Int>
        let rows: [[StyledText]]
        let rect: Rect
    }

    /// The lines that there is room for, the selected one among them.
    private static func placed(in area: Rect, _ state: DashboardState, _ glyphs: GlyphSet) -> [Placed] {
        let story = state.story
        let width = area.width - gutter(state)
        func rows(_ index: Int) -> [[StyledText]] { StoryLine(state, story[index]).rows(width, glyphs) }
        var first = story.count - 1
        if state.view.focus == .story, let selected = state.selectedLine, let index = story.firstIndex(of: selected) {
            // As many newer ones above the selected one as leave room for it.
            var height = rows(index).count
            first = index
            while first + 1 < story.count, height + rows(first + 1).count <= area.height {
                first += 1
                height += rows(first).count
            }
        }
        var (rest, placed) = (area, [Placed]())
        for index in story.indices.prefix(first + 1).reversed() where rest.height > 0 {
            let rows = rows(index)
            placed.append(Placed(entries: story[index], rows: rows, rect: rest.removeTop(rows.count)))
        }
        return placed
    }

    /// The edits to come, the next one lowest, in at most a third of the room.
    private static func plans(in height: Int, _ state: DashboardState) -> [PlannedEdit] {
        let plans = state.planned.sorted { ($0.step, $0.number) < ($1.step, $1.number) }
        return plans.prefix(max(1, height / 3)).reversed()
    }

    /// Columns of the steps and the blanks behind them: the largest decides, which after an undo is not the present one.
    private static func gutter(_ state: DashboardState) -> Int {
        let steps = state.log.entries.suffix(64).map(\.step) + state.planned.map(\.step) + [state.step]
        return max(5, String(steps.max() ?? 0).count + 1) + 2
    }

    // MARK: - Drawing

    /// The newest line, where a row is all there is.
    private func drawLine(in row: Rect, on frame: inout Frame, state: DashboardState) {
        guard let last = state.story.last else {
            frame.put(Self.emptyWords(state), role: .dim, in: row)
            return
        }
        let step = StyledText("@\(state.log.entries[last.lowerBound].step)  ", .dim)
        let line = StoryLine(state, last)
        frame.put([step] + line.row(row.width - frame.glyphs.width(of: [step]), frame.glyphs), in: row)
    }

    private func put(
        _ step: String, _ lines: [[StyledText]], _ highlight: Role?, in rect: Rect, gutter: Int, on frame: inout Frame
    ) {
        let step = SafeText(step).padded(to: gutter - 2)
        frame.write(step, x: rect.x, y: rect.y, role: highlight ?? .dim, in: rect)
        var rows = rect
        for line in lines {
            let line = line.map { StyledText($0.text, highlight ?? $0.role) }
            frame.put(line, x: rect.x + gutter, in: rows.removeTop(1))
        }
    }

    private static func words(of plan: PlannedEdit, andMore more: Int, _ state: DashboardState) -> [StyledText] {
        let control = state.control(named: plan.name)
        return [
            StyledText("\(control?.title ?? plan.name) \(plan.change.text(control))"),
            StyledText("  planned \(plan.number)\(more > 0 ? " and \(more) more" : "")", .warning),
        ]
    }

    /// What an empty story says.
    private static func emptyWords(_ state: DashboardState) -> String {
        guard let index = state.selectedControl else {
            return state.isUnknown ? "—" : "this run has nothing to edit"
        }
        return "+ and - change the \(state.controls[index].title)"
    }
}
