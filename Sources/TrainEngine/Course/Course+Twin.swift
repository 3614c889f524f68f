internal import TrainCore

/// What would have come without an edit.
extension Course {
    /// A walker at the place before an edit, on the way without it, and the branch that this is.
    func twin(withoutEdit number: Int?) throws(Refusal) -> (walker: TrailWalker, edit: HyperparameterChange, Branch) {
        try refuseInRace()
        let made = walker.trail[..<walker.made]
        guard let index = number.map({ number in made.firstIndex { $0.number == number } }) ?? made.indices.last else {
            throw Refusal(number.map { "edit \($0) is not in force" } ?? "there is no edit yet")
        }
        let edit = made[index]
        let place = Place(step: edit.step, edits: index)
        var trail = Array(made)
        trail.remove(at: index)
        let twin = TrailWalker(try copyOfTrainer())
        guard let entry = store.latest(notAfter: place, of: way) else {
            preconditionFailure("the state at the start is always kept")
        }
        twin.jump(to: entry.state, at: entry.place, of: trail)
        _ = twin.walk(to: place)
        let parent = way.first { place <= $0.end }?.branch ?? branch
        let branch = Branch(id: BranchID(nextBranch), parent: parent, forkStep: edit.step)
        nextBranch += 1
        return (twin, edit, branch)
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
