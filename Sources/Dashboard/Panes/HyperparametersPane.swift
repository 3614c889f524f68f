import Canvas
import TrainEngine

/// All that can be edited, with the value in force and the one on its way.
struct HyperparametersPane: Pane {
    let place = Layout.Place.hyperparameters

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState, face: Face) {
        if rect.height < 3 {
            drawLine(in: rect.inset(horizontally: 1, vertically: 0), on: &frame, state: state, face: face)
            return
        }
        let room = max(0, rect.height - 2)
        let first = max(0, min(state.selection - room / 2, state.knobs.count - room))
        let shown = first..<min(state.knobs.count, first + room)
        let facts = shown.count < state.knobs.count ? "\(first + 1)-\(shown.upperBound) of \(state.knobs.count)" : ""
        var rows = box(rect, title: "hyperparameters", facts: [facts], on: &frame, state: state, face: face)
        guard !state.knobs.isEmpty else {
            frame.put("this run has none", x: rows.x, y: rows.y, role: .dim, face: face, in: rows)
            return
        }
        let longest = state.knobs.map { face.text($0.title).width }.max() ?? 0
        let titleWidth = min(longest, max(8, rows.width / 2))
        let isFocused = state.focus == .hyperparameters
        for index in shown {
            let row = rows.removeTop(1)
            let knob = state.knobs[index]
            let isSelected = index == state.selection
            let highlight: Role? = isSelected && isFocused ? .selection : nil
            if let highlight { frame.fill(row, with: Cell(" ", role: highlight)) }
            let mark = isSelected ? "▸ " : "  "
            let x = frame.put(mark, x: row.x, y: row.y, role: highlight ?? .accent, face: face, in: row)
            let title = Rect(x: x, y: row.y, width: titleWidth, height: 1).intersection(row)
            frame.put(knob.title, x: x, y: row.y, role: highlight ?? .dim, face: face, in: title)
            let value = Self.value(knob).map { Piece($0.text, $0.role == .warning ? .warning : highlight ?? $0.role) }
            frame.put(value, x: title.maxX + 2, y: row.y, face: face, in: row)
            let command = title.maxX + 2 + Self.valueWidth
            if command + 20 <= row.maxX {
                frame.put(":\(knob.name)", x: command, y: row.y, role: highlight ?? .dim, face: face, in: row)
            }
        }
    }

    /// The hyperparameters one after the other, from one that leaves room for the selected one.
    private func drawLine(in row: Rect, on frame: inout Frame, state: DashboardState, face: Face) {
        let groups = state.knobs.indices.map { index in
            let isSelected = index == state.selection
            let role: Role = isSelected && state.focus == .hyperparameters ? .accent : .dim
            return [Piece((isSelected ? "▸ " : "") + state.knobs[index].title + " ", role)]
                + Self.value(state.knobs[index])
        }
        guard groups.indices.contains(state.selection) else { return }
        var first = state.selection
        var width = groups[first].width(face)
        while first > 0, width + 3 + groups[first - 1].width(face) <= row.width {
            first -= 1
            width += 3 + groups[first].width(face)
        }
        frame.put(groups: Array(groups[first...]), in: row, face: face)
    }

    /// Columns of the values, where the command that sets them follows.
    private static let valueWidth = 24

    /// `0.01`, `0.01 → 0.005` while the second is on its way, `0.0074 → 0.003 over 200` while a ramp goes there.
    private static func value(_ knob: Knob) -> [Piece] {
        func over(_ steps: Int) -> String { steps > 0 ? " over \(steps)" : "" }
        guard let pending = knob.pending else {
            if let ramp = knob.ramp {
                let now = knob.text(knob.value.tidied(digits: 3))
                return [Piece(now, .strong), Piece(" → \(knob.text(ramp.new))\(over(ramp.over))", .edit)]
            }
            let text = knob.text(knob.value)
            let unit = String(knob.textWithUnit(knob.value).dropFirst(text.count))
            return [Piece(text, .strong), Piece(unit, .dim)]
        }
        return [Piece("\(knob.text(knob.value)) → \(knob.textWithUnit(pending.value))\(over(pending.over))", .warning)]
    }
}
