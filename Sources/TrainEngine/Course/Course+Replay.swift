internal import TrainCore

/// Doing again what a journal tells, with its numbers; whatever cannot have happened so is refused.
extension Course {
    func edit(again change: HyperparameterChange) throws(Refusal) {
        guard let setting = trainer.editableSettings.first(where: { $0.name == change.name }) else {
            throw Refusal("there is no hyperparameter '\(change.name)'")
        }
        guard setting.value == change.old else {
            throw Refusal("\(change.name) is \(setting.value), where the journal says \(change.old)")
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
        branchOff(at: place, cause: cause, told: .step, request: nil)
    }

    func `return`(to branch: BranchID, cause: JournalEntry.Cause) throws(Refusal) {
        try refuseInRace()
        guard branch != self.branch, left[branch] != nil else {
            throw Refusal("there is no branch \(branch.number) to return to")
        }
        goOn(as: branch, cause: cause, told: .branch, request: nil)
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
            let place = Place(step: tip.position.step, edits: tip.position.edits)
            if let divergence = entrant.walker.walk(to: place) { throw Refusal(divergence.description) }
            steps += place.step - track.race.step
        }
        try endRace(
            adopting: adopted, tips: tips.map { Place(step: $0.position.step, edits: $0.position.edits) })
        return steps
    }
}
