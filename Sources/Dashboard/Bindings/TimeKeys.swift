import Canvas
import TrainEngine

extension KeyTable {
    /// Keys that go back in time, and forward again.
    static let timeKeys: [KeyBinding] = [
        KeyBinding(
            keys: [.character("u")], section: .time, help: "undo: go back to before the last edit",
            hint: { $0.race == nil && $0.hasEditToUndo ? "undo" : nil }, rank: 6,
            action: { state, _ in [state.send(.undo)] }),
        KeyBinding(
            keys: [.character("U")], section: .time, help: "redo: go forward again to where undo left",
            hint: { $0.history.abandoned.isEmpty || $0.race != nil ? nil : "redo" }, rank: 13,
            action: { state, _ in [state.send(.redo)] }),
        KeyBinding(
            keys: [.character("R")], section: .time, help: "go back to the best validation so far",
            hint: { state in
                guard state.race == nil, let best = state.history.bestEvaluation else { return nil }
                return best.step < state.step ? "best" : nil
            }, rank: 17,
            action: { state, _ in state.goToBest() }),
        KeyBinding(
            keys: [.enter], label: "enter", section: .time, help: "with the chart's cursor: go back to that step",
            hint: { state in state.chart.cursor.map { "go to step \($0)" } }, rank: 1,
            applies: { $0.chart.cursor != nil && $0.race == nil },
            action: { state, _ in state.goToCursor() }),
    ]
}

extension DashboardState {
    /// Whether an edit is in force that undo takes back.
    fileprivate var hasEditToUndo: Bool {
        ledger.appliedEdits.contains { edit, step in
            edit.number > 0 && history.way.holds(edit: edit.number, on: edit.branch, at: step)
        }
    }

    /// Goes back to the best validation, where there can be one.
    mutating func goToBest() -> [Effect] {
        guard run.validationRows > 0 else {
            say(validationNote)
            return []
        }
        return [send(.goToBest)]
    }

    /// Goes back to the step under the chart's cursor.
    fileprivate mutating func goToCursor() -> [Effect] {
        guard let cursor = chart.cursor else { return [] }
        chart.cursor = nil
        return [send(.goToStep(cursor))]
    }
}
