/// What came of a step. The metrics' values on its batch, which are as many as the job has, are beside it: in the
/// ``StepBuffer``, or in ``Trainer/batchMetricValues``.
public struct StepOutcome: Sendable, Equatable {
    /// The loss on the batch before the update, penalties included.
    public var loss: Float
    /// The loss on the batch without penalties.
    public var mainLoss: Float
    /// The learning rate of the update, schedule included.
    public var learningRate: Float

    /// An outcome.
    public init(loss: Float, mainLoss: Float, learningRate: Float) {
        self.loss = loss
        self.mainLoss = mainLoss
        self.learningRate = learningRate
    }
}
