import TrainProtocol
import Wire
import Wording

/// What a training told, as the events of an engine, and what must be known to make them of it.
struct RemoteNews: Sendable {
    var events: [Event] = []
    private(set) var progress = Progress()
    /// The number of the last event that was told, 0 before the first.
    private(set) var lastEvent = 0
    /// How many steps were told in samples, on all branches.
    private(set) var steps = 0
    /// Whether the training said that it ends.
    private(set) var isEnded = false
    /// What the training's command printed, where that is new.
    var output: [String]?
    /// Where what it prints can be read, as the training says.
    private(set) var log: String?
    /// Whether this side steers.
    private(set) var isDriver = false

    /// What is said when a training has ended well.
    static let farewell = "the training has ended"

    private var samples = SampleList()
    private var others: [BranchProgress] = []
    /// The last step of each branch that was told in a sample.
    private var lastSteps: [BranchID: Int] = [:]
    private var recent = RecentLosses()
    private var isRecentNew = false
    private var isProgressNew = false
    private var hyperparameters: [Hyperparameter] = []
    private var lineage = Lineage()
    /// Plans that are not carried out yet.
    private var plans: Set<Int> = []
    var attempts = Attempts()
    private var offered = Capabilities(only: [], reason: "the training is not there yet")
    /// The state that the training told last, and the one that was passed on.
    private var (toldState, state): (RunState?, RunState) = (nil, .connecting)

    /// Events that wait for a dashboard that does not look; the oldest go. Branches of which steps are known.
    private static let (mostEvents, mostBranches) = (1 << 14, 1 << 12)

    var isEmpty: Bool { events.isEmpty && samples.isEmpty && !isProgressNew && output == nil }

    // MARK: - Passing on

    mutating func drain() -> EngineUpdate {
        defer { (events, isRecentNew, isProgressNew, output) = ([], false, false, nil) }
        return EngineUpdate(
            events: events, samples: samples.take(), recent: isRecentNew ? recent : nil, progress: progress,
            others: others, output: output)
    }

    mutating func become(_ new: RunState) {
        guard new != state else { return }
        state = new
        events.append(.state(new))
    }

    /// The training is there again and as it said last.
    mutating func becomeAsTold() {
        if let toldState { become(toldState) }
    }

    /// Nobody will come back.
    mutating func end(_ reason: String, isGood: Bool) {
        guard !isEnded else { return }
        isEnded = true
        offered = Capabilities(only: [], reason: "the training has ended")
        events.append(.capabilities(offered))
        if isGood {
            become(.done)
            events.append(.notice(Self.farewell))
        } else {
            become(.lost(reason: reason))
        }
    }

    /// Why something cannot be asked for; nil where it can.
    func objection(to kind: Command.Kind) -> String? {
        // Before the training said what it can, it is asked.
        toldState == nil ? nil : capabilities.objection(to: kind)
    }

    private var capabilities: Capabilities {
        isDriver
            ? offered
            : Capabilities(
                only: [], reason: "another dashboard steers this training; traintui attach --take moves the wheel")
    }

    // MARK: - Hearing

    /// The launcher has begun the training again: what follows is a branch of its own, from step 0 on.
    mutating func beginAgain(_ attempt: Int) {
        let (left, known) = (lineage.branch, lineage.segments.map(\.branch.number) + lastSteps.keys.map(\.number))
        attempts.begin(attempt, behind: max(known.max() ?? 1, attempts.branches + 1))
        (lastEvent, steps, recent) = (0, 0, RecentLosses())
        lineage = Lineage().forked(as: BranchID(attempts.branches + 1), at: .start)
        events += plans.sorted().map { .unplanned($0) } + [.twin(nil), .race(nil), .lineage(lineage, redo: nil)]
        plans = []
        events.append(
            .moved(Move(.step, left: left, leftStep: progress.step, branch: lineage.branch, step: 0)))
        events.append(.notice("the training was begun again: attempt \(attempt)"))
        become(.lost(reason: "the training was begun again: attempt \(attempt)"))
    }

    /// Takes in what a training says of itself when a connection begins.
    mutating func introduce(_ told: Members) throws(WireError) {
        isDriver = try told.flag("driver")
        if let description = try told.optionalObject("description") { try describe(description) }
        if let capabilities = try told.optionalObject("capabilities") { offered = try Capabilities(capabilities) }
        events.append(.capabilities(capabilities))
        log = try told.optionalObject("peer")?.optionalString("output")
        try setHyperparameters(told)
        for edit in try told.objects("edits") { try append(Edit(edit)) }
        if lineage.edits.count > 0 { events.append(.lineage(lineage, redo: nil)) }
        if let watch = try told.optionalObject("watch") { events.append(.watching(try Watch(watch))) }
        for plan in try told.objects("plans") { append(try PlannedEdit(plan)) }
        try takeRecent(told)
        if let progress = try told.optionalObject("progress") { try take(progress) }
        toldState = try told.optionalObject("state").flatMap { (state) throws(WireError) in try RunState(state) }
        become(toldState ?? .training)
    }

    /// Takes in what is told. What this version does not know is passed over.
    mutating func take(_ method: String, _ told: Members) throws(WireError) {
        switch method {
        case "samples": return try takeSamples(told)
        case "progress": return try take(told)
        case "driver":
            isDriver = try told.flag("driver")
            events.append(.capabilities(capabilities))
            return
        default: break
        }
        // After a connection was lost those that are known already come again.
        if let number = try told.optionalCount("n", from: 1) {
            guard number > lastEvent else { return }
            lastEvent = number
        }
        try takeEvent(method, told)
        if events.count > Self.mostEvents { events.removeFirst(Self.mostEvents / 8) }
    }

    private mutating func takeEvent(_ method: String, _ told: Members) throws(WireError) {
        switch method {
        case "described": try describe(told)
        case "capabilities":
            offered = try Capabilities(told)
            events.append(.capabilities(capabilities))
        case "hyperparameters": try setHyperparameters(told, key: "list")
        case "changed":
            let edit = try Edit(told)
            if append(edit) { events.append(.lineage(lineage, redo: nil)) }
            if edit.over == 0 { setValue(of: edit.name, to: edit.new) }
            events.append(.edited(edit))
        case "branched": events.append(.branched(try Lineage(told)))
        case "lineage":
            lineage = try Lineage(told)
            events.append(.lineage(lineage, redo: try told.optionalCount("redo", from: 1).map { BranchID($0) }))
        case "moved":
            if let move = try Move(told) { events.append(.moved(move)) }
            try takeRecent(told)
        case "twin": events.append(.twin(try Twin(told: told)))
        case "race": events.append(.race(try Race(told: told)))
        case "rates_tested": events.append(.learningRatesTested(try LearningRateTest(told)))
        case "planned": append(try PlannedEdit(told))
        case "unplanned":
            let number = try told.count("number")
            plans.remove(number)
            events.append(.unplanned(number))
        case "watching": events.append(.watching(try Watch(told)))
        case "hit":
            if let breakpoint = try Breakpoint(told) { events.append(.hit(breakpoint, at: try told.count("step"))) }
        case "state":
            if let state = try RunState(told) {
                toldState = state
                become(state)
            }
        case "epoch":
            events.append(
                .epochEnded(
                    EpochReport(
                        branch: try branch(told), epoch: try told.count("epoch", from: 1), step: try told.count("step"),
                        meanLoss: try told.optionalNumber("mean_loss") ?? .nan, metrics: try metrics(told),
                        learningRate: try told.optionalNumber("learning_rate"))))
        case "evaluated", "tested":
            let evaluation = Evaluation(
                branch: try branch(told), step: try told.count("step"), loss: try told.optionalNumber("loss") ?? .nan,
                metrics: try metrics(told))
            events.append(method == "tested" ? .tested(evaluation) : .evaluated(evaluation))
        case "saved": events.append(.saved(path: try told.string("path"), step: try told.count("step")))
        case "rank":
            let host = try told.optionalString("host").map { visible(" on \($0)", limit: 64) } ?? ""
            let word = try told.string("state") == "lost" ? "is lost" : "is back"
            events.append(.notice("process \(try told.count("rank"))\(host) \(word)"))
        case "notice": events.append(.notice(visible(try told.string("text"), limit: 300)))
        case "end":
            let reason = try told.optionalString("reason") ?? "finished"
            end(visible("the process \(reason)", limit: 200), isGood: reason == "finished")
        default: break
        }
    }

    private func branch(_ told: Members) throws(WireError) -> BranchID {
        BranchID(try told.optionalCount("branch", from: 1) ?? 1)
    }

    private func metrics(_ told: Members) throws(WireError) -> [Double] {
        try told.numbers("metrics").prefix(RunDescription.mostMetrics).map { $0 ?? .nan }
    }

    // MARK: - Facts

    private mutating func describe(_ told: Members) throws(WireError) {
        events.append(.described(try RunDescription(told)))
    }

    private mutating func setHyperparameters(
        _ told: Members, key: String = "hyperparameters"
    ) throws(WireError) {
        var list: [Hyperparameter] = []
        for one in try told.objects(key).prefix(1000) {
            if let one = try Hyperparameter(one), !list.contains(where: { $0.name == one.name }) { list.append(one) }
        }
        hyperparameters = list
        events.append(.hyperparameters(list))
    }

    private mutating func setValue(of name: String, to value: SettingValue) {
        guard let index = hyperparameters.firstIndex(where: { $0.name == name }) else { return }
        hyperparameters[index].value = value
    }

    /// - Returns: whether the edit is a new one.
    @discardableResult
    private mutating func append(_ edit: Edit) -> Bool {
        if let last = lineage.edits.last, edit.number <= last.number || edit.step < last.step { return false }
        lineage.append(edit)
        return true
    }

    private mutating func append(_ plan: PlannedEdit) {
        if plans.count < Self.mostBranches { plans.insert(plan.number) }
        events.append(.planned(plan))
    }

    private mutating func take(_ told: Members) throws(WireError) {
        progress = try Progress(told)
        others = try BranchProgress.list(told)
        isProgressNew = true
        // What a schedule moves is told here, and not as an edit.
        guard let values = try told.optionalObject("values") else { return }
        var hasMoved = false
        for (index, hyperparameter) in hyperparameters.enumerated() {
            guard let value = try values.optionalNumber(hyperparameter.name), hyperparameter.value != .number(value),
                hyperparameter.value.number != nil, !progress.ramps.contains(where: { $0.name == hyperparameter.name })
            else { continue }
            hyperparameters[index].value = .number(value)
            hasMoved = true
        }
        if hasMoved { events.append(.hyperparameters(hyperparameters)) }
    }

    /// Takes in the last losses one by one, where they are told.
    private mutating func takeRecent(_ told: Members) throws(WireError) {
        guard let recent = try told.optionalObject("recent") else { return }
        let losses = try recent.numbers("losses").suffix(RecentLosses.capacity)
        self.recent = RecentLosses(
            lastStep: try recent.count("last"), losses: losses.map { $0.map { Float($0) } ?? .nan })
        isRecentNew = true
    }

    private mutating func takeSamples(_ told: Members) throws(WireError) {
        let steps = try WireSamples(told)
        for var sample in steps.samples {
            // Each step once, whatever is told twice.
            let last = lastSteps[sample.branch] ?? 0
            guard sample.lastStep > last, last > 0 || lastSteps.count < Self.mostBranches else { continue }
            if last > 0 { sample.firstStep = max(sample.firstStep, last + 1) }
            lastSteps[sample.branch] = sample.lastStep
            self.steps += sample.steps
            samples.append(sample)
            guard sample.branch == lineage.branch, sample.lastStep > recent.lastStep else { continue }
            guard steps.losses != nil else {
                recent = RecentLosses(lastStep: sample.lastStep)
                isRecentNew = true
                continue
            }
            if sample.firstStep != recent.lastStep + 1 { recent.losses = [] }
            recent.losses.append(sample.loss.mean.map { Float($0) } ?? .nan)
            recent.lastStep = sample.lastStep
            isRecentNew = true
        }
        if recent.losses.count > RecentLosses.capacity {
            recent.losses.removeFirst(recent.losses.count - RecentLosses.capacity)
        }
        try takeRecent(told)
    }
}
