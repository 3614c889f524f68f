/// How the loss behaves as the learning rate rises geometrically, a step to each rate, on a branch that was thrown away.
///
/// Leslie Smith, "Cyclical Learning Rates for Training Neural Networks", 2017, section 3.3, made it known.
public struct LearningRateTest: Sendable, Equatable {
    /// The step after which it branched off.
    public let step: Int
    /// The learning rates, rising.
    public let rates: [Double]
    /// The moving average of the batch losses at each rate.
    public let losses: [Double]
    /// The rate at which the average falls fastest; nil where it never falls.
    public let steepest: Double?
    /// The rate to use: the steepest point's, which lies well below the rates that diverge; nil where there is none.
    public let suggestion: Double?
    /// The rate at which the loss ran away and the test ended; nil where it went through.
    public let divergedAt: Double?

    /// A test's outcome.
    public init(
        step: Int, rates: [Double], losses: [Double], steepest: Double?, suggestion: Double?, divergedAt: Double?
    ) {
        self.step = step
        self.rates = rates
        self.losses = losses
        self.steepest = steepest
        self.suggestion = suggestion
        self.divergedAt = divergedAt
    }
}
