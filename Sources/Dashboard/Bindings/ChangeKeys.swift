import Canvas

extension KeyTable {
    /// Keys that change hyperparameters.
    static let changeKeys: [KeyBinding] = [
        KeyBinding(
            keys: [.character("+"), .character("-")], aliases: [.character("=")], section: .change,
            help: "selected hyperparameter x2, /2",
            hint: { state in
                guard state.race == nil, let index = state.selectedKnob else { return nil }
                return state.knobs[index].isFlag ? "switch" : state.knobs[index].choices.isEmpty ? "x2 /2" : "other"
            }, rank: 3,
            action: { state, key in state.scaleSelected(by: key == .character("-") ? 0.5 : 2) }),
        KeyBinding(
            keys: [.character("]"), .character("[")], section: .change, help: "the same, x1.1, /1.1",
            hint: { $0.race == nil ? "fine" : nil }, rank: 8,
            action: { state, key in state.scaleSelected(by: key == .character("[") ? 1 / 1.1 : 1.1) }),
        KeyBinding(
            keys: [.up, .down], aliases: [.character("k"), .character("j"), .pageUp, .pageDown],
            label: "↑ ↓ k j", section: .change, help: "select a hyperparameter, or an edit",
            applies: { $0.race == nil },
            action: { state, key in state.move(key) }),
        KeyBinding(
            keys: [.enter], section: .change, help: "type an exact value: 3e-3, *2, /3",
            hint: { $0.typesExactValue ? "exact" : nil }, rank: 4,
            applies: { $0.typesExactValue },
            action: { state, _ in
                if let index = state.selectedKnob { state.overlay = .entry(EntryOverlay(knob: index)) }
                return []
            }),
        KeyBinding(
            keys: [.character(":")], section: .change, help: "type a command: lr 0.003, epochs +5",
            hint: { _ in "command" }, rank: 7,
            action: { state, _ in
                state.overlay = .command(CommandOverlay())
                return []
            }),
    ]
}

extension DashboardState {
    /// Whether Enter types a value rather than zooming a pane.
    fileprivate var typesExactValue: Bool {
        focus == .hyperparameters && selectedKnob != nil && chart.cursor == nil && race == nil
    }

    /// Moves through the edits where they have the focus, else through the hyperparameters.
    fileprivate mutating func move(_ key: Key) -> [Effect] {
        let distance =
            switch key {
            case .up, .character("k"): -1
            case .pageUp: -8
            case .pageDown: 8
            default: 1
            }
        if focus == .edits {
            selectEntry(distance)
        } else if !knobs.isEmpty {
            selection = min(max(0, selection + distance), knobs.count - 1)
        }
        return []
    }
}
