import Canvas
import TrainProtocol

extension KeyTable {
    /// Keys that steer the run's time.
    static let runKeys: [KeyBinding] = [
        KeyBinding(
            keys: [.character(" ")], section: .run, help: "pause, resume",
            hint: { state in
                guard state.willPause else { return "pause" }
                return state.wayOut ?? (state.isRaceOver ? nil : state.waitsAtStart ? "start" : "resume")
            },
            rank: 2,
            comesFirst: { $0.wayOut != nil },
            action: { state, _ in state.pauseOrResume() }),
        KeyBinding(
            keys: [.character("n")], section: .run, help: "one step, then pause",
            hint: { $0.race == nil ? "step" : nil }, rank: 5, asks: .step,
            action: { state, _ in state.ask(.step(1)) }),
        KeyBinding(
            keys: [.character("N")], section: .run, help: "to the end of the epoch, then pause",
            hint: { _ in "epoch" }, rank: 16, asks: .runEpoch,
            action: { state, _ in state.ask(.runEpoch) }),
        KeyBinding(
            keys: [.character("<"), .character(">")], aliases: [.character(","), .character(".")], section: .run,
            help: "slower, faster", hint: { _ in "pace" }, rank: 12, asks: .setPace,
            action: { state, key in
                state.changePace(faster: key == .character(">") || key == .character("."))
            }),
        KeyBinding(
            keys: [.character("f")], section: .run, help: "as fast as it goes", asks: .setPace,
            action: { state, _ in state.set(pace: PaceLadder.unlimited) }),
        KeyBinding(
            keys: [.character("e")], section: .run, help: "evaluate on the validation rows now",
            hint: { _ in "evaluate" }, rank: 20, asks: .evaluate,
            action: { state, _ in state.ask(.evaluate) }),
        KeyBinding(
            keys: [.character("w")], section: .run, help: "write the weights now", hint: { _ in "save" }, rank: 18,
            asks: .save,
            action: { state, _ in state.ask(.save) }),
    ]
}
