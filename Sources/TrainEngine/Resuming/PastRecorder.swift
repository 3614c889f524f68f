package import TrainProtocol

/// What is told of a run, kept in bounded size for the process that may go on with it.
///
/// It sees samples when they are taken to be shown, which are few, and no steps: watching costs a run no more than it did.
struct PastRecorder {
    /// Each branch's own steps.
    private var samples: [BranchID: [Sample]]
    /// Steps to a sample of a branch, where those that came are not wider.
    private var widths: [BranchID: Int] = [:]
    private var epochs: [EpochReport]
    private var evaluations: [Evaluation]
    private var tests: [Evaluation]

    /// Branches beside the lineage whose steps are kept; the ones that began first go first.
    private static let mostBranches = 16
    /// Epochs and validations that are kept: of more than these every second one goes.
    private static let mostMarks = 512
    /// Samples that are kept of a branch: of twice as many, neighbours are merged.
    private static let mostSamples = 1024

    /// Goes on from what another process has kept.
    init(_ past: RunPast) {
        samples = Dictionary(grouping: past.samples, by: \.branch)
        (epochs, evaluations, tests) = (past.epochs, past.evaluations, past.tests)
    }

    /// Sees news, in order.
    mutating func see(_ new: [Sample], _ events: [Event]) {
        for sample in new where sample.loss.count > 0 {
            let width = widths[sample.branch] ?? 1
            samples[sample.branch, default: []].add(sample, width: width)
        }
        for branch in Set(new.map(\.branch)) where samples[branch]?.count ?? 0 > 2 * Self.mostSamples {
            samples[branch] = samples[branch].map { Self.merged($0) }
            widths[branch] = 2 * min(widths[branch] ?? 1, .max / 4)
        }
        for event in events {
            switch event {
            case .epochEnded(let report): epochs.append(report)
            case .evaluated(let evaluation): evaluations.append(evaluation)
            case .tested(let evaluation): tests.append(evaluation)
            default: break
            }
        }
        if epochs.count > Self.mostMarks { epochs = Self.thinned(epochs) }
        if evaluations.count > Self.mostMarks { evaluations = Self.thinned(evaluations) }
        if tests.count > Self.mostMarks { tests = Self.thinned(tests) }
    }

    /// Forgets branches that nobody can come to any more, as a twin's, and the oldest where there are too many.
    mutating func forget(allBut timeline: Timeline) {
        let own = Set(timeline.lineage.segments.map(\.branch))
        let beside = samples.keys.filter { !own.contains($0) && timeline.abandoned[$0] != nil }
        // The entrants of a race are not abandoned yet.
        let racing = Set(timeline.race?.entrants.map(\.branch) ?? [])
        let kept = own.union(beside.sorted().suffix(Self.mostBranches)).union(racing)
        samples = samples.filter { kept.contains($0.key) }
    }

    /// What is kept, as a timeline has it.
    mutating func past(of timeline: Timeline) -> RunPast {
        forget(allBut: timeline)
        let all = samples.keys.sorted().flatMap { Self.bounded(samples[$0] ?? []) }
        return RunPast(samples: all, epochs: epochs, evaluations: evaluations, tests: tests).placed(by: timeline)
    }

    /// Every second one, the last among them; at least half of twice as many as may stay.
    private static func thinned<Mark>(_ marks: [Mark]) -> [Mark] {
        marks.indices.filter { (marks.count - 1 - $0).isMultiple(of: 2) }.map { marks[$0] }
    }

    private static func bounded(_ samples: [Sample]) -> [Sample] {
        var samples = samples
        while samples.count > mostSamples { samples = merged(samples) }
        return samples
    }

    /// Half as many, each of two neighbours.
    private static func merged(_ samples: [Sample]) -> [Sample] {
        stride(from: 0, to: samples.count, by: 2).map { index in
            var sample = samples[index]
            if index + 1 < samples.count { sample.merge(samples[index + 1]) }
            return sample
        }
    }
}

extension [Sample] {
    /// Adds one at the end, or to the last one where they are as narrow together.
    fileprivate mutating func add(_ sample: Sample, width: Int) {
        if let last, last.steps + sample.steps <= width {
            self[count - 1].merge(sample)
        } else {
            append(sample)
        }
    }
}

extension RunPast {
    /// The same with the lineages that a timeline has, without what another branch was told of, as a twin.
    package func placed(by timeline: Timeline) -> RunPast {
        var past = self
        past.lineage = timeline.lineage
        let known = Set(timeline.lineage.segments.map(\.branch)).union(timeline.abandoned.keys)
            .union(timeline.race?.entrants.map(\.branch) ?? [])
        past.epochs.removeAll { !known.contains($0.branch) }
        past.evaluations.removeAll { !known.contains($0.branch) }
        let branches = Set(samples.map(\.branch))
        past.abandoned = timeline.abandoned.filter { branches.contains($0.key) }.sorted { $0.key < $1.key }
            .map(\.value.lineage)
        return past
    }
}
