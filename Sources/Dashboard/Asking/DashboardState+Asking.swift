import Canvas
import RunModel
import TrainProtocol

/// Asking an engine: every key and every typed command goes through here.
extension DashboardState {
    /// Sends a command, or says why that makes no sense now and sends nothing.
    mutating func ask(_ command: Command) -> [Effect] {
        if let objection = objection(to: command.kind) { return refuse(objection) }
        return [.send(command, requests.add(command, at: now))]
    }

    /// Why something cannot be asked for now, as a sentence; nil where it can. The hint bar, the help and the keys
    /// themselves go by it, so none of them can offer what another one refuses.
    func objection(to kind: Command.Kind) -> String? {
        if let objection = run.capabilities.objection(to: kind) { return objection }
        switch runState {
        case .connecting? where kind != .stop: return "the training is not there yet"
        case .lost(let reason)? where kind != .stop: return "the training does not answer: \(reason)"
        case .stopped?: return "the run has stopped   q quits"
        default: break
        }
        if race != nil, Self.endsWithRace.contains(kind) { return "a race is on: enter adopts, esc ends it" }
        if kind == .resume, isRaceOver { return "the race is over: enter adopts, esc ends it" }
        switch (kind, runState) {
        case (.pause, .done?), (.resume, .done?), (.step, .done?), (.runEpoch, .done?):
            return (["the run is done"] + waysOn + ["q quits"]).joined(separator: "   ")
        case (.race, .done?): return "all epochs are done; raise epochs to race"
        case (.set, _), (.ramp, _), (.plan, _), (.race, _):
            return run.hyperparameters.isEmpty ? "this run has no hyperparameters" : nil
        case (.undo, _): return run.edits.isEmpty ? "there is no edit to undo" : nil
        case (.evaluate, _): return description.isValidated ? nil : noValidation
        case (.goToBest, _) where !isValidated, (.saveBest, _) where !isValidated:
            return noValidation
        case (.goToBranch, _): return history.abandoned.isEmpty ? "no branch was left yet" : nil
        case (.cancelPlan, _): return planned.isEmpty ? "no edit is planned" : nil
        case (.testLearningRates, _):
            return run.hyperparameter(.learningRate) == nil ? "this run has no learning rate" : nil
        case (.redo, _): return run.redo == nil ? "there is nothing to redo" : nil
        case (.goToBest, _):
            guard let best = history.bestEvaluation else { return "there was no validation on the way here" }
            return best.step < step ? nil : "the run is at its best validation"
        case (.saveBest, _):
            return history.bestEvaluation == nil ? "there was no validation on the way here" : nil
        case (.adopt, _), (.endRace, _): return race == nil ? "there is no race; :race begins one" : nil
        case (.recover, _): return recovery == nil ? "there is nothing to recover from" : nil
        default: return nil
        }
    }

    /// What waits for the end of a race: all that would change what its branches have in common.
    private static let endsWithRace: Set<Command.Kind> = [
        .set, .ramp, .plan, .undo, .redo, .goToStep, .goToBest, .goToBranch, .recover, .showTwin, .race, .saveBest,
        .testLearningRates, .step, .runEpoch,
    ]

    /// How to go on from where all epochs are done, as far as it can be asked for.
    var waysOn: [String] {
        var ways: [String] = []
        if let epochs = run.hyperparameter(.epochs), objection(to: .set) == nil {
            ways.append(":\(epochs.name) +5 goes on")
        }
        if objection(to: .undo) == nil { ways.append("u goes back") }
        return ways
    }

    /// What space does after a divergence; nil where there is no way out that the engine offers.
    var wayOut: String? {
        guard willPause, let recovery, objection(to: .recover) == nil else { return nil }
        let rate = NumberFormat.shortest(recovery.learningRate.tidied())
        return "goes back to step \(NumberFormat.grouped(recovery.step)) and on at learning rate \(rate)"
    }

    /// That a request is unanswered for longer than anybody expects: "pause waits for the end of the step, 42 s".
    var waitRemark: String? {
        guard let (request, seconds) = requests.slowest(at: now) else { return nil }
        let what =
            switch runState {
            case .training?, .replaying?, .racing?: "the end of the step"
            case .evaluating?: "the end of the evaluation"
            default: "an answer"
            }
        return "\(request.command.words) waits for \(what), \(Requests.text(seconds))"
    }

    /// The way out of a divergence, nil where there is none, or nothing has diverged.
    var recovery: RunState.Divergence.Recovery? {
        if case .diverged(let divergence)? = runState { divergence.recovery } else { nil }
    }
}
