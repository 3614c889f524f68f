/// What training at each learning rate comes to, tried for some steps on copies that are thrown away.
///
/// Every rate begins at the same state and gets the same batches as the others and as a copy that does not learn at all:
/// what is told of it is how much less it loses than that one. That is averaged over several streams of batches.
public struct LearningRateTest: Sendable, Equatable {
    /// The step whose state was tried.
    public let step: Int
    /// The steps that each rate was tried for; the latter half of them counts.
    public let horizon: Int
    /// How many streams of batches it is averaged over.
    public let streams: Int
    /// The learning rates, rising.
    public let rates: [Double]
    /// By how much the loss is more with each of them than without learning; infinite where it ran away.
    public let changes: [Double]
    /// The loss without learning.
    public let loss: Double
    /// The rates that gain nearly all that can be gained; nil where no rate gains anything.
    public let range: ClosedRange<Double>?
    /// The rate to use: the first of 1, 2, 5, 10 ... in the range, for of rates that gain the same for now lower ones leave
    /// less noise. Nil where there is no range.
    public let suggestion: Double?

    /// A test's outcome.
    public init(
        step: Int, horizon: Int, streams: Int, rates: [Double], changes: [Double], loss: Double,
        range: ClosedRange<Double>?, suggestion: Double?
    ) {
        self.step = step
        self.horizon = horizon
        self.streams = streams
        self.rates = rates
        self.changes = changes
        self.loss = loss
        self.range = range
        self.suggestion = suggestion
    }
}
