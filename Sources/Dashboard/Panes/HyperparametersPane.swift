import Canvas
import RunModel
import TrainProtocol

/// All that can be edited, with the value in force and the one on its way.
struct HyperparametersPane: Pane {
    let place = Layout.Place.hyperparameters

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState) {
        if rect.height < 3 {
            drawLine(in: rect.inset(horizontally: 1, vertically: 0), on: &frame, state: state)
            return
        }
        let controls = state.controls
        let shown = Self.shown(in: rect, state)
        let facts =
            shown.count < controls.count ? "\(shown.lowerBound + 1)-\(shown.upperBound) of \(controls.count)" : ""
        var rows = box(rect, title: "hyperparameters", facts: [facts], on: &frame, state: state)
        guard !controls.isEmpty else {
            frame.put(state.isUnknown ? "—" : "this run has none", role: .dim, in: rows)
            return
        }
        let titleWidth = Self.titleWidth(in: rows, state, frame.glyphs)
        let isFocused = state.view.focus == .hyperparameters
        for index in shown {
            let row = rows.removeTop(1)
            let control = controls[index]
            let isSelected = index == state.view.selection
            let highlight: Role? = isSelected && isFocused ? .selection : nil
            if let highlight { frame.fill(row, with: Cell(" ", role: highlight)) }
            let mark = isSelected ? "▸ " : "  "
            let x = frame.put(mark, role: highlight ?? .accent, in: row)
            let title = Rect(x: x, y: row.y, width: titleWidth, height: 1).intersection(row)
            frame.put(control.title, x: x, role: highlight ?? .dim, in: title)
            let value = Self.value(control, state).map { text in
                StyledText(text.text, text.role == .warning ? .warning : highlight ?? text.role)
            }
            frame.put(value, x: title.maxX + 2, in: row)
            let command = title.maxX + 2 + Self.valueWidth
            if command + 20 <= row.maxX {
                frame.put(":\(control.name)", x: command, role: highlight ?? .dim, in: row)
            }
        }
        guard rows.height > ValuePicture.leastHeight, let selected = state.selectedControl else { return }
        _ = rows.removeTop(1)
        ValuePicture(control: controls[selected]).draw(in: rows, on: &frame, state: state)
    }

    /// A click selects, the wheel selects the next ones.
    func take(_ mouse: MouseEvent, in rect: Rect, state: inout DashboardState) -> [Effect] {
        switch mouse.action {
        case .wheelUp: return state.take(.up)
        case .wheelDown: return state.take(.down)
        case .press:
            let row = mouse.y - inside(rect).y
            let shown = Self.shown(in: rect, state)
            if rect.height >= 3, row >= 0, row < shown.count { state.view.selection = shown.lowerBound + row }
            return []
        }
    }

    /// Those that a box has room for, the selected one among them.
    private static func shown(in rect: Rect, _ state: DashboardState) -> Range<Int> {
        let (room, count) = (max(0, rect.height - 2), state.run.hyperparameters.count)
        let first = max(0, min(state.view.selection - room / 2, count - room))
        return first..<min(count, first + room)
    }

    private static func titleWidth(in rows: Rect, _ state: DashboardState, _ glyphs: GlyphSet) -> Int {
        let longest = state.controls.map { glyphs.width(of: $0.title) }.max() ?? 0
        return min(longest, max(8, rows.width / 2))
    }

    /// Where the value of a hyperparameter stands, to be typed over; nil where the screen has no box for it.
    static func field(of index: Int, on size: Size, _ state: DashboardState, _ glyphs: GlyphSet) -> Rect? {
        let pane = HyperparametersPane()
        guard let rect = Layout(size, state: state)?[pane.place], rect.height >= 3 else { return nil }
        let (rows, shown) = (pane.inside(rect), shown(in: rect, state))
        guard shown.contains(index) else { return nil }
        let x = rows.x + 2 + titleWidth(in: rows, state, glyphs) + 2
        let width = min(valueWidth, rows.maxX - x)
        return width < 8 ? nil : Rect(x: x, y: rows.y + index - shown.lowerBound, width: width, height: 1)
    }

    /// The hyperparameters one after the other, from one that leaves room for the selected one.
    private func drawLine(in row: Rect, on frame: inout Frame, state: DashboardState) {
        let controls = state.controls
        let groups = controls.indices.map { index in
            let isSelected = index == state.view.selection
            let role: Role = isSelected && state.view.focus == .hyperparameters ? .accent : .dim
            return [StyledText((isSelected ? "▸ " : "") + controls[index].title + " ", role)]
                + Self.value(controls[index], state)
        }
        guard groups.indices.contains(state.view.selection) else { return }
        var first = state.view.selection
        var width = frame.glyphs.width(of: groups[first])
        while first > 0, width + 3 + frame.glyphs.width(of: groups[first - 1]) <= row.width {
            first -= 1
            width += 3 + frame.glyphs.width(of: groups[first])
        }
        frame.put(groups: Array(groups[first...]), in: row)
    }

    /// Columns of the values, where the command that sets them follows.
    private static let valueWidth = 24

    /// `0.01`, `0.01 → 0.005` while the second is on its way, `0.0074 → 0.003 over 200` while a ramp goes there.
    private static func value(_ control: Control, _ state: DashboardState) -> [StyledText] {
        func over(_ steps: Int) -> String { steps > 0 ? " over \(steps)" : "" }
        guard let pending = control.pending else {
            if let ramp = control.ramp {
                let now = control.text(.number(ramp.value.tidied(digits: 3)))
                let target = control.text(.number(ramp.target))
                return [StyledText(now, .strong), StyledText(" → \(target) in \(ramp.stepsLeft)", .edit)]
            }
            let text = control.text(control.value)
            let unit = String(control.textWithUnit(control.value).dropFirst(text.count))
            return [StyledText(text, .strong), StyledText(unit, .dim)]
        }
        let change = control.textWithUnit(from: control.value, to: pending.value)
        let wait = state.requests.wait(of: pending.request, at: state.now).map { ", \(Requests.text($0))" } ?? ""
        return [StyledText(change + over(pending.over) + wait, .warning)]
    }
}
