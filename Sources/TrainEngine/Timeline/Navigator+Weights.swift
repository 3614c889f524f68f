import TrainCore
import TrainProtocol

/// Which weights of a run count in the end.
extension Navigator {
    /// Sees a validation loss of the present state.
    func noteValidation(loss: Double) {
        bests.note(loss, at: trainer.position.step, of: lineage.branch)
        guard best?.step == trainer.position.step else { return }
        if restoresBest { bestWeights = presentWeights }
        if keepsBestState {
            // In the place of the one before it: of a large model memory that is new costs more than the copy.
            var state = bestState?.checkpoint.state
            bestState = nil
            trainer.copyState(into: &state)
            bestState = state.map { state in
                let moment = branchTrainer.moment
                return (
                    lineage.branch, CheckpointStore.Checkpoint(moment: moment, state: state, isPinned: true)
                )
            }
        }
    }

    /// The lowest validation loss on the lineage.
    var best: BestValidations.Best? { bests.best(on: lineage) }

    private var restoresBest: Bool { earlyStopping?.restoreBestWeights == true }

    /// Lets the run end when its validation loss has not fallen for so many epochs, with the best weights where the job
    /// does not say otherwise; nil for never.
    func setPatience(_ epochs: Int?) {
        var rule = job.earlyStopping ?? EarlyStopping()
        rule.patience = epochs ?? 0
        earlyStopping = epochs == nil ? nil : rule
    }

    private var presentWeights: KeptWeights {
        KeptWeights(
            branch: lineage.branch, step: trainer.position.step, areRefitted: false, weights: trainer.weights)
    }

    /// The weights that count in the end: those of the lowest validation loss where the job restores them, else the
    /// present ones.
    func weightsToKeep() -> KeptWeights {
        guard restoresBest, race == nil else { return presentWeights }
        do throws(Refusal) { return try weightsOfBest() } catch { return presentWeights }
    }

    /// The weights of the lowest validation loss.
    ///
    /// - Throws: why there are none.
    func weightsOfBest() throws(Refusal) -> KeptWeights {
        try timeline.refuseInRace()
        guard let step = best?.step else { throw Refusal("there was no validation on the way here") }
        if step == timeline.step { return presentWeights }
        let branch = lineage.segments.first { step <= $0.end.step }?.branch ?? lineage.branch
        if let bestWeights, bestWeights.branch == branch, bestWeights.step == step { return bestWeights }
        // The run went elsewhere since: what led to the best is done again.
        let moment = Moment(step: step, edits: lineage.edits(before: step))
        let copy = BranchTrainer(try copyOfTrainer())
        copy.jump(to: checkpoint(notAfter: moment, of: lineage), edits: lineage.edits)
        _ = copy.advance(to: moment)
        return KeptWeights(branch: branch, step: step, areRefitted: false, weights: copy.trainer.weights)
    }

    /// The weights of a run on other rows, in as many steps as those that are kept took, with the same edits.
    ///
    /// - Throws: why there are none, where it cannot come so far.
    func refit(on rows: Dataset, from initial: [Weights]?) throws(Refusal) -> KeptWeights {
        let kept = weightsToKeep()
        do throws(TrainingError) {
            let other = try Trainer(job, training: rows)
            if let initial { try other.setWeights(initial) }
            let branch = BranchTrainer(other)
            for edit in lineage.edits where edit.step < kept.step { try branch.append(edit) }
            if let divergence = branch.advance(to: Moment(step: kept.step, edits: 0)) {
                throw TrainingError(divergence.description)
            }
            return KeptWeights(branch: kept.branch, step: kept.step, areRefitted: true, weights: other.weights)
        } catch {
            throw Refusal(error.description)
        }
    }
}
