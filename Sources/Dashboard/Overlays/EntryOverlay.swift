import Canvas
import RunModel
import TrainProtocol

/// Types an exact value for one hyperparameter, where it stands; on a screen without room for that, in the last row.
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
        let rows = PromptRows(below: rect)
        if let place = HyperparametersPane.field(of: control, on: frame.size, state, frame.glyphs) {
            field.draw(prompt: "", in: place, on: &frame)
            // Its own row says how it stands: the field is elsewhere.
            frame.fill(rows.field)
            let hints = hints(state).flatMap { [StyledText("   \($0.keys) ", .accent), StyledText($0.word, .dim)] }
            frame.put([remark(state)] + hints, x: rows.field.x + 1, in: rows.field)
        } else {
            let control = state.controls[control]
            rows.draw(field, prompt: "\(control.title) ", hints: hints(state), on: &frame)
            rows.say([remark(state)], on: &frame)
        }
    }

    /// What the value becomes, or why it does not.
    private func remark(_ state: DashboardState) -> StyledText {
        if let mistake { return StyledText(mistake, .bad) }
        let control = state.controls[control]
        if case .success(let value) = value(state) {
            return StyledText(control.textWithUnit(from: control.target, to: value), .edit)
        }
        return StyledText("now \(control.textWithUnit(control.target)); \(control.guidance)", .dim)
    }

    func hints(_ state: DashboardState) -> [(keys: String, word: String)] { [("enter", "set"), ("esc", "cancel")] }
}

extension Control {
    /// What may be typed.
    fileprivate var guidance: String {
        if isFlag { return "on or off" }
        if !choices.isEmpty { return choices.joined(separator: "  ") }
        return isWhole ? "a whole number, or *2, /3, +5" : "a number such as 3e-3, or *2, /3"
    }
}
