import Canvas
import RunModel
import TrainProtocol

extension KeyTable {
    /// Keys that change hyperparameters.
    static let changeKeys: [KeyBinding] = [
        KeyBinding(
            keys: [.character("+"), .character("-")], aliases: [.character("=")], section: .change,
            help: "selected hyperparameter x2, /2",
            hint: { state in
                guard let index = state.selectedControl else { return nil }
                return state.controls[index].isFlag
                    ? "switch" : state.controls[index].choices.isEmpty ? "x2 /2" : "other"
            }, rank: 3, asks: .set,
            action: { state, key in state.scaleSelected(by: key == .character("-") ? 0.5 : 2) }),
        KeyBinding(
            keys: [.character("]"), .character("[")], section: .change, help: "the same, x1.1, /1.1",
            hint: { _ in "fine" }, rank: 8, asks: .set,
            action: { state, key in state.scaleSelected(by: key == .character("[") ? 1 / 1.1 : 1.1) }),
        KeyBinding(
            keys: [.up, .down], aliases: [.character("k"), .character("j"), .pageUp, .pageDown],
            label: "↑ ↓ k j", section: .change, help: "select a hyperparameter, or a line of the story",
            applies: { $0.race == nil && !$0.view.focus.isInside },
            action: { state, key in state.move(key) }),
        KeyBinding(
            keys: [.enter], section: .change, help: "type an exact value: 3e-3, *2, /3",
            hint: { _ in "exact" }, rank: 4, asks: .set,
            applies: { $0.typesExactValue },
            action: { state, _ in
                if let index = state.selectedControl { state.view.overlay = .entry(EntryOverlay(control: index)) }
                return []
            }),
        KeyBinding(
            keys: [.character(":")], section: .change, help: "type a command: lr 0.003, epochs +5",
            hint: { _ in "command" }, rank: 7,
            action: { state, _ in
                state.view.overlay = .command(CommandOverlay())
                return []
            }),
    ]
}

extension DashboardState {
    /// Whether Enter types a value rather than zooming a pane.
    fileprivate var typesExactValue: Bool {
        view.focus == .hyperparameters && selectedControl != nil && view.chart.cursor == nil && race == nil
    }

    /// Moves through the story where it has the focus, else through the hyperparameters.
    fileprivate mutating func move(_ key: Key) -> [Effect] {
        let distance =
            switch key {
            case .up, .character("k"): -1
            case .pageUp: -8
            case .pageDown: 8
            default: 1
            }
        if view.focus == .story {
            selectLine(distance)
        } else if !run.hyperparameters.isEmpty {
            view.selection = min(max(0, view.selection + distance), run.hyperparameters.count - 1)
        }
        return []
    }
}
