package import TrainProtocol

/// All that an engine has told of a run, in bounded memory. Whoever shows runs, one or many, draws from it.
///
/// It infers nothing: what is in force, what can be asked for, at which rate a step was taken is as it was told.
package struct RunModel: Sendable, Equatable {
    /// What is being trained.
    package private(set) var description: RunDescription
    /// What can be asked for.
    package private(set) var capabilities = Capabilities.all
    /// What the run does, nil before it said so.
    package private(set) var state: RunState?
    /// Where the run stands, nil before the first update.
    package private(set) var progress: Progress?
    /// The hyperparameters with their present values.
    package private(set) var hyperparameters: [Hyperparameter] = []
    /// All steps so far, on all branches, and the marks on them.
    package private(set) var history: History
    /// The branch that a redo leads to, nil where there is nothing to redo.
    package private(set) var redo: BranchID?
    /// The last steps one by one.
    package private(set) var recent = RecentLosses()
    /// What the edits came to beside twins that did without them, as last seen, by their numbers.
    package private(set) var effects: [Int: Comparison] = [:]
    /// What happened.
    package private(set) var log = EventLog()
    /// Edits that wait for their step.
    package private(set) var planned: [PlannedEdit] = []
    /// The branch without an edit that runs beside the run.
    package private(set) var twin: Twin?
    /// The branches that train side by side.
    package private(set) var race: Race?
    /// Where branches beside the run stand.
    package private(set) var others: [BranchID: BranchProgress] = [:]
    /// What makes the run pause or go back.
    package private(set) var watch = Watch()
    /// Where the weights were written last, and of which step they are.
    package private(set) var saved: SavedWeights?
    /// The last lines that the training's command printed; nil where nobody follows them.
    package private(set) var output: [String]?
    /// The test rows' loss and metrics; nil before they were evaluated.
    package var test: Evaluation? { tests.last }
    /// The same, each time that they were evaluated, in this process and before it.
    package private(set) var tests: [Evaluation] = []

    /// Whether the test rows were asked about other weights before those that they were asked about last.
    package var hasLookedAtTest: Bool {
        tests.dropLast().contains { $0.step != test?.step || $0.branch != test?.branch }
    }

    /// Every hyperparameter that the run ever had, for the names of edits of those that a change of optimizer removed.
    private var known: [String: Hyperparameter] = [:]

    /// A run of which nothing was told yet.
    package init(_ description: RunDescription) {
        self.description = description
        history = History(metrics: description.metrics)
    }

    // MARK: Asking

    /// Steps taken so far.
    package var step: Int { progress?.step ?? 0 }

    /// How the run came to where it stands, with the edits in force.
    package var lineage: Lineage { history.lineage }

    /// The edits in force, oldest first.
    package var edits: [Edit] { history.lineage.edits }

    /// A hyperparameter that the run has or had, with its names; nil where nobody knows of it.
    package func hyperparameter(named name: String) -> Hyperparameter? {
        hyperparameters.first { $0.name == name } ?? known[name]
    }

    /// The hyperparameter of a role, nil where the run has none.
    package func hyperparameter(_ role: Hyperparameter.Role) -> Hyperparameter? {
        hyperparameters.first { $0.role == role }
    }

    /// The way to another number that a hyperparameter is on, nil where it is on none.
    package func ramp(of name: String) -> RampProgress? { progress?.ramps.first { $0.name == name } }

    /// The name of the optimizer in use, "" where nobody knows.
    package var optimizer: String {
        if case .choice(let name)? = hyperparameter(.optimizer)?.value { name } else { description.optimizer }
    }

    /// The branches that train beside the run: the entrants of a race, the twin.
    package var branchesBeside: [BranchID] {
        (race?.entrants.map(\.branch) ?? []) + (twin.map { [$0.branch] } ?? [])
    }

    /// The last step that the run or a branch beside it has taken.
    package var latestStep: Int { branchesBeside.compactMap { history.branches[$0]?.tip }.reduce(step, max) }

    // MARK: Being told

    /// Takes in what an engine tells.
    package mutating func take(_ update: EngineUpdate) {
        progress = update.progress
        // Branches are known before their samples are looked at.
        for event in update.events {
            switch event {
            case .resumed(let past): remember(past)
            case .branched(let lineage), .lineage(let lineage, _): history.begin(lineage)
            default: break
            }
        }
        history.append(update.samples, recent: update.recent)
        if let recent = update.recent { self.recent = recent }
        if let output = update.output { self.output = output }
        others = Dictionary(update.others.map { ($0.branch, $0) }, uniquingKeysWith: { $1 })
        for event in update.events { take(event) }
        for ramp in update.progress.ramps { setValue(of: ramp.name, to: .number(ramp.value)) }
        compareWithTwin()
    }

    /// Adds a remark of the program's own to the log.
    package mutating func note(_ text: String, _ tone: EventLog.Tone) { log.record(.note(text, tone), step: step) }

    private mutating func take(_ event: Event) {
        switch event {
        case .applied, .refused, .branched, .resumed: break
        case .described(let description):
            if description.metrics != self.description.metrics { history = History(metrics: description.metrics) }
            self.description = description
        case .capabilities(let capabilities): self.capabilities = capabilities
        case .hyperparameters(let list):
            hyperparameters = list
            for hyperparameter in list { known[hyperparameter.name] = hyperparameter }
        case .lineage(let lineage, let redo):
            history.go(to: lineage)
            self.redo = redo
        case .edited(let edit):
            if edit.over == 0 { setValue(of: edit.name, to: edit.new) }
            log.record(.edit(edit, on: lineage.branch), step: edit.step)
        case .moved(let move):
            let details = EventLog.MoveDetails(
                best: move.cause == .best ? history.bestEvaluation : nil, race: move.cause == .adoption ? race : nil,
                leftSomething: move.left != move.branch && history.branches[move.left] != nil)
            log.record(.moved(move, details: details), step: move.leftStep)
        case .planned(let edit): planned = planned.filter { $0.number != edit.number } + [edit]
        case .unplanned(let number): planned.removeAll { $0.number == number }
        case .twin(let twin):
            if let former = self.twin, former.branch != twin?.branch { history.forget(former.branch) }
            self.twin = twin
        case .race(let race):
            if race == nil { for entrant in self.race?.entrants ?? [] { history.abandon(entrant.branch) } }
            if let race, self.race == nil { log.record(.race(race), step: race.step) }
            self.race = race
        case .learningRatesTested(let test): log.record(.tested(test), step: test.step)
        case .watching(let watch): self.watch = watch
        case .hit(let breakpoint, let step): log.record(.hit(breakpoint), step: step)
        case .state(let state): become(state)
        case .epochEnded(let report):
            history.append(report)
            if lineage.holds(report.branch, at: report.step) { log.record(report) }
        case .evaluated(let evaluation):
            history.append(evaluation)
            if lineage.holds(evaluation.branch, at: evaluation.step) { log.record(evaluation) }
        case .refitting(let rows): log.record(.refitting(rows: rows), step: step)
        case .tested(let evaluation):
            tests.append(evaluation)
            log.record(.test(evaluation), step: step)
        case .saved(let path, let ofStep):
            let weights = SavedWeights(path: path, step: ofStep)
            saved = weights
            log.record(.saved(weights), step: step)
        case .notice(let text): note(text, .plain)
        case .wentOn(let back): note(back.description, .plain)
        }
    }

    /// Takes over what another process was told.
    private mutating func remember(_ past: RunPast) {
        history.restore(past)
        tests = past.tests
        // What was told before is told again.
        log.keepNotes()
        var entries: [(step: Int, event: Event)] = []
        entries += past.epochs.filter { lineage.holds($0.branch, at: $0.step) }.map { ($0.step, .epochEnded($0)) }
        entries += past.evaluations.filter { lineage.holds($0.branch, at: $0.step) }.map { ($0.step, .evaluated($0)) }
        entries += past.lineage.edits.map { ($0.step, .edited($0)) }
        // Of one step, in the order in which they are here.
        let ordered = entries.enumerated().sorted { ($0.element.step, $0.offset) < ($1.element.step, $1.offset) }
        for (_, (step, event)) in ordered {
            switch event {
            case .edited(let edit): log.record(.edit(edit, on: lineage.branch), step: step)
            case .epochEnded(let report): log.record(report)
            case .evaluated(let evaluation): log.record(evaluation)
            default: break
            }
        }
    }

    private mutating func become(_ new: RunState) {
        // Why a run stopped is what there is to see and to tell.
        if new == .stopped, case .diverged? = state { return }
        guard new != state else { return }
        state = new
        switch new {
        case .done: log.record(.state(new), step: step)
        case .diverged(let divergence): log.record(.state(new), step: max(0, divergence.step - 1))
        case .lost: log.record(.state(new), step: step)
        case .connecting, .training, .replaying, .paused, .evaluating, .racing, .stopped: break
        }
    }

    private mutating func setValue(of name: String, to value: SettingValue) {
        guard let index = hyperparameters.firstIndex(where: { $0.name == name }) else { return }
        hyperparameters[index].value = value
    }

    /// Notes what the edit that the twin does without came to so far.
    private mutating func compareWithTwin() {
        guard let twin, let fork = history.branches[twin.branch]?.lineage.fork.step else { return }
        let names = edits.filter { $0.number == twin.edit }.map(\.name)
        effects[twin.edit] = comparison(of: nil, with: twin.branch, after: fork, in: names)
    }
}
