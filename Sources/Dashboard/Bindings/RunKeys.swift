import Canvas
import TrainEngine

extension KeyTable {
    /// Keys that steer the run's time.
    static let runKeys: [KeyBinding] = [
        KeyBinding(
            keys: [.character(" ")], section: .run, help: "pause, resume",
            hint: { $0.isOver ? nil : $0.willPause ? "resume" : "pause" }, rank: 2,
            action: { state, _ in state.pauseOrResume() }),
        KeyBinding(
            keys: [.character("n")], section: .run, help: "one step, then pause",
            hint: { $0.isOver || $0.race != nil ? nil : "step" },
            rank: 5,
            action: { state, _ in state.advance(.step(1)) }),
        KeyBinding(
            keys: [.character("N")], section: .run, help: "to the end of the epoch, then pause",
            hint: { $0.isOver || $0.race != nil ? nil : "epoch" }, rank: 16,
            action: { state, _ in state.advance(.runEpoch) }),
        KeyBinding(
            keys: [.character("<"), .character(">")], aliases: [.character(","), .character(".")], section: .run,
            help: "slower, faster", hint: { _ in "pace" }, rank: 12,
            action: { state, key in
                state.changePace(faster: key == .character(">") || key == .character("."))
            }),
        KeyBinding(
            keys: [.character("f")], section: .run, help: "as fast as it goes",
            action: { state, _ in
                guard let index = state.knobs.firstIndex(where: { $0.name == "pace" }) else { return [] }
                return state.set(index, to: PaceLadder.unlimited)
            }),
        KeyBinding(
            keys: [.character("e")], section: .run, help: "evaluate on the validation rows now",
            hint: { $0.run.validationRows > 0 ? "evaluate" : nil }, rank: 20,
            action: { state, _ in state.evaluate() }),
        KeyBinding(
            keys: [.character("w")], section: .run, help: "write the weights now", hint: { _ in "save" }, rank: 18,
            action: { state, _ in [state.send(.save)] }),
    ]
}
