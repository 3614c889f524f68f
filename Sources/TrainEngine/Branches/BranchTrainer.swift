import TrainCore
import TrainProtocol

/// A trainer on one branch: it takes steps, and makes each of the branch's edits when its step is done.
///
/// Where it is depends on where it began and on the edits alone, so whoever goes the same way from any earlier moment
/// comes to the same state, bit for bit: the run itself, its twin, the branches of a race, a replay.
final class BranchTrainer {
    let trainer: Trainer
    /// The edits of the branch since the start of the run, in order; those behind `made` wait for their step.
    private(set) var edits: [Edit] = []
    /// How many of the edits are in force.
    private(set) var made = 0

    init(_ trainer: Trainer) { self.trainer = trainer }

    /// Where it is.
    var moment: Moment { Moment(step: trainer.position.step, edits: made) }

    /// Goes to a moment whose state is known, of a branch with these edits.
    func jump(to checkpoint: CheckpointStore.Checkpoint, edits: [Edit]) {
        trainer.state = checkpoint.state
        self.edits = edits
        made = checkpoint.moment.edits
    }

    /// Adds an edit at the end. It is made at once where the trainer has come to its step.
    ///
    /// - Throws: why the trainer does not take it; the edits are as they were then.
    func append(_ edit: Edit) throws(TrainingError) {
        precondition(edit.step >= trainer.position.step && edit.step >= edits.last?.step ?? 0, "an edit of the past")
        if edit.step == trainer.position.step, made == edits.count {
            try make(edit)
            made += 1
        }
        edits.append(edit)
    }

    /// Takes up to `limit` steps, no further than to the end of the epoch and no more than there is room for in
    /// `steps`, and adds what came of each there.
    ///
    /// - Returns: the steps taken, and why no more were where it is none of these.
    func run(atMost limit: Int, into steps: StepBuffer) -> (steps: Int, divergence: Divergence?) {
        let limit = min(limit, steps.room)
        var taken = 0
        makeDueEdits()
        while taken < limit {
            var wanted = limit - taken
            if made < edits.count { wanted = min(wanted, edits[made].step - trainer.position.step) }
            let (more, divergence) = trainer.run(atMost: wanted, into: steps)
            taken += more
            if divergence != nil { return (taken, divergence) }
            if trainer.isEpochComplete { break }
            makeDueEdits()
        }
        return (taken, nil)
    }

    /// Goes on to a moment of the branch.
    ///
    /// - Returns: what stopped it on the way; nothing can where steps were taken before.
    func advance(to moment: Moment) -> Divergence? {
        let steps = StepBuffer(capacity: 1024, for: trainer)
        while trainer.position.step < moment.step {
            steps.removeAll()
            let (_, divergence) = run(atMost: moment.step - trainer.position.step, into: steps)
            if let divergence { return divergence }
        }
        while made < min(moment.edits, edits.count) { makeNext() }
        return nil
    }

    private func makeDueEdits() {
        while made < edits.count, edits[made].step <= trainer.position.step { makeNext() }
    }

    /// An edit that was allowed when it was first made is allowed again: all it depends on is the same. On a twin,
    /// which lacks an edit, one that concerns what only that edit brought is passed over.
    private func makeNext() {
        do throws(TrainingError) { try make(edits[made]) } catch { trainer.endRamp(edits[made].name) }
        made += 1
    }

    private func make(_ edit: Edit) throws(TrainingError) {
        guard let setting = trainer.setting(named: edit.name) else {
            throw TrainingError("there is no hyperparameter '\(edit.name)'")
        }
        guard let value = setting.number(edit.new), let old = setting.number(edit.old) else {
            throw TrainingError("\(edit.name) cannot have that value")
        }
        if edit.over == 0 {
            try trainer.set(edit.name, to: value)
        } else {
            try trainer.begin(Ramp(edit.name, from: old, to: value, after: edit.step, over: edit.over))
        }
    }
}
