internal import TrainCore
internal import Wording

/// Branches side by side.
extension Course {
    func refuseInRace() throws(Refusal) {
        if track != nil { throw Refusal("a race is on: adopt a branch or end it first") }
    }

    /// Lets branches that differ in one value begin here.
    func beginRace(_ name: String, _ values: [Double]) throws(Refusal) {
        try refuseInRace()
        guard let setting = trainer.editableSettings.first(where: { $0.name == name }) else {
            throw Refusal("there is no hyperparameter '\(name)'")
        }
        guard (2...9).contains(values.count) else { throw Refusal("a race has two to nine branches") }
        for value in values {
            if let objection = setting.range.objection(to: value) { throw Refusal("\(name) \(objection)") }
        }
        keepState(isPinned: true)
        let place = walker.place
        var entrants: [RaceTrack.Entrant] = []
        for value in values {
            let entrant = TrailWalker(try copyOfTrainer())
            entrant.jump(to: trainer.state, at: place, of: Array(walker.trail[..<walker.made]))
            let edit = HyperparameterChange(
                number: nextEdit + entrants.count, request: nil, name: name, old: setting.value, new: value,
                step: place.step)
            do throws(TrainingError) { try entrant.append(edit) } catch { throw Refusal(error.description) }
            entrants.append(
                RaceTrack.Entrant(branch: BranchID(nextBranch + entrants.count), walker: entrant, value: value))
        }
        nextEdit += entrants.count
        nextBranch += entrants.count
        for entrant in entrants {
            events.append(.branched(Branch(id: entrant.branch, parent: branch, forkStep: place.step)))
        }
        let race = Race(
            name: name, entrants: entrants.map { Race.Entrant(branch: $0.branch, value: $0.value) }, step: place.step)
        track = RaceTrack(race, entrants)
        undone = []
        write?(.raceBegan(race))
        events.append(.race(race))
    }

    /// Ends the race: the run goes on as one of its branches, or where it stood. The others can be returned to.
    ///
    /// - Parameter tips: where the branches ended, nil for where their walkers are.
    func endRace(adopting adopted: BranchID?, tips: [Place]? = nil, request: RequestID? = nil) throws(Refusal) {
        guard let track else { throw Refusal("there is no race") }
        if let adopted, !track.entrants.contains(where: { $0.branch == adopted }) {
            throw Refusal("branch \(adopted.number) is not in the race")
        }
        let fork = walker.place
        let tips = tips ?? track.entrants.map(\.walker.place)
        for (entrant, tip) in zip(track.entrants, tips) {
            let way: [StateStore.Stretch] =
                way.dropLast() + [
                    StateStore.Stretch(branch: branch, end: fork),
                    StateStore.Stretch(branch: entrant.branch, end: .end),
                ]
            if entrant.walker.place == tip {
                store.keep(entrant.walker.trainer.state, at: tip, of: way, isPinned: true)
            }
            left[entrant.branch] = LeftBranch(
                way: way, trail: entrant.walker.trail, tip: tip, firstEdit: entrant.walker.trail.last)
            bests[entrant.branch] = entrant.bests.map { Best(step: $0.step, loss: $0.loss) }
        }
        self.track = nil
        write?(
            .raceEnded(
                adopted: adopted, after: fork.step,
                tips: zip(track.entrants, tips).map { entrant, tip in
                    JournalEntry.Tip(branch: entrant.branch, position: .init(step: tip.step, edits: tip.edits))
                }))
        if let adopted { goOn(as: adopted, cause: nil, told: .adoption, request: request) }
        events.append(.race(nil))
    }
}
