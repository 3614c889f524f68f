import TrainCore
import TrainProtocol
import Wording

/// What a command comes to: the entry that carries it out, or why it cannot be.
extension Navigator {
    /// An edit, at once or step by step.
    func edit(_ name: String, to value: SettingValue, over steps: Int = 0) throws(Refusal) -> JournalEntry {
        try timeline.refuseInRace()
        let setting = try setting(name, for: value)
        if steps != 0, steps < 0 || !setting.hyperparameter.canRamp {
            throw Refusal(
                steps < 0 ? "the number of steps must be at least 1" : "\(name) cannot be changed step by step")
        }
        return .edited(
            Edit(
                number: timeline.editNumber, name: name, old: setting.settingValue, new: value, over: steps,
                step: timeline.step))
    }

    /// Back to the instant before the last edit.
    func undo() throws(Refusal) -> JournalEntry {
        try timeline.refuseInRace()
        guard let edit = lineage.edits.last else { throw Refusal("there is no edit to undo") }
        return branchOff(at: Moment(step: edit.step, edits: lineage.edits.count - 1), .undo)
    }

    /// Forward to where the last undo left from.
    func redo() throws(Refusal) -> JournalEntry {
        try timeline.refuseInRace()
        guard let branch = timeline.redo else { throw Refusal("there is nothing to redo") }
        return .returned(to: branch, after: timeline.step, cause: .redo)
    }

    /// Back to how a step left everything.
    func go(toStep step: Int, _ cause: JournalEntry.Cause = .step) throws(Refusal) -> JournalEntry {
        try timeline.refuseInRace()
        guard (0...timeline.step).contains(step) else {
            throw Refusal("step \(step) is not on the way here, which has \(timeline.step) steps")
        }
        let moment = Moment(step: step, edits: lineage.edits(before: step))
        guard moment != timeline.moment else { throw Refusal("the run is at step \(step)") }
        return branchOff(at: moment, cause)
    }

    /// Back to the lowest validation loss on the lineage.
    func goToBest() throws(Refusal) -> JournalEntry {
        try timeline.refuseInRace()
        guard let step = best?.step else { throw Refusal("there was no validation on the way here") }
        return try go(toStep: step, .best)
    }

    /// On where a branch ended.
    func go(to branch: BranchID) throws(Refusal) -> JournalEntry {
        try timeline.refuseInRace()
        guard branch != lineage.branch else { throw Refusal("the run is on branch \(branch.number)") }
        guard timeline.abandoned[branch] != nil else {
            throw Refusal("there is no branch \(branch.number) to return to")
        }
        return .returned(to: branch, after: timeline.step, cause: .branch)
    }

    /// Back to a sane step after a divergence. An edit of the learning rate follows.
    func goBack(to recovery: RunState.Divergence.Recovery) throws(Refusal) -> JournalEntry {
        try timeline.refuseInRace()
        return branchOff(at: Moment(step: recovery.step, edits: lineage.edits(before: recovery.step)), .divergence)
    }

    /// Branches that differ in some values begin here.
    func race(_ terms: RaceTerms) throws(Refusal) -> JournalEntry {
        try timeline.refuseInRace()
        guard !trainer.isComplete else {
            throw Refusal("all \(trainer.settings.epochs) epochs are done; raise epochs to race")
        }
        guard (2...Race.mostEntrants).contains(terms.entrants.count) else {
            throw Refusal("a race has 2 to \(Race.mostEntrants) branches, not \(terms.entrants.count)")
        }
        guard Set(terms.names).count == terms.names.count else { throw Refusal("a hyperparameter is there twice") }
        if terms.names.count > 1, terms.names.contains(Hyperparameter.Role.optimizer.rawValue) {
            throw Refusal("the optimizer races by itself: each has other hyperparameters")
        }
        if let steps = terms.halvesEvery, steps < 1 { throw Refusal("the number of steps must be at least 1") }
        var settings: [EditableSetting] = []
        for (index, name) in terms.names.enumerated() {
            for entrant in terms.entrants { _ = try setting(name, for: entrant[index]) }
            settings.append(try setting(name))
        }
        // Whoever leaves a value as it is makes no edit, unless that would end a ramp.
        let isRamping = settings.map { setting in trainer.settings.ramps.contains { $0.name == setting.name } }
        var number = timeline.editNumber
        let entrants = terms.entrants.enumerated().map { index, values in
            let edits = settings.indices.map { place -> Int? in
                guard values[place] != settings[place].settingValue || isRamping[place] else { return nil }
                defer { number += 1 }
                return number
            }
            return Race.Entrant(branch: BranchID(timeline.branchNumber + index), values: values, edits: edits)
        }
        return .raceBegan(
            Race(
                settings: settings.map { Race.Setting(name: $0.name, old: $0.settingValue) }, entrants: entrants,
                step: timeline.step, halvesEvery: terms.halvesEvery))
    }

    /// The race ends where its branches are now, as one of them or as though there had been none.
    func endRace(adopting adopted: BranchID?) throws(Refusal) -> JournalEntry {
        guard let race else { throw Refusal("there is no race") }
        if let adopted, !race.entrants.contains(where: { $0.branch == adopted }) {
            throw Refusal("branch \(adopted.number) is not in the race")
        }
        return .raceEnded(
            adopted: adopted, after: timeline.step,
            tips: race.entrants.map { JournalEntry.Tip(branch: $0.branch, moment: $0.branchTrainer.moment) })
    }

    /// An edit for later.
    func plan(_ name: String, _ change: ValueChange, at step: Int) throws(Refusal) -> PlannedEdit {
        try timeline.refuseInRace()
        guard step > timeline.step else {
            throw Refusal("step \(step) has been taken; the run is at step \(timeline.step)")
        }
        _ = try setting(name, for: change.applied(to: try setting(name).settingValue))
        return plans.add(name, change, at: step)
    }

    /// What a planned edit comes to now that its step is done.
    func edit(as plan: PlannedEdit) throws(Refusal) -> JournalEntry {
        try edit(plan.name, to: plan.change.applied(to: try setting(plan.name).settingValue))
    }

    private func branchOff(at moment: Moment, _ cause: JournalEntry.Cause) -> JournalEntry {
        .branchedOff(BranchID(timeline.branchNumber), at: moment, after: timeline.step, cause: cause)
    }

    private func setting(_ name: String) throws(Refusal) -> EditableSetting {
        guard let setting = trainer.setting(named: name) else { throw Refusal("there is no hyperparameter '\(name)'") }
        return setting
    }

    private func setting(_ name: String, for value: SettingValue) throws(Refusal) -> EditableSetting {
        let setting = try setting(name)
        if let objection = setting.hyperparameter.objection(to: value) { throw Refusal("\(name) \(objection)") }
        // What the trainer alone knows: no more epochs can be taken away than are left.
        if let objection = setting.number(value).flatMap(setting.range.objection) {
            throw Refusal("\(name) \(objection)")
        }
        return setting
    }
}
