package import TrainProtocol

/// What is kept of the past: every step, folded; validation points and epochs, thinned; the best of each.
///
/// `series`, `evaluations`, `epochs` and the best values are those of the run's lineage. What other branches have of
/// their own lies beside it, and changes places with them when the run moves to another branch: no step is kept twice.
package struct History: Sendable, Equatable {
    /// How the run came to where it stands.
    package private(set) var lineage = Lineage()
    /// Every step's loss and metrics, on the lineage.
    package private(set) var series = SeriesPyramid()
    /// The branches that the run is not on.
    package private(set) var branches: [BranchID: BranchHistory] = [:]
    /// The abandoned ones among them, in the order in which they were left.
    package private(set) var abandoned: [BranchID] = []
    /// Validation points on the lineage, oldest first.
    package private(set) var evaluations = ThinnedList<Evaluation>()
    /// Epochs' outcomes on the lineage, oldest first.
    package private(set) var epochs = ThinnedList<EpochReport>()
    /// Validation points of other branches.
    package private(set) var otherEvaluations = ThinnedList<Evaluation>()
    /// Epochs of other branches.
    private var otherEpochs = ThinnedList<EpochReport>()
    /// The lowest batch loss.
    package private(set) var bestLoss: Best?
    /// The evaluation of lowest loss.
    package private(set) var bestEvaluation: Evaluation?
    /// The best validation value of each metric.
    package private(set) var bestMetrics: [Double?]
    /// The metrics, of which some are better the more they are.
    private let metrics: [RunDescription.Metric]

    /// The most abandoned branches that are kept; the one left first goes first.
    package static let mostAbandoned = 64

    /// A lowest loss and where it was.
    package struct Best: Sendable, Equatable {
        /// The loss.
        package var value: Float
        /// The step, or where `isExact` is false the last step of the sample that it lies in.
        package var step: Int
        /// Whether the step is known and not only the sample.
        package var isExact: Bool
    }

    /// Nothing yet of a run with these metrics.
    package init(metrics: [RunDescription.Metric]) {
        self.metrics = metrics
        bestMetrics = Array(repeating: nil, count: metrics.count)
    }

    /// Sees new steps of any branch; `recent` tells the exact step of a best one that arrived folded.
    package mutating func append(_ samples: [Sample], recent: RecentLosses?) {
        for sample in samples {
            guard sample.branch == lineage.branch else {
                branches[sample.branch]?.append(sample)
                continue
            }
            series.append(sample)
            see(sample, recent: recent)
        }
    }

    /// Sees an epoch's outcome.
    package mutating func append(_ report: EpochReport) {
        if lineage.holds(report.branch, at: report.step) { epochs.append(report) } else { otherEpochs.append(report) }
    }

    /// Sees an evaluation.
    package mutating func append(_ evaluation: Evaluation) {
        guard lineage.holds(evaluation.branch, at: evaluation.step) else {
            otherEvaluations.append(evaluation)
            return
        }
        evaluations.append(evaluation)
        see(evaluation)
    }

    /// The epoch that ended with a step, nil where none did (or it was thinned out).
    package func epoch(endingAt step: Int) -> Int? {
        epochs.elements.last { $0.step == step }?.epoch
    }

    // MARK: - Branches

    /// Makes room for a branch that begins beside the run.
    package mutating func begin(_ branch: Lineage) {
        guard branch.branch != lineage.branch, branches[branch.branch] == nil else { return }
        branches[branch.branch] = BranchHistory(branch)
    }

    /// The run stands on this lineage from now on.
    package mutating func go(to target: Lineage) {
        guard target.segments != lineage.segments else {
            lineage = target
            return
        }
        let cut = lineage.commonSteps(with: target)
        let left = leave(after: cut)
        arrive(target, from: cut)
        for branch in left { abandon(branch) }

        let marks = (evaluations.elements + otherEvaluations.elements)
        evaluations = ThinnedList(marks.filter { target.holds($0.branch, at: $0.step) }.sorted { $0.step < $1.step })
        otherEvaluations = ThinnedList(marks.filter { !target.holds($0.branch, at: $0.step) })
        let reports = epochs.elements + otherEpochs.elements
        epochs = ThinnedList(reports.filter { target.holds($0.branch, at: $0.step) }.sorted { $0.step < $1.step })
        otherEpochs = ThinnedList(reports.filter { !target.holds($0.branch, at: $0.step) })
        findBest(after: cut)
    }

    /// Forgets a branch, as the twin when there is none any more.
    package mutating func forget(_ branch: BranchID) {
        branches[branch] = nil
        abandoned.removeAll { $0 == branch }
        otherEvaluations = ThinnedList(otherEvaluations.elements.filter { $0.branch != branch })
        otherEpochs = ThinnedList(otherEpochs.elements.filter { $0.branch != branch })
    }

    /// Keeps a branch that trained beside the run as an abandoned one.
    package mutating func abandon(_ branch: BranchID) {
        guard branches[branch] != nil, branch != lineage.branch else { return }
        abandoned.removeAll { $0 == branch }
        abandoned.append(branch)
        if abandoned.count > Self.mostAbandoned { forget(abandoned[0]) }
    }

    /// Puts beside the lineage what comes after a step.
    ///
    /// - Returns: the branches that it belongs to.
    private mutating func leave(after cut: Int) -> [BranchID] {
        var left: [BranchID] = []
        let removed = series.removeSteps(after: cut)
        for (index, segment) in lineage.segments.enumerated() where segment.end.step > cut {
            var own = lineage.steps(of: index).map { removed[...].parts(of: $0) } ?? []
            own.rename(segment.branch)
            // The whole lineage leads to its last branch; to another one only as far as it is known here.
            let way = segment.branch == lineage.branch ? lineage : lineage.continued(on: segment.branch) ?? lineage
            var branch = branches.removeValue(forKey: segment.branch) ?? BranchHistory(way)
            if segment.branch == lineage.branch { branch.lineage = lineage }
            branch.prepend(own)
            branches[segment.branch] = branch
            left.append(segment.branch)
        }
        return left
    }

    /// Takes back what was beside the lineage; steps that came together with the news of the move are among them.
    private mutating func arrive(_ target: Lineage, from cut: Int) {
        lineage = target
        for (index, segment) in target.segments.enumerated() {
            guard let steps = target.steps(of: index), steps.upperBound > cut else { continue }
            let own = branches[segment.branch]?.remove(max(steps.lowerBound, cut + 1)...steps.upperBound)
            for sample in own ?? [] { series.append(sample) }
        }
        // What has no steps of its own any more is no branch beside the lineage.
        for branch in target.segments.map(\.branch) where branch == lineage.branch || branches[branch]?.tip == nil {
            branches[branch] = nil
            abandoned.removeAll { $0 == branch }
        }
    }

    /// Takes over what another process was told of the run.
    package mutating func restore(_ past: RunPast) {
        self = History(metrics: metrics)
        lineage = past.lineage
        let samples = Dictionary(grouping: past.samples, by: \.branch).mapValues { SampleRing($0) }
        for (index, segment) in lineage.segments.enumerated() {
            guard let steps = lineage.steps(of: index), let own = samples[segment.branch] else { continue }
            for sample in own[...].parts(of: steps) {
                series.append(sample)
                see(sample, recent: nil)
            }
        }
        for way in past.abandoned where way.branch != lineage.branch {
            guard let own = samples[way.branch] else { continue }
            // What the lineage holds of the branch is no step beside it.
            let shared = lineage.segments.first { $0.branch == way.branch }?.end.step ?? 0
            var branch = BranchHistory(way)
            for sample in own[...].parts(of: min(shared, .max - 1) + 1...(.max)) { branch.append(sample) }
            branches[way.branch] = branch
            abandon(way.branch)
        }
        for report in past.epochs { append(report) }
        for evaluation in past.evaluations { append(evaluation) }
    }

    // MARK: - The best

    private mutating func see(_ sample: Sample, recent: RecentLosses?) {
        guard sample.loss.min < bestLoss?.value ?? .infinity else { return }
        var best = Best(value: sample.loss.min, step: sample.lastStep, isExact: sample.steps == 1)
        if !best.isExact, let recent, let index = recent.losses.firstIndex(of: best.value) {
            best.step = recent.lastStep - (recent.losses.count - 1 - index)
            best.isExact = true
        }
        bestLoss = best
    }

    private mutating func see(_ evaluation: Evaluation) {
        for (index, value) in evaluation.metrics.enumerated() where index < metrics.count && value.isFinite {
            let best = bestMetrics[index] ?? value
            bestMetrics[index] = metrics[index].higherIsBetter ? max(best, value) : min(best, value)
        }
        if evaluation.loss < bestEvaluation?.loss ?? .infinity { bestEvaluation = evaluation }
    }

    /// Finds the best of another lineage, of which everything up to a step is known as it was; after that, of thousands
    /// of evaluations, the best of those kept.
    private mutating func findBest(after cut: Int) {
        if let best = bestEvaluation, !lineage.holds(best.branch, at: best.step) { bestEvaluation = nil }
        bestMetrics = Array(repeating: nil, count: metrics.count)
        for evaluation in evaluations.elements { see(evaluation) }
        if let best = bestLoss, best.step > cut { bestLoss = nil }
        for sample in series.samples(from: 1, through: .max) { see(sample, recent: nil) }
    }
}
