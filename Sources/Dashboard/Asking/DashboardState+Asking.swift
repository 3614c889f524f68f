import Canvas
import RunModel
import TrainProtocol

/// Asking an engine: every key and every typed command goes through here.
extension DashboardState {
    /// Sends a command, or says why that makes no sense now and sends nothing.
    mutating func ask(_ command: Command) -> [Effect] {
        if let objection = objection(to: command.kind) {
            say(objection)
            return []
        }
        return [.send(command, requests.add(command, at: now))]
    }

    /// Why something cannot be asked for now, as a sentence; nil where it can. The hint bar, the help and the keys
    /// themselves go by it, so none of them can offer what another one refuses.
    func objection(to kind: Command.Kind) -> String? {
        if let objection = run.capabilities.objection(to: kind) { return objection }
        if race != nil {
            switch kind {
            case .set, .ramp, .plan, .undo, .redo, .goToStep, .goToBest, .goToBranch, .showTwin, .race,
                .testLearningRates, .runEpoch:
                return "a race is on: enter adopts, esc ends it"
            default: break
            }
        }
        switch (kind, runState) {
        case (_, .lost(let reason)?) where kind != .stop: return "the training does not answer: \(reason)"
        case (.pause, .done?), (.resume, .done?), (.step, .done?), (.runEpoch, .done?):
            return "the run is done   :epochs +5 goes on   u goes back   q quits"
        case (.pause, .stopped?), (.resume, .stopped?), (.step, .stopped?), (.runEpoch, .stopped?):
            return "the run has stopped   q quits"
        case (.race, .done?): return "all epochs are done; raise epochs to race"
        case (.evaluate, _) where !description.isValidated, (.goToBest, _) where !description.isValidated:
            return validationNote
        case (.undo, _): return run.edits.isEmpty ? "there is no edit to undo" : nil
        case (.redo, _): return run.redo == nil ? "there is nothing to redo" : nil
        case (.goToBest, _):
            guard let best = history.bestEvaluation else { return "there was no validation on the way here" }
            return best.step < step ? nil : "the run is at its best validation"
        case (.adopt, _), (.endRace, _): return race == nil ? "there is no race; b begins one" : nil
        case (.recover, _): return recovery == nil ? "there is nothing to recover from" : nil
        default: return nil
        }
    }

    /// The way out of a divergence, nil where there is none, or nothing has diverged.
    var recovery: RunState.Divergence.Recovery? {
        if case .diverged(let divergence)? = runState { divergence.recovery } else { nil }
    }
}
