internal import TrainCore
internal import Wording

/// A trainer on a trail of edits: it takes steps and makes each edit when its step is done.
///
/// Where it is depends on where it began and on the trail alone, so whoever walks the same trail from any earlier
/// place comes to the same state, bit for bit: the run itself, its twin, the branches of a race, a replay.
final class TrailWalker {
    let trainer: Trainer
    /// The edits of the branch since the start of the run, in order; those behind `made` wait for their step.
    private(set) var trail: [HyperparameterChange] = []
    /// How many edits of the trail are in force.
    private(set) var made = 0
    /// The edits in force that move a value from step to step.
    private var ramps: [HyperparameterChange] = []

    init(_ trainer: Trainer) { self.trainer = trainer }

    /// Where it is.
    var place: Place { Place(step: trainer.position.step, edits: made) }

    /// Goes to a place of a trail whose state is known.
    func jump(to state: TrainingState, at place: Place, of trail: [HyperparameterChange]) {
        trainer.state = state
        self.trail = trail
        made = place.edits
        ramps = []
        for edit in trail[..<made] { note(edit) }
    }

    /// Puts an edit at the end of the trail. It is made at once where the trainer has come to its step.
    ///
    /// - Throws: why the trainer does not take it; the trail is as it was then.
    func append(_ edit: HyperparameterChange) throws(TrainingError) {
        precondition(edit.step >= trainer.position.step && edit.step >= trail.last?.step ?? 0, "an edit of the past")
        if edit.step == trainer.position.step, made == trail.count {
            try make(edit)
            made += 1
        }
        trail.append(edit)
    }

    /// Takes up to `limit` steps, no further than to the end of the epoch, and writes what came of each to `outcomes`.
    ///
    /// - Returns: the steps taken, and why no more were where it is not the limit or the epoch's end.
    func run(
        atMost limit: Int, into outcomes: UnsafeMutableBufferPointer<StepOutcome>
    ) -> (steps: Int, divergence: Divergence?) {
        let limit = min(limit, outcomes.count)
        var taken = 0
        makeDueEdits()
        while taken < limit {
            var wanted = limit - taken
            if made < trail.count { wanted = min(wanted, trail[made].step - trainer.position.step) }
            if !ramps.isEmpty {
                moveRamps()
                wanted = 1
            }
            let (steps, divergence) = trainer.run(
                atMost: wanted, into: UnsafeMutableBufferPointer(rebasing: outcomes[taken..<taken + wanted]))
            taken += steps
            if divergence != nil { return (taken, divergence) }
            if trainer.isEpochComplete { break }
            makeDueEdits()
        }
        return (taken, nil)
    }

    /// Walks on to a place of the trail.
    ///
    /// - Returns: what stopped it on the way; nothing can on a way that was walked before.
    func walk(to place: Place) -> Divergence? {
        let outcomes = UnsafeMutableBufferPointer<StepOutcome>.allocate(capacity: 1024)
        defer { outcomes.deallocate() }
        while trainer.position.step < place.step {
            let (_, divergence) = run(atMost: place.step - trainer.position.step, into: outcomes)
            if let divergence { return divergence }
        }
        while made < min(place.edits, trail.count) { makeNext() }
        return nil
    }

    // MARK: Edits

    private func makeDueEdits() {
        while made < trail.count, trail[made].step <= trainer.position.step { makeNext() }
    }

    /// An edit that was allowed when it was first made is allowed again: all it depends on is the same. On a twin,
    /// which lacks an edit, one that concerns what only that edit brought is passed over.
    private func makeNext() {
        do throws(TrainingError) { try make(trail[made]) } catch { ramps.removeAll { $0.name == trail[made].name } }
        made += 1
    }

    private func make(_ edit: HyperparameterChange) throws(TrainingError) {
        if edit.over == 0 { try trainer.set(edit.name, to: edit.new) }
        note(edit)
    }

    /// Keeps in mind which ramps are under way after an edit.
    private func note(_ edit: HyperparameterChange) {
        ramps.removeAll { $0.name == edit.name || $0.step + $0.over <= trainer.position.step }
        if edit.over > 0, edit.step + edit.over > trainer.position.step { ramps.append(edit) }
    }

    /// Gives the values that the next step is to be taken with.
    private func moveRamps() {
        let next = trainer.position.step + 1
        ramps.removeAll { edit in
            // A change of optimizer may have taken the number away.
            guard let setting = trainer.editableSettings.first(where: { $0.name == edit.name }) else { return true }
            let fraction = Double(next - edit.step) / Double(edit.over)
            let value = Interpolation.value(from: edit.old, to: edit.new, at: fraction)
            do throws(TrainingError) {
                try trainer.set(edit.name, to: setting.range.isWhole ? value.rounded() : value)
            } catch {
                return true
            }
            return edit.step + edit.over <= next
        }
    }
}
