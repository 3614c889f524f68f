import Canvas
import RunModel
import TrainProtocol

extension KeyTable {
    /// Keys that go back in time, and forward again.
    static let timeKeys: [KeyBinding] = [
        KeyBinding(
            keys: [.character("u")], section: .time,
            help: "undo: go back to before the last edit; of taps in a row, the last",
            hint: { _ in "undo" }, rank: 6, asks: .undo,
            action: { state, _ in state.ask(.undo) }),
        KeyBinding(
            keys: [.character("U")], section: .time, help: "redo: go forward again to where undo left",
            hint: { _ in "redo" }, rank: 13, asks: .redo,
            action: { state, _ in state.ask(.redo) }),
        KeyBinding(
            keys: [.character("R")], section: .time, help: "go back to the best validation so far",
            hint: { _ in "best" }, rank: 17, asks: .goToBest,
            action: { state, _ in state.ask(.goToBest) }),
        KeyBinding(
            keys: [.enter], label: "enter", section: .time, help: "with the chart's cursor: go back to that step",
            hint: { state in state.view.chart.cursor.map { "go to step \($0)" } }, rank: 1, asks: .goToStep,
            applies: { $0.view.chart.cursor != nil && $0.race == nil },
            action: { state, _ in
                guard let cursor = state.view.chart.cursor else { return [] }
                let effects = state.ask(.goToStep(cursor))
                if !effects.isEmpty { state.view.chart.cursor = nil }
                return effects
            }),
        KeyBinding(
            keys: [.enter], label: "enter", section: .time,
            help: "in the story: go back to the step of the selected line",
            hint: { state in state.selectedStep.map { "go to step \($0)" } }, rank: 1, asks: .goToStep,
            applies: { $0.selectedStep != nil },
            action: { state, _ in
                guard let step = state.selectedStep else { return [] }
                guard step != state.step else { return state.refuse("the run is at step \(step)", role: .dim) }
                guard step < state.step else {
                    return state.refuse("step \(step) is on another branch; U or :branch goes there")
                }
                return state.ask(.goToStep(step))
            }),
    ]
}
