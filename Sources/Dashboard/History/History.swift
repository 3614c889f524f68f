import TrainEngine

/// What is kept of the past: every step, folded; validation points and epochs, thinned; the best of each.
///
/// `series`, `evaluations`, `epochs` and the best values are those of the way taken. What other branches have of their
/// own lies aside, and changes places with them when the run moves to another branch: no step is kept twice.
struct History: Sendable, Equatable {
    /// The way taken.
    private(set) var way = Way()
    /// Every step's loss and first metric, on the way taken.
    private(set) var series = SeriesPyramid()
    /// The branches that the run is not on.
    private(set) var asides: [BranchID: Aside] = [:]
    /// The abandoned ones among them, in the order in which they were left.
    private(set) var abandoned: [BranchID] = []
    /// Validation points on the way taken, oldest first.
    private(set) var evaluations = ThinnedList<Evaluation>()
    /// Epochs' outcomes on the way taken, oldest first.
    private(set) var epochs = ThinnedList<EpochReport>()
    /// Validation points of other branches.
    private(set) var otherEvaluations = ThinnedList<Evaluation>()
    /// Epochs of other branches.
    private var otherEpochs = ThinnedList<EpochReport>()
    /// The lowest batch loss.
    private(set) var bestLoss: Best?
    /// The evaluation of lowest loss.
    private(set) var bestEvaluation: Evaluation?
    /// The best validation value of each metric.
    private(set) var bestMetrics: [Double?]
    /// For each metric whether more is better.
    private let metricsRiseWhenBetter: [Bool]

    /// The most abandoned branches that are kept; the one left first goes first.
    static let mostAbandoned = 64

    /// A lowest loss and where it was.
    struct Best: Sendable, Equatable {
        /// The loss.
        var value: Float
        /// The step, or where `isExact` is false the last step of the stretch that it lies in.
        var step: Int
        /// Whether the step is known and not only the stretch.
        var isExact: Bool
    }

    /// Nothing yet.
    init(metricsRiseWhenBetter: [Bool]) {
        self.metricsRiseWhenBetter = metricsRiseWhenBetter
        bestMetrics = Array(repeating: nil, count: metricsRiseWhenBetter.count)
    }

    /// Sees new steps of any branch; `recent` tells the exact step of a best one that arrived folded.
    mutating func append(_ samples: [Sample], recent: RecentLosses?) {
        for sample in samples {
            guard sample.branch == way.branch else {
                asides[sample.branch]?.append(sample)
                continue
            }
            series.append(sample)
            see(sample, recent: recent)
        }
    }

    /// Sees an epoch's outcome.
    mutating func append(_ report: EpochReport) {
        if way.holds(report.branch, at: report.step) { epochs.append(report) } else { otherEpochs.append(report) }
    }

    /// Sees an evaluation.
    ///
    /// - Returns: whether its loss is the lowest so far on the way taken.
    @discardableResult
    mutating func append(_ evaluation: Evaluation) -> Bool {
        guard way.holds(evaluation.branch, at: evaluation.step) else {
            otherEvaluations.append(evaluation)
            return false
        }
        evaluations.append(evaluation)
        return see(evaluation)
    }

    /// The epoch that ended with a step, nil where none did (or it was thinned out).
    func epoch(endingAt step: Int) -> Int? {
        epochs.elements.last { $0.step == step }?.epoch
    }

    // MARK: - Branches

    /// Makes room for a branch.
    ///
    /// - Parameter edits: the number below which the edits made so far are.
    mutating func begin(_ branch: Branch, editsBelow edits: Int) {
        guard branch.id != way.branch, asides[branch.id] == nil else { return }
        let parent = self.way(of: branch.parent) ?? way
        asides[branch.id] = Aside(way: parent.fork(branch.id, at: branch.forkStep, editsBelow: edits))
    }

    /// Goes on from another place.
    ///
    /// - Parameter edits: where the move takes edits back, the number of the first one.
    mutating func move(_ move: Move, editsBelow edits: Int?) {
        var target = way(of: move.branch) ?? way.fork(move.branch, at: move.step, editsBelow: .max)
        if let edits { target = target.with(editsBelow: edits) }
        let cut = min(way.commonSteps(with: target), move.step)
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
    mutating func forget(_ branch: BranchID) {
        asides[branch] = nil
        abandoned.removeAll { $0 == branch }
        otherEvaluations = ThinnedList(otherEvaluations.elements.filter { $0.branch != branch })
        otherEpochs = ThinnedList(otherEpochs.elements.filter { $0.branch != branch })
    }

    /// Keeps a branch that trained beside the run as an abandoned one.
    mutating func abandon(_ branch: BranchID) {
        guard asides[branch] != nil, branch != way.branch else { return }
        abandoned.removeAll { $0 == branch }
        abandoned.append(branch)
        if abandoned.count > Self.mostAbandoned { forget(abandoned[0]) }
    }

    /// How a run comes to a branch; nil where it is not known (any more).
    func way(of branch: BranchID) -> Way? { asides[branch]?.way ?? way.onward(branch) }

    /// Puts aside what comes after a step.
    ///
    /// - Returns: the branches that it belongs to.
    private mutating func leave(after cut: Int) -> [BranchID] {
        var left: [BranchID] = []
        let removed = series.removeSteps(after: cut)
        for (index, segment) in way.segments.enumerated() where segment.through > cut {
            let own = way.steps(of: index).map { steps in removed.compactMap { $0.part(steps) } } ?? []
            var aside = asides[segment.branch] ?? Aside(way: way.onward(segment.branch) ?? way)
            aside.prepend(
                own.map { sample in
                    var sample = sample
                    sample.branch = segment.branch
                    return sample
                })
            asides[segment.branch] = aside
            left.append(segment.branch)
        }
        return left
    }

    /// Takes back what was aside of a way; steps that came together with the news of the move are among them.
    private mutating func arrive(_ target: Way, from cut: Int) {
        way = target
        for (index, segment) in target.segments.enumerated() {
            guard let steps = target.steps(of: index), steps.upperBound > cut else { continue }
            for sample in asides[segment.branch]?.remove(max(steps.lowerBound, cut + 1)...steps.upperBound) ?? [] {
                series.append(sample)
            }
        }
        // What has no steps of its own any more is no branch beside the way.
        for branch in target.segments.map(\.branch) where branch == way.branch || asides[branch]?.tip == nil {
            asides[branch] = nil
            abandoned.removeAll { $0 == branch }
        }
    }

    // MARK: - The best

    private mutating func see(_ sample: Sample, recent: RecentLosses?) {
        guard sample.loss.min < bestLoss?.value ?? .infinity else { return }
        var best = Best(value: sample.loss.min, step: sample.lastStep, isExact: sample.loss.count == 1)
        if !best.isExact, let recent, let index = recent.losses.firstIndex(of: best.value) {
            best.step = recent.lastStep - (recent.losses.count - 1 - index)
            best.isExact = true
        }
        bestLoss = best
    }

    private mutating func see(_ evaluation: Evaluation) -> Bool {
        for (index, value) in evaluation.metrics.enumerated() where index < bestMetrics.count && value.isFinite {
            let best = bestMetrics[index] ?? value
            bestMetrics[index] = metricsRiseWhenBetter[index] ? max(best, value) : min(best, value)
        }
        guard evaluation.loss < bestEvaluation?.loss ?? .infinity else { return false }
        bestEvaluation = evaluation
        return true
    }

    /// Finds the best of another way, of which everything up to a step is known as it was; after that, of thousands of
    /// evaluations, the best of those kept.
    private mutating func findBest(after cut: Int) {
        if let best = bestEvaluation, !way.holds(best.branch, at: best.step) { bestEvaluation = nil }
        bestMetrics = Array(repeating: nil, count: metricsRiseWhenBetter.count)
        for evaluation in evaluations.elements { _ = see(evaluation) }
        if let best = bestLoss, best.step > cut { bestLoss = nil }
        for sample in series.stretches(from: 1, through: .max) { see(sample, recent: nil) }
    }
}
