/// What is trained and how: everything but the data.
public struct TrainingJob: Sendable {
    /// The model.
    public var model: Sequential
    /// What is made small.
    public var loss: any Loss
    /// What is reported beside the loss.
    public var metrics: [any Metric]
    /// What turns gradients into updates; it owns the learning rate.
    public var optimizer: any Optimizer
    /// How the learning rate changes with the steps.
    public var schedule: any LearningRateSchedule
    /// What is done to large gradients.
    public var clipping: GradientClipping
    /// Epochs, at least 1.
    public var epochs: Int
    /// When the training ends before all its epochs; nil for never.
    public var earlyStopping: EarlyStopping?
    /// Rows in a batch, at least 1.
    public var batchSize: Int
    /// How batches are drawn.
    public var sampling: Sampling
    /// Names the run: the same job and seed give the same bits.
    public var seed: UInt64

    /// A job with the book's settings where none are given.
    public init(
        model: Sequential, loss: any Loss = .meanSquaredError, metrics: [any Metric] = [.meanAbsoluteError],
        optimizer: any Optimizer = .nadam(learningRate: 0.01), schedule: any LearningRateSchedule = .constant,
        clipping: GradientClipping = .none, epochs: Int = 5, earlyStopping: EarlyStopping? = nil, batchSize: Int = 32,
        sampling: Sampling = .random, seed: UInt64 = 42
    ) {
        self.model = model
        self.loss = loss
        self.metrics = metrics
        self.optimizer = optimizer
        self.schedule = schedule
        self.clipping = clipping
        self.epochs = epochs
        self.earlyStopping = earlyStopping
        self.batchSize = batchSize
        self.sampling = sampling
        self.seed = seed
    }
}

/// A stack of layers, each fed by the one before.
public struct Sequential: Sendable {
    /// How many layers a model may have. Nothing learns through a thousand dense layers; the limit tells a file that went
    /// wrong from a model before every layer takes its buffers and its line on the screen.
    public static let greatestLayerCount = 1000

    /// The layers, first to last; at least one, at most ``greatestLayerCount``.
    public var layers: [Dense]

    /// A stack of layers.
    public init(_ layers: [Dense]) { self.layers = layers }
}

/// How the rows of a batch are chosen.
public enum Sampling: String, Sendable, CaseIterable {
    /// Drawn at random with replacement, as the book's `random_batch`.
    case random
    /// Every epoch in another random order, each row at most once.
    case shuffle
    /// In file order.
    case sequential
}

/// What is done to large gradients before the optimizer sees them, as Keras's `clipvalue`, `clipnorm` and
/// `global_clipnorm`. At most one of them.
public enum GradientClipping: Sendable, Hashable {
    /// Nothing.
    case none
    /// Every component is cut to -value...value.
    case value(Double)
    /// Each kernel's and each bias's gradient is scaled down to this norm where its norm is greater.
    case norm(Double)
    /// The whole gradient is scaled down to this norm where its norm is greater.
    case globalNorm(Double)
}
