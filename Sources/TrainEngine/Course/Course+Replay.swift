internal import TrainCore

/// Doing again what a journal tells, with its numbers; whatever cannot have happened so is refused.
extension Course {
    func edit(again change: HyperparameterChange, choice: String?) throws(Refusal) {
        guard let setting = trainer.editableSettings.first(where: { $0.name == change.name }) else {
            throw Refusal("there is no hyperparameter '\(change.name)'")
        }
        guard setting.value == change.old else {
            throw Refusal("\(change.name) is \(setting.value), where the journal says \(change.old)")
        }
        if let choice,
            !setting.choices.indices.contains(where: { Double($0) == change.new && setting.choices[$0] == choice })
        {
            throw Refusal("\(change.name) \(change.new) is not '\(choice)', as the journal says")
        }
        guard change.number >= nextEdit else { throw Refusal("there was an edit \(change.number) before") }
        nextEdit = change.number
        try edit(change.name, to: change.new, over: change.over)
    }

    func branchOff(
        again branch: BranchID, at position: JournalEntry.Position, cause: JournalEntry.Cause
    ) throws(Refusal) {
        try refuseInRace()
        let place = Place(step: position.step, edits: position.edits)
        let made = walker.trail[..<walker.made]
        // The edits of the place are those made before its step, and some of those made after it.
        let before = made.count { $0.step < place.step }
        let through = made.count { $0.step <= place.step }
        guard (0...trainer.position.step).contains(place.step), (before...through).contains(place.edits),
            branch.number >= nextBranch
        else { throw Refusal("the run never was at step \(place.step) with \(place.edits) edits") }
        nextBranch = branch.number
        let told: Move.Cause =
            switch cause {
            case .undo where place.edits < walker.made: .undo(walker.trail[place.edits])
            case .best: .best
            case .divergence: .divergence(reason: "a number was not finite")
            case .undo, .step, .redo, .branch: .step
            }
        branchOff(at: place, cause: cause, told: told, request: nil)
    }

    func `return`(to branch: BranchID, cause: JournalEntry.Cause) throws(Refusal) {
        try refuseInRace()
        guard branch != self.branch, let target = left[branch] else {
            throw Refusal("there is no branch \(branch.number) to return to")
        }
        try makeSure(of: target)
        goOn(as: branch, cause: cause, told: cause == .redo ? .redo : .branch, request: nil)
    }

    func beginRace(again race: Race) throws(Refusal) {
        guard let first = race.entrants.first, first.branch.number >= nextBranch,
            race.entrants.enumerated().allSatisfy({ $1.branch.number == first.branch.number + $0 })
        else { throw Refusal("the branches of the race have numbers that they cannot have") }
        nextBranch = first.branch.number
        try beginRace(race.name, race.entrants.map(\.value))
    }

    /// Walks the adopted branch to where it ended; of the others it is enough to know where that was.
    ///
    /// - Returns: the steps taken.
    func endRace(again adopted: BranchID?, tips: [JournalEntry.Tip]) throws(Refusal) -> Int {
        guard let track else { throw Refusal("there is no race") }
        let edits = walker.made + 1
        guard tips.map(\.branch) == track.entrants.map(\.branch),
            tips.allSatisfy({ $0.position.edits == edits && $0.position.step >= track.race.step })
        else { throw Refusal("the race cannot have ended so") }
        var steps = 0
        for (tip, entrant) in zip(tips, track.entrants) where tip.branch == adopted {
            try walk(entrant.walker, to: Place(step: tip.position.step, edits: tip.position.edits))
            steps += tip.position.step - track.race.step
        }
        try endRace(
            adopting: adopted, tips: tips.map { Place(step: $0.position.step, edits: $0.position.edits) })
        return steps
    }

    /// Walks to the end of a branch where that was not done yet, as with a race's branches that were not adopted: the
    /// journal alone says that they came so far.
    private func makeSure(of target: LeftBranch) throws(Refusal) {
        guard let entry = store.latest(notAfter: target.tip, of: target.way), entry.place != target.tip else { return }
        let walker = TrailWalker(try copyOfTrainer())
        walker.jump(to: entry.state, at: entry.place, of: target.trail)
        try walk(walker, to: target.tip)
        store.keep(walker.trainer.state, at: target.tip, of: target.way, isPinned: true)
    }

    private func walk(_ walker: TrailWalker, to place: Place) throws(Refusal) {
        let trainer = walker.trainer
        while trainer.position.step < place.step {
            // An edit that waits for this step may bring more epochs.
            if trainer.isPastAllEpochs, walker.made == walker.trail.count {
                throw Refusal("all epochs are done, where the journal goes on to step \(place.step)")
            }
            let left = max(1, trainer.stepsPerEpoch - trainer.position.stepInEpoch)
            let stop = Place(step: min(place.step, trainer.position.step + left), edits: 0)
            if let divergence = walker.walk(to: stop) { throw Refusal(divergence.description) }
        }
        _ = walker.walk(to: place)
    }
}
