package import TrainProtocol
import Wording

// What a training tells, out of the objects that it is told in.

extension RunDescription {
    /// A description. Texts are cut to what a screen can show.
    package init(_ members: Members) throws(WireError) {
        var metrics: [Metric] = []
        for metric in try members.objects("metrics").prefix(Self.mostMetrics) {
            metrics.append(
                Metric(name: try metric.string("name"), higherIsBetter: try metric.flag("higher_is_better")))
        }
        let isValidated = try members.flag("validated")
        self.init(
            title: String(try members.string("title").prefix(100)),
            model: String((try members.optionalString("model") ?? "").prefix(200)),
            weights: try members.optionalCount("weights"),
            optimizer: String((try members.optionalString("optimizer") ?? "").prefix(40)),
            seed: try members.optionalString("seed").flatMap { UInt64($0) },
            loss: String((try members.optionalString("loss") ?? "").prefix(60)), metrics: metrics,
            validation: isValidated ? .rows(nil) : .none(reason: "the training tells none"))
    }

    /// Metrics that are looked at; more than any screen has room for.
    package static let mostMetrics = 64
}

extension Capabilities {
    /// The methods that are offered, and why the rest is not.
    package init(_ members: Members) throws(WireError) {
        var offered: Set<Command.Kind> = []
        for method in try members.list("methods") {
            if case .string(let word) = method, let kind = Command.Kind(rawValue: word) { offered.insert(kind) }
        }
        // What is seen inside has no form in the protocol.
        offered.remove(.inspect)
        var reasons = try members.texts("reasons")
        if reasons["inspect"] == nil { reasons["inspect"] = "a training elsewhere does not show its inside" }
        let general = reasons[""] ?? "this training cannot do that"
        self.init(
            unavailable: Dictionary(
                uniqueKeysWithValues: Command.Kind.allCases.filter { !offered.contains($0) }
                    .map { ($0, visible(reasons[$0.rawValue] ?? general, limit: 200)) }))
    }
}

extension Hyperparameter {
    /// One that can be steered; nil where its value is not known at present.
    package init?(_ members: Members) throws(WireError) {
        let name = try members.string("name")
        guard members.value("value") != nil else { return nil }
        let value = try members.setting("value")
        let kind: Kind
        switch value {
        case .flag: kind = .flag
        case .number:
            kind = .number(
                try NumberRange(members.optionalObject("range")), unit: try members.optionalString("unit") ?? "")
        case .choice(let present):
            let choices = try members.list("choices").compactMap {
                if case .string(let name) = $0 { name } else { nil }
            }
            kind = .choice(choices.isEmpty ? [present] : choices)
        }
        self.init(
            name: name, title: try members.optionalString("title") ?? name,
            role: try members.optionalString("role").flatMap { Role(rawValue: $0) }, kind: kind, value: value)
    }
}

extension NumberRange {
    fileprivate init(_ members: Members?) throws(WireError) {
        guard let members else {
            self.init(least: -.greatestFiniteMagnitude, includesLeast: true)
            return
        }
        let (low, high) = (try members.optionalNumber("from"), try members.optionalNumber("to"))
        let greatest = high ?? .greatestFiniteMagnitude
        switch try members.optionalString("kind") ?? "any" {
        case "positive":
            self.init(least: max(0, low ?? 0), includesLeast: (low ?? 0) > 0, greatest: greatest)
        case "not_negative": self.init(least: max(0, low ?? 0), includesLeast: true, greatest: greatest)
        case "below_one":
            self.init(
                least: max(0, low ?? 0), includesLeast: true, greatest: min(1, greatest),
                includesGreatest: greatest < 1)
        case "whole":
            self.init(least: low ?? -0x1p53, includesLeast: true, greatest: high ?? 0x1p53, isWhole: true)
        default: self.init(least: low ?? -.greatestFiniteMagnitude, includesLeast: true, greatest: greatest)
        }
    }
}

extension Edit {
    /// An edit that took effect.
    package init(_ members: Members) throws(WireError) {
        self.init(
            number: try members.count("number", from: 1), name: try members.string("name"),
            old: try members.setting("old"), new: try members.setting("new"),
            over: try members.optionalCount("over") ?? 0, step: try members.count("step"))
    }
}

extension Lineage {
    /// How a run came to where it stands. What cannot be is refused: branches are left in the order of their moments.
    package init(_ members: Members) throws(WireError) {
        var segments: [Segment] = []
        let told = try members.objects("segments")
        for (index, segment) in told.enumerated() {
            let branch = BranchID(try segment.count("branch", from: 1))
            guard index < told.count - 1 else {
                segments.append(Segment(branch: branch, end: .end))
                break
            }
            segments.append(
                Segment(
                    branch: branch, end: Moment(step: try segment.count("step"), edits: try segment.count("edits"))))
        }
        guard !segments.isEmpty, Set(segments.map(\.branch)).count == segments.count,
            zip(segments, segments.dropFirst()).allSatisfy({ $0.end <= $1.end })
        else { throw members.wrong("segments", "branches, each left behind the one before") }
        var edits: [Edit] = []
        for edit in try members.objects("edits") { edits.append(try Edit(edit)) }
        guard zip(edits, edits.dropFirst()).allSatisfy({ $0.number < $1.number && $0.step <= $1.step }) else {
            throw members.wrong("edits", "in the order in which they were made")
        }
        self.init(segments: segments, edits: edits)
    }
}

extension Move {
    /// A move; nil for one of a kind that a later version has.
    package init?(_ members: Members) throws(WireError) {
        let cause: Cause
        switch try members.string("cause") {
        case "undo":
            guard let edit = try members.optionalObject("edit") else { throw members.wrong("edit", "an object") }
            cause = .undo(try Edit(edit))
        case "redo": cause = .redo
        case "step": cause = .step
        case "best": cause = .best
        case "branch": cause = .branch
        case "adoption": cause = .adoption
        case "divergence":
            let reason = try members.optionalString("reason") ?? "the loss ran away"
            cause = .divergence(reason: visible(reason, limit: 200))
        default: return nil
        }
        self.init(
            cause, left: BranchID(try members.count("left", from: 1)), leftStep: try members.count("left_step"),
            branch: BranchID(try members.count("branch", from: 1)), step: try members.count("step"))
    }
}

extension PlannedEdit {
    /// An edit that waits for its step.
    package init(_ members: Members) throws(WireError) {
        self.init(
            number: try members.count("number", from: 1), name: try members.string("name"),
            change: try ValueChange(members), step: try members.count("at"))
    }
}

extension Watch {
    /// What a run looks out for.
    package init(_ members: Members) throws(WireError) {
        self.init()
        if let policy = try members.optionalString("policy").flatMap({ DivergencePolicy(rawValue: $0) }) {
            self.policy = policy
        }
        for breakpoint in try members.objects("breakpoints") {
            if let breakpoint = try Breakpoint(breakpoint) { breakpoints.append(breakpoint) }
        }
    }
}

extension RunState {
    /// A state; nil for one of a later version.
    package init?(_ members: Members) throws(WireError) {
        let reason = visible(try members.optionalString("reason") ?? "the loss ran away", limit: 200)
        switch try members.string("name") {
        case "training": self = .training
        case "paused": self = .paused
        case "evaluating": self = .evaluating
        case "done", "stopped": self = .done
        case "racing": self = .racing
        case "diverged": self = .diverged(Divergence(step: try members.optionalCount("step") ?? 0, reason: reason))
        default: return nil
        }
    }
}

extension ProcessProgress {
    fileprivate init(_ members: Members) throws(WireError) {
        let state: State =
            switch try members.optionalString("state") {
            case "lost": .lost
            case "done": .done
            default: .there
            }
        self.init(
            rank: try members.count("rank"), host: visible(try members.optionalString("host") ?? "", limit: 64),
            step: try members.count("step"), state: state)
    }
}

extension Progress {
    /// Where a run stands.
    package init(_ members: Members) throws(WireError) {
        self.init(
            step: try members.count("step"), epoch: try members.optionalCount("epoch", from: 1),
            stepInEpoch: try members.optionalCount("step_in_epoch"),
            stepsPerEpoch: try members.optionalCount("steps_per_epoch"), epochs: try members.optionalCount("epochs"),
            batchSize: try members.optionalCount("batch_size"), rows: try members.optionalCount("rows"),
            meanLoss: try members.optionalNumber("mean_loss"),
            metrics: Array(try members.numbers("metrics").prefix(RunDescription.mostMetrics)),
            learningRate: try members.optionalNumber("learning_rate"), ramps: try Self.ramps(members),
            pace: max(0, try members.optionalNumber("pace") ?? 0),
            trainingSeconds: max(0, try members.optionalNumber("seconds") ?? 0),
            stepsPerSecond: try members.optionalNumber("steps_per_second"))
        expectedStepsPerSecond = stepsPerSecond
        for process in try members.objects("ranks").prefix(Self.mostProcesses) {
            processes.append(try ProcessProgress(process))
        }
    }

    /// Processes that are looked at.
    private static let mostProcesses = 64

    private static func ramps(_ members: Members) throws(WireError) -> [RampProgress] {
        var ramps: [RampProgress] = []
        for ramp in try members.objects("ramps") {
            ramps.append(
                RampProgress(
                    name: try ramp.string("name"), value: try ramp.number("value"), target: try ramp.number("target"),
                    stepsLeft: try ramp.count("steps_left")))
        }
        return ramps
    }
}
