package import TrainCore
package import TrainProtocol

/// How a run goes on that another process began.
package struct Resumption: Sendable {
    /// All entries of its journal, but for its end.
    package var entries: [JournalEntry]
    /// Where it stood at some of them; nil to take all steps again.
    package var checkpoint: RunCheckpoint?
    /// Epochs to add to those that it had.
    package var epochs: Int

    /// How it goes on.
    package init(entries: [JournalEntry], checkpoint: RunCheckpoint?, addingEpochs epochs: Int = 0) {
        self.entries = entries
        self.checkpoint = checkpoint
        self.epochs = epochs
    }
}

extension Resumption {
    /// A checkpoint with its states, as a trainer takes them, and its timeline.
    struct Restored: Sendable {
        let checkpoint: RunCheckpoint
        let states: [TrainingState]
        let timeline: Timeline
    }

    /// The checkpoint for a trainer of the run's job; nil where there is none.
    ///
    /// - Throws: why it is none of this journal, job and data.
    func restored(by trainer: Trainer) throws(TrainingError) -> Restored? {
        guard let checkpoint else { return nil }
        let timeline: Timeline
        do throws(Timeline.Refusal) { timeline = try checkpoint.timeline(of: entries) } catch {
            throw TrainingError(error.description)
        }
        var states: [TrainingState] = []
        for kept in checkpoint.states { states.append(try trainer.state(of: kept.parts)) }
        guard states.first?.position.step == checkpoint.moment.step else {
            throw TrainingError("the checkpoint's state is one of another step")
        }
        return Restored(checkpoint: checkpoint, states: states, timeline: timeline)
    }
}

extension RunCheckpoint {
    /// Makes sure that a run of this job and these rows can go on from here, with a journal of these entries.
    ///
    /// - Throws: why it cannot.
    package func validate(_ entries: [JournalEntry], by trainer: Trainer) throws(TrainingError) {
        _ = try Resumption(entries: entries, checkpoint: self).restored(by: trainer)
    }
}
