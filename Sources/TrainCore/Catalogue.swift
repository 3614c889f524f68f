/// Something that a job can choose by name. The names are Keras's.
public protocol CatalogueEntry: Sendable {
    /// The name in job files: "he_normal".
    static var name: String { get }

    /// With Keras's defaults.
    init()
}

/// All of one kind that can be chosen by name. To add one, write its file and add its type to the list.
public enum Catalogue {
    /// Layer activations.
    public static let activations: [any Activation.Type] = [Linear.self, ELU.self]
    /// Kernel and bias initializers.
    public static let initializers: [any Initializer.Type] = [Zeros.self, GlorotUniform.self, HeNormal.self]
    /// Losses.
    public static let losses: [any Loss.Type] = [MeanSquaredError.self]
    /// Metrics.
    public static let metrics: [any Metric.Type] = [MeanAbsoluteError.self]
    /// Optimizers.
    public static let optimizers: [any Optimizer.Type] = [Nadam.self]
    /// Learning-rate schedules.
    public static let schedules: [any LearningRateSchedule.Type] = [ConstantRate.self]
}
