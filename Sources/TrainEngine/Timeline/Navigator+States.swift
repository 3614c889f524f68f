import TrainCore
import TrainProtocol

/// The states that a run keeps to go back to.
extension Navigator {
    /// Keeps the present state, to be reached fast later.
    func keepCheckpoint(isPinned: Bool = false) {
        keepStateBeforeEdits()
        keep(trainer.settings, at: branchTrainer.moment, isPinned: isPinned)
    }

    /// Keeps the present state with these settings.
    private func keep(_ settings: TrainingSettings, at moment: Moment, isPinned: Bool) {
        // Of a large model it takes long to copy one, and nothing comes of it.
        guard checkpoints.hasRoom(for: trainer.stateByteCount),
            !checkpoints.holds(moment, of: lineage, isPinned: isPinned)
        else { return }
        var state = checkpoints.takeSpare(
            for: trainer.stateByteCount, at: moment, of: lineage, redo: timeline.redo)
        trainer.copyState(into: &state, with: settings)
        guard let state else { return }
        checkpoints.keep(state, at: moment, of: lineage, redo: timeline.redo, isPinned: isPinned)
    }

    /// Keeps the state before the edits since the last step. An edit is made and told before that: to copy the state of a
    /// large model takes longer than an answer may, and until the next step only the settings are others.
    func keepStateBeforeEdits() {
        guard beforeEdits != nil, let (settings, moment) = beforeEdits.take() else { return }
        keep(settings, at: moment, isPinned: true)
    }

    /// The latest state kept that is not after a moment.
    func checkpoint(notAfter moment: Moment, of lineage: Lineage) -> CheckpointStore.Checkpoint {
        keepStateBeforeEdits()
        guard let checkpoint = checkpoints.latest(notAfter: moment, of: lineage) else {
            preconditionFailure("the state at the start is always kept")
        }
        return checkpoint
    }

    /// Another trainer in the present state.
    func copyOfTrainer() throws(Refusal) -> sending Trainer {
        do throws(TrainingError) {
            let copy = try Trainer(job, training: trainer.training)
            copy.state = trainer.state
            return copy
        } catch {
            throw Refusal(error.description)
        }
    }
}
