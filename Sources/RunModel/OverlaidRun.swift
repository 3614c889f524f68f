package import TrainProtocol

/// Another run, to be drawn under the one that is watched: what was kept of it.
package struct OverlaidRun: Sendable, Equatable {
    /// What to call it.
    package let name: String
    /// Its steps, epochs and validations on the way to where it stood.
    package let history: History
    /// Steps that it took.
    package let steps: Int
    /// Seconds that it trained for.
    package let seconds: Double
    /// Its metrics.
    package let metrics: [RunDescription.Metric]
    /// Whether its data and seed are those of the run that is watched: batches are the same then, and differences paired.
    package let isPaired: Bool
    /// What differs in jobs and edits, line by line.
    package let differences: [String]

    /// A run as it was kept.
    package init(
        name: String, past: RunPast, metrics: [RunDescription.Metric], steps: Int, seconds: Double, isPaired: Bool,
        differences: [String]
    ) {
        self.name = name
        self.metrics = metrics
        (self.steps, self.seconds) = (steps, seconds)
        (self.isPaired, self.differences) = (isPaired, differences)
        var history = History(metrics: metrics)
        history.restore(past)
        self.history = history
    }

    /// The mean steps of an epoch; nil before one was over.
    package var stepsPerEpoch: Double? {
        history.epochs.elements.last.flatMap { $0.epoch > 0 ? Double($0.step) / Double($0.epoch) : nil }
    }

    /// Validation losses by epochs.
    package var validation: [Int: Double] { history.validationByEpoch }
}

extension History {
    /// The validation loss at the end of each epoch, as far as both are kept.
    package var validationByEpoch: [Int: Double] {
        let epochs = Dictionary(epochs.elements.map { ($0.step, $0.epoch) }, uniquingKeysWith: { $1 })
        let losses = evaluations.elements.compactMap { evaluation in
            epochs[evaluation.step].map { ($0, evaluation.loss) }
        }
        return Dictionary(losses.filter(\.1.isFinite), uniquingKeysWith: { $1 })
    }
}

/// How much higher one run's validation losses are than another's, over the epochs that both have.
package struct EpochDifference: Sendable, Equatable {
    /// The mean of the differences.
    package let mean: Double
    /// The standard error of that mean, n - 1 as the divisor; nil of one epoch.
    package let error: Double?
    /// How many epochs both have.
    package let epochs: Int

    /// The first one's losses less the second one's; nil where they have no epoch in common.
    package init?(_ first: [Int: Double], less second: [Int: Double]) {
        let differences = first.keys.sorted().compactMap { epoch in
            second[epoch].map { (first[epoch] ?? $0) - $0 }
        }
        guard !differences.isEmpty else { return nil }
        let (count, sum) = (Double(differences.count), differences.reduce(0, +))
        mean = sum / count
        epochs = differences.count
        guard count > 1 else {
            error = nil
            return
        }
        let middle = mean
        let squares = differences.reduce(0) { $0 + ($1 - middle) * ($1 - middle) }
        error = (squares / (count - 1) / count).squareRoot()
    }
}
