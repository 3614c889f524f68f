import RemoteEngine
import TrainProtocol
import Wire

/// All that a training told so far, in bounded memory: what a dashboard that comes late is given first.
struct ToldRun: Sendable {
    private(set) var state = RunState.training
    private(set) var progress: Progress
    private var others: [BranchProgress] = []
    private var (twin, race) = (Twin?.none, Race?.none)
    /// The number of the last event, 0 before the first.
    private(set) var lastEvent = 0

    private var description: RunDescription
    private var capabilities = Capabilities.all
    private var hyperparameters: [Hyperparameter] = []
    private var (lineage, redo) = (Lineage(), BranchID?.none)
    private var plans: [PlannedEdit] = []
    private var watch = Watch()
    private var recent = RecentLosses()
    private var branches: [BranchID: Lineage] = [:]
    private var histories: [BranchID: SampleList] = [:]
    /// The last events as lines.
    private var events: [[UInt8]] = []

    /// Events and branches that are kept.
    private static let (mostEvents, mostBranches) = (4096, 64)

    init(_ run: RunDescription) { (description, progress) = (run, Progress()) }

    /// Takes in what happened.
    ///
    /// - Returns: the lines of the events.
    mutating func take(_ update: EngineUpdate) -> [[UInt8]] {
        (progress, others) = (update.progress, update.others)
        if let recent = update.recent { self.recent = recent }
        for sample in update.samples where histories[sample.branch] != nil || histories.count < Self.mostBranches {
            histories[sample.branch, default: SampleList()].append(sample)
        }
        let lines = update.events.compactMap { take($0) }
        events += lines
        // Some at once: each time the others move up.
        if events.count > Self.mostEvents + Self.mostEvents / 8 {
            events.removeFirst(events.count - Self.mostEvents)
        }
        return lines
    }

    private mutating func take(_ event: Event) -> [UInt8]? {
        switch event {
        case .described(let run):
            description = run
            return line("described", run.told)
        case .capabilities(let offered):
            capabilities = offered
            return line("capabilities", elsewhere.told)
        case .hyperparameters(let list):
            hyperparameters = list
            return line("hyperparameters", ["list": .list(list.map(\.told))])
        case .branched(let lineage):
            keep(lineage)
            return line("branched", lineage.told)
        case .lineage(let lineage, let redo):
            (self.lineage, self.redo) = (lineage, redo)
            keep(lineage)
            return line("lineage", toldLineage)
        case .edited(let edit): return line("changed", edit.told)
        case .moved(let move): return line("moved", move.told.adding(["recent": recent.told]))
        case .planned(let plan):
            plans.append(plan)
            return line("planned", plan.told)
        case .unplanned(let number):
            plans.removeAll { $0.number == number }
            return line("unplanned", ["number": JSONTree(count: number)])
        case .watching(let watch):
            self.watch = watch
            return line("watching", watch.told)
        case .hit(let breakpoint, let step):
            return line("hit", breakpoint.told.adding(["step": JSONTree(count: step)]))
        case .state(let state):
            self.state = state
            return state.told.map { line("state", $0) }
        case .epochEnded(let report): return line("epoch", report.told)
        case .evaluated(let evaluation): return line("evaluated", evaluation.told)
        case .tested(let evaluation): return line("tested", evaluation.told)
        case .saved(let path, let step): return line("saved", ["path": .string(path), "step": JSONTree(count: step)])
        case .refitting(let rows): return line("notice", ["text": .string("training again on all \(rows) rows")])
        case .notice(let text): return line("notice", ["text": .string(text)])
        case .twin(let twin):
            // A twin is looked at while it is there; nobody goes to it.
            if let former = self.twin, former.branch != twin?.branch { forget(former.branch) }
            self.twin = twin
            return line("twin", Twin.told(twin))
        case .race(let race):
            self.race = race
            return line("race", Race.told(race))
        case .learningRatesTested(let test): return line("rates_tested", test.told)
        // What is seen inside of the run has no form in the protocol.
        case .applied, .refused, .resumed, .wentOn, .inspected: return nil
        }
    }

    /// Keeps the way to a branch; where there are too many, to those that are known.
    private mutating func keep(_ lineage: Lineage) {
        guard branches[lineage.branch] != nil || branches.count < Self.mostBranches else { return }
        branches[lineage.branch] = lineage
    }

    private mutating func forget(_ branch: BranchID) {
        branches[branch] = nil
        histories[branch] = nil
    }

    /// Where the run stands, and the branches beside it, as it is told.
    var toldProgress: JSONTree {
        others.isEmpty ? progress.told : progress.told.adding(["others": .list(others.map(\.told))])
    }

    /// The line of an event, with its number.
    mutating func line(_ method: String, _ params: JSONTree) -> [UInt8] {
        lastEvent += 1
        return WireRequest.told(method, params.adding(["n": JSONTree(count: lastEvent)]))
    }

    private var toldLineage: JSONTree {
        lineage.told.adding(["redo": JSONTree(count: redo?.number)])
    }

    /// The state in a word of the protocol.
    var stateName: String {
        guard case .object(let told)? = state.told, case .string(let name)? = told["name"] else { return "training" }
        return name
    }

    /// What can be asked for from elsewhere.
    private var elsewhere: Capabilities {
        let kinds: [Command.Kind] = [.recover, .inspect, .saveBest]
        let reason = "this is asked for where the training runs"
        return capabilities.restricted(
            by: Capabilities(unavailable: Dictionary(uniqueKeysWithValues: kinds.map { ($0, reason) })))
    }

    /// Why a command cannot be asked for; nil where it can.
    func objection(to kind: Command.Kind) -> String? { elsewhere.objection(to: kind) }

    /// What a dashboard is told of the run when it comes.
    var introduction: [String: JSONTree] {
        [
            "description": description.told, "capabilities": elsewhere.told,
            "hyperparameters": .list(hyperparameters.map(\.told)), "edits": .list(lineage.edits.map(\.told)),
            "plans": .list(plans.map(\.told)), "watch": watch.told, "state": state.told ?? ["name": "training"],
            "progress": toldProgress, "recent": recent.told,
            "first_event": JSONTree(count: lastEvent - events.count + 1), "last_event": JSONTree(count: lastEvent),
        ]
    }

    /// What follows: the ways to the branches, the samples behind the steps that are known, the way here, and the events
    /// behind one.
    func past(after known: [BranchID: Int], event: Int) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        if branches.count > 1 {
            lines += branches.sorted { $0.key < $1.key }.map { WireRequest.told("branched", $0.value.told) }
        }
        for (branch, list) in histories.sorted(by: { $0.key < $1.key }) {
            let new = list.samples.filter { $0.lastStep > known[branch] ?? 0 }
            lines += Sample.told(Self.thinned(new)).map { WireRequest.told("samples", $0) }
        }
        if lineage.segments.count > 1 || redo != nil { lines.append(WireRequest.told("lineage", toldLineage)) }
        lines += events.suffix(max(0, lastEvent - max(event, lastEvent - events.count)))
        // Behind the events, because those tell of former ones.
        if twin != nil { lines.append(WireRequest.told("twin", Twin.told(twin))) }
        if race != nil { lines.append(WireRequest.told("race", Race.told(race))) }
        return lines
    }

    /// How many steps were told, those of all branches.
    var steps: Int { histories.values.reduce(0) { $0 + $1.samples.reduce(0) { $0 + $1.steps } } }

    /// The last step of each branch.
    var lastSteps: [BranchID: Int] { histories.compactMapValues { $0.samples.last?.lastStep } }

    /// About as many entries as a message may have, and no more of a branch: neighbours are merged.
    static func thinned(_ samples: [Sample], to most: Int = 1024) -> [Sample] {
        let width = (samples.count + most - 1) / most
        guard width > 1 else { return samples }
        var (thinned, merged): ([Sample], Int) = ([], 0)
        for sample in samples {
            if merged < width, let last = thinned.last, last.branch == sample.branch,
                last.lastStep + 1 == sample.firstStep
            {
                thinned[thinned.count - 1].merge(sample)
                merged += 1
            } else {
                thinned.append(sample)
                merged = 1
            }
        }
        return thinned
    }
}
