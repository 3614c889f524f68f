public import TrainCore

/// A step with all that a log wants to know of it.
public struct StepRecord: Sendable, Equatable {
    /// The step, from 1 at the start of the run.
    public let step: Int
    /// Its epoch, from 1.
    public let epoch: Int
    /// What came of it.
    public let outcome: StepOutcome
    /// The mean of the batch losses since the epoch began.
    public let meanLoss: Double
    /// The metrics' values since the epoch began, in the job's order.
    public let metrics: [Double]

    /// The step that the trainer has just taken.
    public init(_ trainer: Trainer, _ outcome: StepOutcome) {
        step = trainer.position.step
        epoch = trainer.position.epoch
        self.outcome = outcome
        meanLoss = trainer.meanLoss ?? .nan
        metrics = trainer.metricValues.map { $0 ?? .nan }
    }
}
