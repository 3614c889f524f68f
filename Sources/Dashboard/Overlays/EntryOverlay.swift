import Canvas
import TrainEngine

/// Types an exact value for one hyperparameter.
struct EntryOverlay: OverlayContent, Equatable {
    /// Which one.
    let knob: Int
    /// What was typed.
    var field = TextField()
    /// Why the text was not taken; the text stays, to be mended.
    var mistake: String?

    func press(_ key: Key, in state: inout DashboardState) -> [Effect] {
        var next = self
        guard key == .enter else {
            if next.field.press(key) { next.mistake = nil }
            state.overlay = .entry(next)
            return []
        }
        switch value(state) {
        case .success(let value):
            state.overlay = nil
            return state.set(knob, to: value)
        case .failure(let mistake):
            next.mistake = mistake.message
            state.overlay = .entry(next)
            return []
        }
    }

    /// The value that the text means, or why it means none.
    private func value(_ state: DashboardState) -> Result<Double, ValueChange.Mistake> {
        Result { () throws(ValueChange.Mistake) in
            try state.knobs[knob].value(field.text, from: state.knobs[knob].target)
        }
    }

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState, face: Face) {
        let knob = state.knobs[knob]
        let inside = frame.dialog(
            Size(width: 56, height: 6), title: knob.title, facts: "now \(knob.textWithUnit(knob.target))", in: rect,
            face: face)
        var rows = inside.inset(horizontally: 0, vertically: inside.height > 3 ? 1 : 0)
        field.draw(prompt: " ", in: rows.removeTop(1), on: &frame, face: face)
        let (text, role): (String, Role) =
            if let mistake {
                (mistake, .bad)
            } else if case .success(let value) = value(state) {
                ("\(knob.text(knob.target)) → \(knob.textWithUnit(value))", .edit)
            } else {
                (knob.guidance, .dim)
            }
        frame.put(text, x: rows.x + 1, y: rows.y, role: role, face: face, in: rows)
    }

    func hints(_ state: DashboardState) -> [(keys: String, word: String)] {
        [("enter", "set"), ("esc", "cancel"), ("Ctrl-U", "clear")]
    }
}

extension Knob {
    /// What may be typed.
    fileprivate var guidance: String {
        if isFlag { return "on or off" }
        if !choices.isEmpty { return choices.joined(separator: "  ") }
        return isWhole ? "a whole number, or *2, /3, +5" : "a number such as 3e-3, or *2, /3"
    }
}
