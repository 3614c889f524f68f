import Canvas
import RunModel
import TrainProtocol

/// Types an exact value for one hyperparameter.
struct EntryOverlay: OverlayContent, Equatable {
    /// Which one.
    let control: Int
    /// What was typed.
    var field = TextField()
    /// Why the text was not taken; the text stays, to be mended.
    var mistake: String?

    func press(_ key: Key, in state: inout DashboardState) -> [Effect] {
        var next = self
        guard key == .enter else {
            if next.field.press(key) { next.mistake = nil }
            state.view.overlay = .entry(next)
            return []
        }
        switch value(state) {
        case .success(let value):
            state.view.overlay = nil
            return state.set(control, to: value)
        case .failure(let mistake):
            next.mistake = mistake.message
            state.view.overlay = .entry(next)
            return []
        }
    }

    /// The value that the text means, or why it means none.
    private func value(_ state: DashboardState) -> Result<SettingValue, ValueChange.Mistake> {
        Result { () throws(ValueChange.Mistake) in
            try state.controls[control].value(field.text, from: state.controls[control].target)
        }
    }

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState) {
        let control = state.controls[control]
        let inside = frame.dialog(
            Size(width: 56, height: 6), title: control.title, facts: "now \(control.textWithUnit(control.target))",
            in: rect)
        var rows = inside.inset(horizontally: 0, vertically: inside.height > 3 ? 1 : 0)
        field.draw(prompt: " ", in: rows.removeTop(1), on: &frame)
        let (text, role): (String, Role) =
            if let mistake {
                (mistake, .bad)
            } else if case .success(let value) = value(state) {
                ("\(control.text(control.target)) → \(control.textWithUnit(value))", .edit)
            } else {
                (control.guidance, .dim)
            }
        frame.put(text, x: rows.x + 1, role: role, in: rows)
    }

    func hints(_ state: DashboardState) -> [(keys: String, word: String)] {
        [("enter", "set"), ("esc", "cancel"), ("Ctrl-U", "clear")]
    }
}

extension Control {
    /// What may be typed.
    fileprivate var guidance: String {
        if isFlag { return "on or off" }
        if !choices.isEmpty { return choices.joined(separator: "  ") }
        return isWhole ? "a whole number, or *2, /3, +5" : "a number such as 3e-3, or *2, /3"
    }
}
