import TrainCore

/// A job small enough to be run a thousand times in a test.
enum SmallRun {
    /// 100 rows of y = x0 - x1.
    static let data = Dataset(
        rows: 100, features: 2, targets: 1, x: (0..<200).map { Float($0 * 37 % 101) / 50 - 1 },
        y: (0..<100).map { Float(($0 * 74) % 101) / 50 - Float(($0 * 74 + 37) % 101) / 50 })

    static func job(
        epochs: Int = 2, batchSize: Int = 10, optimizer: any Optimizer = .nadam(learningRate: 0.01),
        metrics: [any Metric] = [.meanAbsoluteError]
    ) -> TrainingJob {
        TrainingJob(
            model: Sequential([Dense(4, activation: .elu), Dense(1)]), metrics: metrics, optimizer: optimizer,
            epochs: epochs, batchSize: batchSize)
    }
}
