internal import TrainCore

/// Going back, and to where another branch ended.
extension Course {
    /// Goes back to the instant before the last edit.
    func undo(request: RequestID? = nil) throws(Refusal) {
        try refuseInRace()
        guard walker.made > 0 else { throw Refusal("there is no edit to undo") }
        let edit = walker.trail[walker.made - 1]
        let leaving = branch
        branchOff(
            at: Place(step: edit.step, edits: walker.made - 1), cause: .undo, told: .undo(edit), request: request)
        undone.append(leaving)
    }

    /// Goes to where the last undo left from.
    func redo(request: RequestID? = nil) throws(Refusal) {
        try refuseInRace()
        guard let branch = undone.last, left[branch] != nil else { throw Refusal("there is nothing to redo") }
        undone.removeLast()
        goOn(as: branch, cause: .redo, told: .redo, request: request)
    }

    /// Goes back to how a step left everything.
    func go(toStep step: Int, request: RequestID? = nil) throws(Refusal) {
        try refuseInRace()
        try go(toStep: step, cause: .step, told: .step, request: request)
    }

    /// Goes back to the lowest validation loss on the way.
    func goToBest(request: RequestID? = nil) throws(Refusal) {
        try refuseInRace()
        let candidates = way.compactMap { stretch in bests[stretch.branch]?.last { $0.step <= stretch.end.step } }
        guard let best = candidates.min(by: { $0.loss < $1.loss }) else {
            throw Refusal("there was no validation on the way here")
        }
        try go(toStep: best.step, cause: .best, told: .best, request: request)
    }

    /// Goes on where a branch ended.
    func go(to branch: BranchID, request: RequestID? = nil) throws(Refusal) {
        try refuseInRace()
        guard branch != self.branch else { throw Refusal("the run is on branch \(branch.number)") }
        guard left[branch] != nil else { throw Refusal("there is no branch \(branch.number) to return to") }
        undone = []
        goOn(as: branch, cause: .branch, told: .branch, request: request)
    }

    /// Goes back some steps after a divergence and on with half the learning rate of the step that could not be taken.
    func rewind(by steps: Int, after divergence: Divergence) throws(Refusal) {
        let rate = trainer.settings.optimizer.learningRate
        let target = max(0, trainer.position.step - steps)
        let edits = walker.trail[..<walker.made].count { $0.step < target }
        branchOff(
            at: Place(step: target, edits: edits), cause: .divergence,
            told: .divergence(reason: divergence.description), request: nil)
        try make("learning_rate", to: rate / 2, over: 0, request: nil)
        undone = []
    }

    private func go(
        toStep step: Int, cause: JournalEntry.Cause, told: Move.Cause, request: RequestID?
    ) throws(Refusal) {
        guard (0...trainer.position.step).contains(step) else {
            throw Refusal("step \(step) is not on the way here, which has \(trainer.position.step) steps")
        }
        let place = Place(step: step, edits: walker.trail[..<walker.made].count { $0.step < step })
        guard place != walker.place else { throw Refusal("the run is at step \(step)") }
        undone = []
        branchOff(at: place, cause: cause, told: told, request: request)
    }

    /// Leaves the branch and begins another one at a place of the way.
    func branchOff(at place: Place, cause: JournalEntry.Cause, told: Move.Cause, request: RequestID?) {
        let (former, formerStep) = (branch, trainer.position.step)
        let trail = Array(walker.trail[..<place.edits])
        noteLeaving()
        // Where an undo left from can be gone to again, even if nothing was done there.
        leave(evenIfNew: cause == .undo)
        let index = way.firstIndex { place <= $0.end } ?? way.count - 1
        let parent = way[index].branch
        branch = BranchID(nextBranch)
        nextBranch += 1
        way =
            way[..<index] + [
                StateStore.Stretch(branch: parent, end: place), StateStore.Stretch(branch: branch, end: .end),
            ]
        travel(to: place, of: trail)
        write?(
            .branchedOff(
                branch: branch, at: .init(step: place.step, edits: place.edits), after: formerStep, cause: cause))
        events.append(.branched(Branch(id: branch, parent: parent, forkStep: place.step)))
        tellMove(told, request: request, from: former, formerStep)
        restorePlans(but: told)
    }

    /// Leaves the branch and goes on where another one ended. Without a cause nothing is written down: it goes without
    /// saying.
    func goOn(as next: BranchID, cause: JournalEntry.Cause?, told: Move.Cause, request: RequestID?) {
        guard let target = left[next] else { preconditionFailure("no such branch") }
        let (former, formerStep) = (branch, trainer.position.step)
        if cause != nil { noteLeaving() }
        leave(evenIfNew: cause == .redo)
        left[next] = nil
        branch = next
        way = target.way
        travel(to: target.tip, of: target.trail)
        if let cause { write?(.returned(to: next, after: formerStep, cause: cause)) }
        tellMove(told, request: request, from: former, formerStep)
        if let edit = target.firstEdit { events.append(.changed(edit)) }
    }

    /// Keeps the branch's end, unless nothing was done on it.
    private func leave(evenIfNew: Bool = false) {
        let place = walker.place
        let isNew = way.count > 1 && way[way.count - 2].end == place
        if isNew, !evenIfNew { return }
        keepState(isPinned: true)
        left[branch] = LeftBranch(way: way, trail: Array(walker.trail[..<walker.made]), tip: place)
    }

    private func travel(to place: Place, of trail: [HyperparameterChange]) {
        guard let entry = store.latest(notAfter: place, of: way) else {
            preconditionFailure("the state at the start is always kept")
        }
        walker.jump(to: entry.state, at: entry.place, of: trail)
        let divergence = walker.walk(to: place)
        precondition(divergence == nil, "a way that was walked before")
        keepState(isPinned: true)
    }

    private func tellMove(_ cause: Move.Cause, request: RequestID?, from former: BranchID, _ formerStep: Int) {
        events.append(
            .moved(
                Move(
                    cause, request: request, left: former, leftStep: formerStep, branch: branch,
                    step: trainer.position.step)))
        tellHyperparameters()
    }

    func tellHyperparameters() { events.append(.hyperparameters(Hyperparameter.all(of: trainer))) }

    /// Lets planned edits wait again where the run went back to before they were made; but one that was undone is gone.
    private func restorePlans(but cause: Move.Cause) {
        let inForce = Set(walker.trail.map(\.number))
        for (number, plan) in planned.sorted(by: { $0.key < $1.key }) where !inForce.contains(number) {
            if case .undo(let edit) = cause, edit.number == number { continue }
            guard plan.step > trainer.position.step, !plans.contains(where: { $0.number == plan.number }) else {
                continue
            }
            planned[number] = nil
            plans.append(plan)
            events.append(.planned(plan))
        }
    }
}
