import Canvas
import RunModel
import TrainProtocol

extension KeyTable {
    /// Keys that let branches train beside the run.
    static let compareKeys: [KeyBinding] = [
        KeyBinding(
            keys: [.character("g")], section: .compare,
            help: "ghost: a twin without the last or selected edit",
            hint: { $0.asksForTwinless ? "no ghost" : "ghost" }, rank: 11,
            action: { state, _ in state.switchTwin() }),
        KeyBinding(
            keys: [.character("b")], section: .compare, help: "fork: race the selected hyperparameter at /2, same, x2",
            hint: { _ in "fork" }, rank: 10, asks: .race,
            action: { state, _ in state.raceSelected() }),
        KeyBinding(
            keys: [.character("F")], section: .compare, help: "find a learning rate: try many, each on copies",
            hint: { _ in "find rate" }, rank: 19, asks: .testLearningRates,
            action: { state, _ in state.testLearningRates() }),
        KeyBinding(
            keys: [.up, .down], aliases: [.character("k"), .character("j")], section: .compare,
            help: "in a race: select an entrant", hint: { _ in "select" }, rank: 2,
            applies: { $0.race != nil },
            action: { state, key in
                state.selectEntrant(key == .up || key == .character("k") ? -1 : 1)
                return []
            }),
        KeyBinding(
            keys: [.enter], section: .compare, help: "in a race: adopt the selected entrant",
            hint: { _ in "adopt" }, rank: 1, asks: .adopt,
            applies: { $0.race != nil },
            action: { state, _ in
                guard let branch = state.selectedEntrant?.branch else { return [] }
                return state.ask(.adopt(branch))
            }),
        KeyBinding(
            keys: [.escape], section: .compare, help: "in a race: end it, and go on as before",
            hint: { _ in "end race" }, rank: 2, asks: .endRace,
            applies: { $0.endsRaceOnEscape },
            action: { state, _ in state.ask(.endRace) }),
    ]
}

extension DashboardState {
    /// Whether the twin's key means that there is to be none.
    var asksForTwinless: Bool {
        guard requests.wantsTwin else { return false }
        guard view.focus == .story, let number = selectedEdit else { return true }
        return twin?.edit == number
    }

    /// The twin on or off; of the selected edit where the story has the focus.
    mutating func switchTwin() -> [Effect] {
        if asksForTwinless { return ask(.hideTwin) }
        let edit = view.focus == .story ? selectedEdit : nil
        if let edit, !run.lineage.holds(edit: edit) { return refuse("edit \(edit) is not in force") }
        return ask(.showTwin(withoutEdit: edit))
    }

    /// Tests the learning rates.
    mutating func testLearningRates() -> [Effect] {
        let effects = ask(.testLearningRates)
        if !effects.isEmpty { say("testing learning rates", role: .dim) }
        return effects
    }
}
