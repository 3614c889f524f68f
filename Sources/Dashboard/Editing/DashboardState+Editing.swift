import Canvas
import TrainEngine
import Wording

extension DashboardState {
    /// The selected hyperparameter's index, nil where the run has none.
    var selectedKnob: Int? { knobs.indices.contains(selection) ? selection : nil }

    /// Asks the engine for a value, after so many steps or at once, or says why not.
    mutating func set(_ index: Int, to value: Double, over steps: Int = 0) -> [Effect] {
        let knob = knobs[index]
        if let objection = knob.objection(to: value) {
            say(objection, role: .bad)
            ledger.record(.note(objection, .bad), step: step)
            return []
        }
        guard value != knob.target else {
            say("\(knob.title) is \(knob.textWithUnit(value)) already", role: .dim)
            return []
        }
        let effect = send(steps > 0 ? .ramp(knob.name, value, over: steps) : .set(knob.name, value))
        guard case .send(_, let id) = effect else { return [effect] }
        knobs[index].pending = Knob.Pending(value: value, over: steps, request: id)
        let edit = Ledger.Edit(
            request: id, branch: history.way.branch, name: knob.name, old: knob.target, new: value, over: steps,
            outcome: .requested)
        ledger.record(.edit(edit), step: step)
        return [effect]
    }

    /// Multiplies the selected hyperparameter by a factor.
    mutating func scaleSelected(by factor: Double) -> [Effect] {
        guard let index = selectedKnob else {
            say("this run has no hyperparameters")
            return []
        }
        let knob = knobs[index]
        if knob.target == 0, !knob.isFlag, knob.choices.isEmpty, !knob.isWhole || factor < 1 {
            say("\(knob.title) is \(knob.text(0)), which no factor changes; enter types a value")
            return []
        }
        if knob.name == "pace", knob.target == PaceLadder.unlimited { return changePace(faster: factor > 1) }
        return set(index, to: knob.scaled(by: factor))
    }

    /// Goes up or down the ladder of paces.
    mutating func changePace(faster: Bool) -> [Effect] {
        guard let index = knobs.firstIndex(where: { $0.name == "pace" }) else {
            say("this run has no pace")
            return []
        }
        let pace = knobs[index].target
        if faster, pace == PaceLadder.unlimited {
            say("already as fast as it goes", role: .dim)
            return []
        }
        let observed = progress?.stepsPerSecond
        let next = faster ? PaceLadder.faster(than: pace) : PaceLadder.slower(than: pace, observed: observed)
        return set(index, to: next)
    }
}
