import Canvas
import TrainEngine

/// The ledger, newest first: edits from request to effect, moves, epochs, validation, files, remarks; above them the
/// edits that wait for their step.
struct EditsPane: Pane {
    let place = Layout.Place.edits

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState, face: Face) {
        let entries = state.ledger.entries
        if rect.height < 3 {
            drawLine(in: rect.inset(horizontally: 1, vertically: 0), on: &frame, state: state, face: face)
            return
        }
        let count = state.ledger.forgotten + entries.count
        let facts = count == 0 ? "" : count == 1 ? "1 entry" : "\(NumberFormat.grouped(count)) entries"
        var rows = box(rect, title: "edits", facts: [facts], on: &frame, state: state, face: face)
        drawPlans(in: &rows, on: &frame, state: state, face: face)
        guard !entries.isEmpty else {
            frame.put(Self.emptyWords(state), x: rows.x, y: rows.y, role: .dim, face: face, in: rows)
            return
        }
        let gutter = Self.stepWidth(state) + 2
        func lines(_ index: Int) -> [[Piece]] {
            Story(state, index: index, face: face).wrapped(to: rows.width - gutter)
        }
        let selected = state.focus == .edits ? state.selectedEntryIndex : nil
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
            put("@\(entries[index].step)", lines, highlight, in: room, gutter: gutter, on: &frame, face: face)
        }
    }

    /// The newest entry, where a line is all there is.
    private func drawLine(in row: Rect, on frame: inout Frame, state: DashboardState, face: Face) {
        guard let last = state.ledger.entries.indices.last else {
            frame.put(Self.emptyWords(state), x: row.x, y: row.y, role: .dim, face: face, in: row)
            return
        }
        let lines = Story(state, index: last, face: face).lines
        let first = [Piece("@\(state.ledger.entries[last].step)  ", .dim)] + (lines.first ?? [])
        frame.put(groups: [first] + lines.dropFirst(), in: row, face: face)
    }

    /// The edits to come, the next one lowest, in at most a third of the room.
    private func drawPlans(in rows: inout Rect, on frame: inout Frame, state: DashboardState, face: Face) {
        let plans = state.planned.sorted { ($0.step, $0.number) < ($1.step, $1.number) }
        let shown = plans.prefix(max(1, rows.height / 3))
        for plan in shown.reversed() where rows.height > 0 {
            let knob = state.knob(named: plan.name)
            let isLast = plan == shown.last && plans.count > shown.count
            let more = isLast ? " and \(plans.count - shown.count) more" : ""
            let line = [
                Piece("\(knob?.title ?? plan.name) \(plan.change.text(knob))"),
                Piece("  planned \(plan.number)\(more)", .warning),
            ]
            put(
                "@\(plan.step)", [line], nil, in: rows.removeTop(1), gutter: Self.stepWidth(state) + 2, on: &frame,
                face: face)
        }
    }

    private func put(
        _ step: String, _ lines: [[Piece]], _ highlight: Role?, in rect: Rect, gutter: Int, on frame: inout Frame,
        face: Face
    ) {
        let step = SafeText(step).padded(to: gutter - 2)
        frame.write(step, x: rect.x, y: rect.y, role: highlight ?? .dim, in: rect)
        for (index, line) in lines.enumerated() {
            let pieces = line.map { Piece($0.text, highlight ?? $0.role) }
            frame.put(pieces, x: rect.x + gutter, y: rect.y + index, face: face, in: rect)
        }
    }

    /// Columns of the steps: the largest decides, which after an undo is not the present one.
    private static func stepWidth(_ state: DashboardState) -> Int {
        let steps = state.ledger.entries.suffix(64).map(\.step) + state.planned.map(\.step) + [state.step]
        return max(5, String(steps.max() ?? 0).count + 1)
    }

    /// What an empty ledger says.
    private static func emptyWords(_ state: DashboardState) -> String {
        guard let index = state.selectedKnob else { return "this run has nothing to edit" }
        return "+ and - change the \(state.knobs[index].title)"
    }
}
