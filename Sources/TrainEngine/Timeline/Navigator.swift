import TrainCore
import TrainProtocol

/// Takes a trainer through its ``TrainProtocol/Timeline``: steps, edits, moves and races; without time, threads and
/// files.
///
///     command ──entry(for:)──> entry ──apply──> trainer and timeline, events, journal
///     journal ────────────────> entry ──apply──> the same
///
/// Whoever applies the same entries gets the same bits. What happens is told as ``TrainProtocol/Event``s, for whoever
/// watches, and written as ``TrainProtocol/JournalEntry``s, for whoever takes the same way again.
final class Navigator {
    typealias Refusal = Timeline.Refusal

    let job: TrainingJob
    /// When the run ends before its last epoch; the job says it first.
    var earlyStopping: EarlyStopping?
    /// The run itself.
    let branchTrainer: BranchTrainer
    /// Where the run stands.
    var timeline = Timeline()
    var checkpoints: CheckpointStore
    /// What differs from the present state in the one before the last edits, which is still to be kept.
    var beforeEdits: (settings: TrainingSettings, moment: Moment)?
    /// The race under way.
    private(set) var race: RaceRunner?
    var plans = Plans()

    var bests = BestValidations()
    /// The weights of the last best, where they may be wanted in the end.
    var bestWeights: KeptWeights?
    private var events: [Event] = []
    private let journal: ((JournalEntry) -> Void)?
    /// Whether what happens is written down; what is done again as a journal tells is there already.
    var isRecording = true
    /// Whether anything was written down.
    private(set) var hasRecorded = false
    /// The journal's entries so far, and the last of them.
    var entryCount = 0
    var lastEntry: JournalEntry?
    /// The state of the lowest validation loss, where it is kept, and its branch.
    var bestState: (branch: BranchID, checkpoint: CheckpointStore.Checkpoint)?
    /// Whether that state is kept.
    var keepsBestState = false

    /// - Parameters:
    ///   - memory: the bytes that may be spent on states of the past, as the engine's options say.
    ///   - journal: called with each entry of the journal, in order; nil where there is none.
    init(_ trainer: Trainer, memory: Int?, journal: ((JournalEntry) -> Void)? = nil) {
        job = trainer.job
        earlyStopping = job.earlyStopping
        branchTrainer = BranchTrainer(trainer)
        checkpoints = CheckpointStore(capacity: memory)
        self.journal = journal
        keepCheckpoint(isPinned: true)
    }

    var trainer: Trainer { branchTrainer.trainer }
    var lineage: Lineage { timeline.lineage }

    /// Takes what happened since the last time.
    func takeEvents() -> [Event] {
        defer { events = [] }
        return events
    }

    // MARK: Steps

    /// Takes up to `limit` steps, no further than to the end of the epoch, to the next planned edit or to where the
    /// journal has the run's numbers. They are part of the run once they are ``confirm()``ed.
    func run(atMost limit: Int, into steps: StepBuffer) -> (steps: Int, divergence: Divergence?) {
        keepStateBeforeEdits()
        let step = trainer.position.step
        let next = min(step.nextRound(digits: 2), plans.nextStep ?? .max) - step
        return branchTrainer.run(atMost: min(limit, next), into: steps)
    }

    /// The steps taken are part of the run.
    func confirm() {
        let step = trainer.position.step
        guard step > timeline.step else { return }
        timeline.advance(to: step)
        if !trainer.isEpochComplete, step.isRound(digits: 2), step.isMultiple(of: checkSpacing) {
            recordCheck { .checked($0) }
        }
    }

    /// The steps between two checks, at least, one of a kind: the sum over the weights of a large model takes a good part of a
    /// step.
    private var checkSpacing: Int {
        var spacing = 1
        while spacing * Self.weightsForEachStep < trainer.weightCount { spacing *= 10 }
        return spacing
    }

    private static let weightsForEachStep = 5_000

    /// Takes back those of the steps just taken that come after this one.
    func takeBack(to step: Int) {
        let checkpoint = checkpoint(notAfter: Moment(step: step, edits: .max), of: lineage)
        branchTrainer.jump(to: checkpoint, edits: lineage.edits)
        let divergence = branchTrainer.advance(to: Moment(step: step, edits: lineage.edits.count))
        precondition(divergence == nil, "these steps were taken before")
    }

    /// Writes down the numbers at an epoch's end, up to epoch 1,000 at each one's; of a large model where the epoch has a
    /// step in it at which there may be a check.
    func noteEpoch() {
        let position = trainer.position
        let isDue = position.step / checkSpacing > (position.step - position.stepInEpoch) / checkSpacing
        if position.epoch.isRound(digits: 3), isDue { recordCheck { .epochEnded($0) } }
    }

    /// Writes down the numbers at the end.
    func noteEnd() { recordCheck { .ended($0) } }

    /// The numbers of this moment.
    var check: JournalEntry.Check {
        JournalEntry.Check(
            step: trainer.position.step, epoch: trainer.position.epoch, meanLoss: trainer.meanLoss?.bitPattern ?? 0,
            weights: trainer.weightsChecksum)
    }

    private func record(_ entry: JournalEntry) {
        guard isRecording, let journal else { return }
        hasRecorded = true
        entryCount += 1
        lastEntry = entry
        journal(entry)
    }

    /// The same with the numbers of this moment, which are only reckoned where they are written down.
    private func recordCheck(unlessLast: Bool = false, _ entry: (JournalEntry.Check) -> JournalEntry) {
        guard isRecording, journal != nil else { return }
        let new = entry(check)
        if !unlessLast || new != lastEntry { record(new) }
    }

    // MARK: Entries

    /// Makes what an entry tells happen.
    ///
    /// - Parameter reason: what ran away, where that is why the run goes back.
    /// - Throws: why it cannot happen; nothing has changed then.
    func apply(_ entry: JournalEntry, reason: String? = nil) throws(Refusal) {
        switch entry {
        case .edited(let edit): try make(edit)
        case .branchedOff(_, let moment, _, let cause):
            try relocate(as: entry, because: told(cause, undoneAt: moment, reason: reason), isNoted: true)
        case .returned(let branch, _, let cause):
            try makeSureOfTip(of: branch)
            try relocate(as: entry, because: told(cause, undoneAt: nil, reason: reason), isNoted: true)
        case .raceBegan(let race): try begin(race)
        case .raceEnded(let adopted, _, let tips): try endRace(entry, adopting: adopted, tips)
        case .epochEnded, .checked, .ended: break
        }
    }

    private func make(_ edit: Edit) throws(Refusal) {
        let (edit, setting) = try checked(edit)
        var next = timeline
        try next.apply(.edited(edit))
        // The state before the first of a step's edits is enough to go back to any of them.
        if beforeEdits == nil { beforeEdits = (trainer.settings, branchTrainer.moment) }
        // Another optimizer forgets what the one before it remembered.
        if edit.name == Hyperparameter.Role.optimizer.rawValue { keepStateBeforeEdits() }
        do throws(TrainingError) { try branchTrainer.append(edit) } catch { throw Refusal(error.description) }
        timeline = next
        record(.edited(edit))
        tellLineage()
        events.append(.edited(edit))
        if !setting.choices.isEmpty { tellHyperparameters() }
    }

    /// An edit with its values as what they mean; a journal of format 1 has only their numbers.
    private func checked(_ edit: Edit) throws(Refusal) -> (Edit, EditableSetting) {
        guard let setting = trainer.setting(named: edit.name) else {
            throw Refusal("there is no hyperparameter '\(edit.name)'")
        }
        guard let old = setting.number(edit.old), let new = setting.number(edit.new) else {
            throw Refusal("\(edit.name) cannot have the value that the journal says")
        }
        guard old == setting.value else {
            throw Refusal("\(edit.name) is \(setting.value), where the journal says \(old)")
        }
        let values = (setting.settingValue(old), setting.settingValue(new))
        return (
            Edit(
                number: edit.number, name: edit.name, old: values.0, new: values.1, over: edit.over, step: edit.step),
            setting
        )
    }

    /// Goes elsewhere, as an entry tells.
    private func relocate(as entry: JournalEntry, because cause: Move.Cause, isNoted: Bool) throws(Refusal) {
        keepStateBeforeEdits()
        let former = timeline
        var next = timeline
        try next.apply(entry)
        if isNoted, former.lineage.segments.count == 1 || former.lineage.fork != former.moment {
            // Unless they are what was written last: whoever was interrupted here writes the same journal.
            recordCheck(unlessLast: true) { .checked($0) }
        }
        if next.abandoned[former.lineage.branch] != nil { keepCheckpoint(isPinned: true) }
        timeline = next
        travel(to: next.moment)
        record(entry)
        tellLineage()
        events.append(
            .moved(
                Move(
                    cause, left: former.lineage.branch, leftStep: former.step, branch: lineage.branch,
                    step: timeline.step)))
        tellHyperparameters()
        for plan in plans.restore(on: lineage, at: timeline.step, cause) { events.append(.planned(plan)) }
    }

    private func travel(to moment: Moment) {
        let start = checkpoint(notAfter: moment, of: lineage)
        branchTrainer.jump(to: start, edits: Array(lineage.edits.prefix(moment.edits)))
        let divergence = branchTrainer.advance(to: moment)
        precondition(divergence == nil, "these steps were taken before")
        keepCheckpoint(isPinned: true)
    }

    /// Why the run goes elsewhere, as it is told.
    private func told(_ cause: JournalEntry.Cause, undoneAt moment: Moment?, reason: String?) -> Move.Cause {
        switch cause {
        case .undo:
            guard let moment, moment.edits < lineage.edits.count else { return .step }
            return .undo(lineage.edits[moment.edits])
        case .redo: return .redo
        case .step: return .step
        case .best: return .best
        case .branch: return .branch
        case .divergence: return .divergence(reason: reason ?? "the loss ran away")
        }
    }

    // MARK: Races

    private func begin(_ race: Race) throws(Refusal) {
        var settings: [EditableSetting] = []
        for raced in race.settings {
            guard let setting = trainer.setting(named: raced.name) else {
                throw Refusal("there is no hyperparameter '\(raced.name)'")
            }
            if let told = raced.old, setting.number(told) != setting.value {
                throw Refusal("\(raced.name) is \(setting.value), which is not what the journal says")
            }
            settings.append(setting)
        }
        let named = race.entrants.map { entrant in
            let values = zip(settings, entrant.values).map { $0.number($1).map($0.settingValue) ?? $1 }
            return Race.Entrant(branch: entrant.branch, values: values, edits: entrant.edits)
        }
        let race = Race(
            settings: settings.map { Race.Setting(name: $0.name, old: $0.settingValue) }, entrants: named,
            step: race.step, halvesEvery: race.halvesEvery)
        var next = timeline
        try next.apply(.raceBegan(race))
        guard let race = next.race else { preconditionFailure("a race that began is on") }
        keepCheckpoint(isPinned: true)
        var entrants: [RaceRunner.Entrant] = []
        for entrant in race.entrants {
            let lineage = timeline.lineage(of: entrant, in: race)
            let own = BranchTrainer(try copyOfTrainer())
            own.jump(to: checkpoint(notAfter: timeline.moment, of: timeline.lineage), edits: timeline.lineage.edits)
            _ = own.advance(to: timeline.moment)
            for edit in lineage.edits.dropFirst(timeline.lineage.edits.count) {
                do throws(TrainingError) { try own.append(edit) } catch { throw Refusal(error.description) }
            }
            entrants.append(RaceRunner.Entrant(branch: entrant.branch, branchTrainer: own))
        }
        for entrant in race.entrants { events.append(.branched(timeline.lineage(of: entrant, in: race))) }
        timeline = next
        self.race = RaceRunner(entrants, halvesEvery: race.halvesEvery)
        record(.raceBegan(race))
        events.append(.race(race))
    }

    /// Takes the adopted branch to where it ended; of the others it is enough to know where that was.
    private func endRace(
        _ entry: JournalEntry, adopting adopted: BranchID?, _ tips: [JournalEntry.Tip]
    ) throws(Refusal) {
        guard let runner = race, let race = timeline.race else { throw Refusal("there is no race") }
        var next = timeline
        try next.apply(entry)
        for (tip, entrant) in zip(tips, runner.entrants) {
            if tip.branch == adopted { try take(entrant.branchTrainer, to: tip.moment) }
            guard entrant.branchTrainer.moment == tip.moment,
                let own = race.entrants.first(where: { $0.branch == tip.branch })
            else { continue }
            checkpoints.keep(
                entrant.branchTrainer.trainer.state, at: tip.moment, of: timeline.lineage(of: own, in: race),
                isPinned: true)
            bests.take(entrant.bests, of: tip.branch)
        }
        self.race = nil
        if let adopted {
            try relocate(as: entry, because: .adoption, isNoted: false)
            for entrant in race.entrants where entrant.branch == adopted {
                events += race.edits(of: entrant).map(Event.edited)
            }
        } else {
            timeline = next
            record(entry)
        }
        events.append(.race(nil))
    }

    /// Makes sure that a branch can have ended where it did. That was not done yet for a race's branches that were not
    /// adopted in a replay: the journal alone says that they came so far.
    private func makeSureOfTip(of branch: BranchID) throws(Refusal) {
        guard let target = timeline.abandoned[branch] else { return }
        let checkpoint = checkpoint(notAfter: target.tip, of: target.lineage)
        guard checkpoint.moment != target.tip else { return }
        let copy = BranchTrainer(try copyOfTrainer())
        copy.jump(to: checkpoint, edits: target.lineage.edits)
        try take(copy, to: target.tip)
        checkpoints.keep(copy.trainer.state, at: target.tip, of: target.lineage, isPinned: true)
    }

    /// Takes a branch to a moment of which only a journal says that it came so far.
    private func take(_ branch: BranchTrainer, to moment: Moment) throws(Refusal) {
        let trainer = branch.trainer
        while trainer.position.step < moment.step {
            // An edit that waits for this step may bring more epochs.
            if trainer.isPastAllEpochs, branch.made == branch.edits.count {
                throw Refusal("all epochs are done, where the journal goes on to step \(moment.step)")
            }
            let left = max(1, trainer.stepsPerEpoch - trainer.position.stepInEpoch)
            let stop = Moment(step: min(moment.step, trainer.position.step + left), edits: 0)
            if let divergence = branch.advance(to: stop) { throw Refusal(divergence.description) }
        }
        _ = branch.advance(to: moment)
    }

    // MARK: Twins

    /// The run without an edit, at the moment before it, and its lineage.
    func twin(withoutEdit number: Int?) throws(Refusal) -> (branchTrainer: BranchTrainer, twin: Twin, lineage: Lineage)
    {
        try timeline.refuseInRace()
        let edits = lineage.edits
        guard let index = number.map({ number in edits.firstIndex { $0.number == number } }) ?? edits.indices.last
        else {
            throw Refusal(number.map { "edit \($0) is not in force" } ?? "there is no edit yet")
        }
        let edit = edits[index]
        let moment = Moment(step: edit.step, edits: index)
        var others = edits
        others.remove(at: index)
        let copy = BranchTrainer(try copyOfTrainer())
        copy.jump(to: checkpoint(notAfter: moment, of: lineage), edits: others)
        _ = copy.advance(to: moment)
        let branch = timeline.makeTwin()
        let own = Lineage(segments: lineage.forked(as: branch, at: moment).segments, edits: others)
        return (copy, Twin(branch: branch, withoutEdit: edit.number), own)
    }

    // MARK: Telling

    private func tellLineage() { events.append(.lineage(lineage, redo: timeline.redo)) }

    func tellHyperparameters() { events.append(.hyperparameters(trainer.editableSettings.map(\.hyperparameter))) }
}

extension Trainer {
    /// Whether no run comes so far: it would take a step after an epoch that is none of its own.
    var isPastAllEpochs: Bool { isComplete && position.epoch > settings.epochs }
}
