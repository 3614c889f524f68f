import TrainCore
import TrainProtocol

/// A loss or a gradient that runs away, and what is done about it.
extension TrainingLoop {
    /// After so many times a run that diverges again waits.
    private static let mostRecoveries = 3
    /// So many steps it goes back at least.
    private static let recoveredSteps = 50

    /// The first of the steps just taken whose loss explodes. The run is taken back to before it, whatever the size of
    /// the burst: where a run ends must not depend on who watches.
    func explosion(among taken: Int, from start: Int) -> (step: Int, reason: String)? {
        let losses = steps.outcomes.suffix(taken).lazy.map { $0.loss }
        var seen = 0
        while let step = lossGuard.explosion(among: losses.dropFirst(seen), after: start + seen) {
            seen = step - start
            // What a journal tells went on.
            if isFollowing { continue }
            let loss = steps.outcomes[steps.count - taken + seen - 1].loss
            navigator.takeBack(to: step - 1)
            return (step, "the loss explodes: \(loss) at step \(step)")
        }
        return nil
    }

    func diverge(at step: Int, because reason: String) {
        if isFollowing { endReplay(with: Replay.difference(at: step, reason)) }
        let recovery = recovery(from: step)
        let policy = breakpoints.watch.policy
        if policy == .rewind, recoveries < Self.mostRecoveries, let recovery {
            do throws(Timeline.Refusal) {
                recoveries += 1
                return try recover(to: recovery, because: reason)
            } catch {
                tell(.notice("not gone back: \(error)"))
            }
        }
        handle(.diverged(RunState.Divergence(step: step, reason: reason, recovery: recovery)))
        guard policy == .stop else { return }
        if options.savesWhenDone { saveWeights(keptWeights) }
        handle(.stop)
    }

    /// Back to a step with a sane loss, by which the weights were not ruined yet, and half the learning rate.
    private func recovery(from step: Int) -> RunState.Divergence.Recovery? {
        let present = trainer.position.step
        let sane = min(present - Self.recoveredSteps, (lossGuard.lastSaneStep ?? present) - 1)
        let rate = trainer.settings.optimizer.learningRate / 2
        return present > 0 ? RunState.Divergence.Recovery(step: max(0, sane), learningRate: rate) : nil
    }

    func recover(to recovery: RunState.Divergence.Recovery, because reason: String) throws(Timeline.Refusal) {
        try perform(try navigator.goBack(to: recovery), reason: reason)
        try perform(
            try navigator.edit(Hyperparameter.Role.learningRate.rawValue, to: .number(recovery.learningRate)))
    }

    /// Somebody did something: the next divergence is a new one.
    func forgetRecoveries() { recoveries = 0 }
}
