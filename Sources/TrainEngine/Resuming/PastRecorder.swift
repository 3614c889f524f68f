import TrainCore
import TrainProtocol

/// What is told of a run, kept in bounded size for the process that may go on with it.
struct PastRecorder {
    /// Each branch's own steps.
    private var series: [BranchID: SampleBuffer] = [:]
    /// Steps that came from an earlier process: they lie before those in `series`.
    private var former: [BranchID: [Sample]] = [:]
    private var epochs: [EpochReport] = []
    private var evaluations: [Evaluation] = []
    private let metricCount: Int

    /// Branches beside the lineage whose steps are kept; the ones that began first go first.
    private static let mostBranches = 16
    /// Epochs and validations that are kept: of more than these every second one goes.
    private static let mostMarks = 512
    /// Samples that are kept of a branch.
    private static let mostSamples = 1024

    init(metricCount: Int) { self.metricCount = metricCount }

    /// Goes on from what another process has kept.
    init(_ past: RunPast, metricCount: Int) {
        self.metricCount = metricCount
        former = Dictionary(grouping: past.samples, by: \.branch)
        (epochs, evaluations) = (past.epochs, past.evaluations)
    }

    /// Sees steps of a branch, of which `lastStep` is the last.
    mutating func append(_ steps: StepBuffer, of branch: BranchID, lastStep: Int) {
        guard steps.count > 0 else { return }
        // Without a copy: the buffer is changed where it lies.
        series[branch, default: SampleBuffer(branch: branch, metricCount: metricCount)]
            .append(firstStep: lastStep - steps.count + 1, steps)
    }

    /// Sees what happened.
    mutating func note(_ event: Event) {
        switch event {
        case .epochEnded(let report):
            epochs.append(report)
            if epochs.count > Self.mostMarks { epochs = Self.thinned(epochs) }
        case .evaluated(let evaluation):
            evaluations.append(evaluation)
            if evaluations.count > Self.mostMarks { evaluations = Self.thinned(evaluations) }
        default: break
        }
    }

    /// What is kept, as the timeline stands; what is not reachable any more is forgotten.
    mutating func past(of timeline: Timeline) -> RunPast {
        let own = Set(timeline.lineage.segments.map(\.branch))
        let known = Set(series.keys).union(former.keys)
        let beside = known.subtracting(own).filter { timeline.abandoned[$0] != nil }.sorted().suffix(Self.mostBranches)
        let kept = own.union(beside)
        for branch in known.subtracting(kept) { (series[branch], former[branch]) = (nil, nil) }
        let samples = kept.sorted().flatMap { branch in
            Self.bounded((former[branch] ?? []) + (series[branch]?.samples ?? []))
        }
        return RunPast(samples: samples, epochs: epochs, evaluations: evaluations).placed(by: timeline)
    }

    private static func thinned<Mark>(_ marks: [Mark]) -> [Mark] {
        marks.indices.filter { !$0.isMultiple(of: 2) }.map { marks[$0] }
    }

    /// Merges neighbours until they are few enough.
    private static func bounded(_ samples: [Sample]) -> [Sample] {
        var samples = samples
        while samples.count > mostSamples {
            samples = stride(from: 0, to: samples.count, by: 2).map { index in
                var sample = samples[index]
                if index + 1 < samples.count { sample.merge(samples[index + 1]) }
                return sample
            }
        }
        return samples
    }
}

extension RunPast {
    /// The same with the lineages that a timeline has.
    func placed(by timeline: Timeline) -> RunPast {
        var past = self
        past.lineage = timeline.lineage
        let branches = Set(samples.map(\.branch))
        past.abandoned = timeline.abandoned.filter { branches.contains($0.key) }.sorted { $0.key < $1.key }
            .map(\.value.lineage)
        return past
    }
}
