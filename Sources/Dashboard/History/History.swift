import TrainEngine

/// What is kept of the past: every step, folded; validation points and epochs, thinned; the best of each.
struct History: Sendable, Equatable {
    /// Every step's loss and first metric.
    var series = SeriesPyramid()
    /// Validation points, oldest first.
    private(set) var evaluations = ThinnedList<Evaluation>()
    /// Epochs' outcomes, oldest first.
    private(set) var epochs = ThinnedList<EpochReport>()
    /// The lowest batch loss.
    private(set) var bestLoss: Best?
    /// The evaluation of lowest loss.
    private(set) var bestEvaluation: Evaluation?
    /// The best validation value of each metric.
    private(set) var bestMetrics: [Double?]
    /// For each metric whether more is better.
    private let metricsRiseWhenBetter: [Bool]

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

    /// Sees new steps; `recent` tells the exact step of a best one that arrived folded.
    mutating func append(_ samples: [Sample], recent: RecentLosses?) {
        for sample in samples {
            series.append(sample)
            guard sample.loss.min < bestLoss?.value ?? .infinity else { continue }
            var best = Best(value: sample.loss.min, step: sample.lastStep, isExact: sample.loss.count == 1)
            if !best.isExact, let recent, let index = recent.losses.firstIndex(of: best.value) {
                best.step = recent.lastStep - (recent.losses.count - 1 - index)
                best.isExact = true
            }
            bestLoss = best
        }
    }

    /// Sees an epoch's outcome.
    mutating func append(_ report: EpochReport) { epochs.append(report) }

    /// Sees an evaluation.
    ///
    /// - Returns: whether its loss is the lowest so far.
    @discardableResult
    mutating func append(_ evaluation: Evaluation) -> Bool {
        evaluations.append(evaluation)
        for (index, value) in evaluation.metrics.enumerated() where index < bestMetrics.count && value.isFinite {
            let best = bestMetrics[index] ?? value
            bestMetrics[index] = metricsRiseWhenBetter[index] ? max(best, value) : min(best, value)
        }
        guard evaluation.loss < bestEvaluation?.loss ?? .infinity else { return false }
        bestEvaluation = evaluation
        return true
    }

    /// The epoch that ended with a step, nil where none did (or it was thinned out).
    func epoch(endingAt step: Int) -> Int? {
        epochs.elements.last { $0.step == step }?.epoch
    }
}
