import Canvas
import RunModel
import TrainProtocol

/// The log, newest first: edits, moves, epochs, validation, files, remarks; above them the
/// edits that wait for their step.
struct EditsPane: Pane {
    let place = Layout.Place.edits

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState) {
        let entries = state.log.entries
        if rect.height < 3 {
            drawLine(in: rect.inset(horizontally: 1, vertically: 0), on: &frame, state: state)
            return
        }
        let count = state.run.edits.count
        let facts = count == 0 ? "" : "\(NumberFormat.grouped(count)) in force"
        var rows = box(rect, title: "edits", facts: [facts], on: &frame, state: state)
        drawPlans(in: &rows, on: &frame, state: state)
        guard !entries.isEmpty else {
            frame.put(Self.emptyWords(state), role: .dim, in: rows)
            return
        }
        let gutter = Self.stepWidth(state) + 2
        func lines(_ index: Int) -> [[StyledText]] {
            LogEntryText(state, index: index).wrapped(to: rows.width - gutter, frame.glyphs)
        }
        let selected = state.view.focus == .edits ? state.selectedEntryIndex : nil
        var first = entries.count - 1
        if let selected {
            // As many newer ones above the selected one as leave room for it.
            var height = lines(selected).count
            first = selected
            while first + 1 < entries.count, height + lines(first + 1).count <= rows.height {
                first += 1
                height += lines(first).count
            }
        }
        for index in entries.indices.prefix(first + 1).reversed() where rows.height > 0 {
            let lines = lines(index)
            let room = rows.removeTop(lines.count)
            let highlight: Role? = index == selected ? .selection : nil
            if let highlight { frame.fill(room, with: Cell(" ", role: highlight)) }
            put("@\(entries[index].step)", lines, highlight, in: room, gutter: gutter, on: &frame)
        }
    }

    /// The newest entry, where a line is all there is.
    private func drawLine(in row: Rect, on frame: inout Frame, state: DashboardState) {
        guard let last = state.log.entries.indices.last else {
            frame.put(Self.emptyWords(state), role: .dim, in: row)
            return
        }
        let lines = LogEntryText(state, index: last).lines
        let first = [StyledText("@\(state.log.entries[last].step)  ", .dim)] + (lines.first ?? [])
        frame.put(groups: [first] + lines.dropFirst(), in: row)
    }

    /// The edits to come, the next one lowest, in at most a third of the room.
    private func drawPlans(in rows: inout Rect, on frame: inout Frame, state: DashboardState) {
        let plans = state.planned.sorted { ($0.step, $0.number) < ($1.step, $1.number) }
        let shown = plans.prefix(max(1, rows.height / 3))
        for plan in shown.reversed() where rows.height > 0 {
            let control = state.control(named: plan.name)
            let isLast = plan == shown.last && plans.count > shown.count
            let more = isLast ? " and \(plans.count - shown.count) more" : ""
            let line = [
                StyledText("\(control?.title ?? plan.name) \(plan.change.text(control))"),
                StyledText("  planned \(plan.number)\(more)", .warning),
            ]
            put("@\(plan.step)", [line], nil, in: rows.removeTop(1), gutter: Self.stepWidth(state) + 2, on: &frame)
        }
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

    /// Columns of the steps: the largest decides, which after an undo is not the present one.
    private static func stepWidth(_ state: DashboardState) -> Int {
        let steps = state.log.entries.suffix(64).map(\.step) + state.planned.map(\.step) + [state.step]
        return max(5, String(steps.max() ?? 0).count + 1)
    }

    /// What an empty log says.
    private static func emptyWords(_ state: DashboardState) -> String {
        guard let index = state.selectedControl else {
            return state.isUnknown ? "—" : "this run has nothing to edit"
        }
        return "+ and - change the \(state.run.hyperparameters[index].title)"
    }
}
