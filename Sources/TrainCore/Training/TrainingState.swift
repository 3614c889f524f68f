/// A training at one moment, complete: copy it, and the copy goes on exactly as the original would.
public struct TrainingState: Sendable {
    /// Where it stands.
    public internal(set) var position: TrainingPosition
    /// The numbers that can be edited.
    public internal(set) var settings: TrainingSettings
    /// Parameters and the optimizer's slots, gaps included.
    var arena: [Float]
    /// The optimizer's running products.
    var products: [Double]
    /// The sums of losses and metrics since the epoch began.
    var sums: [Double]

    /// The memory that a copy takes, in bytes, roughly.
    public var byteCount: Int {
        MemoryLayout<Self>.size + arena.count * MemoryLayout<Float>.stride
            + (products.count + sums.count) * MemoryLayout<Double>.stride + 128 * (2 + settings.regularizers.count / 4)
            + settings.ramps.count * MemoryLayout<Ramp>.stride
    }
}

/// How far a training has come.
public struct TrainingPosition: Sendable, Equatable {
    /// Steps taken since the start.
    public internal(set) var step = 0
    /// The epoch of the last step taken, from 1; 1 before the first step.
    public internal(set) var epoch = 1
    /// Steps taken in that epoch.
    public internal(set) var stepInEpoch = 0
    /// Rows taken in that epoch.
    public internal(set) var rowsInEpoch = 0
}

/// What can be edited between two steps.
public struct TrainingSettings: Sendable {
    /// The optimizer with its learning rate and other numbers.
    public var optimizer: any Optimizer
    /// The steps that were taken before this optimizer's first.
    public var optimizerStart = 0
    /// Each layer's penalty.
    public var regularizers: [Regularizer]
    /// Rows in a batch.
    public var batchSize: Int
    /// Epochs in all.
    public var epochs: Int
    /// The numbers that move from step to step, and are not yet where they are to be.
    public internal(set) var ramps: [Ramp] = []
}
