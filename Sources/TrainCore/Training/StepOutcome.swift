/// What came of a step.
public struct StepOutcome: Sendable, Equatable {
    /// The loss on the batch before the update, penalties included.
    public var loss: Float
    /// The loss on the batch without penalties.
    public var mainLoss: Float
    /// The first metric's value on the batch, NaN where the job has none.
    public var metric: Float
    /// The learning rate of the update, schedule included.
    public var learningRate: Float

    /// An outcome.
    public init(loss: Float, mainLoss: Float, metric: Float, learningRate: Float) {
        self.loss = loss
        self.mainLoss = mainLoss
        self.metric = metric
        self.learningRate = learningRate
    }
}
