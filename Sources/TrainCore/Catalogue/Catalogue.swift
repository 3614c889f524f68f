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
    public static let activations: [any Activation.Type] = [
        Linear.self, ReLU.self, LeakyReLU.self, ELU.self, SELU.self, GELU.self, SiLU.self, Mish.self, Softplus.self,
        Tanh.self,
        Sigmoid.self, Softmax.self,
    ]
    /// Kernel and bias initializers.
    public static let initializers: [any Initializer.Type] = [
        Zeros.self, Ones.self, GlorotUniform.self, GlorotNormal.self, HeUniform.self, HeNormal.self, LecunUniform.self,
        LecunNormal.self,
    ]
    /// Losses.
    public static let losses: [any Loss.Type] = [
        MeanSquaredErrorLoss.self, MeanAbsoluteErrorLoss.self, Huber.self, LogCosh.self, BinaryCrossentropy.self,
        SparseCategoricalCrossentropy.self,
    ]
    /// Metrics.
    public static let metrics: [any Metric.Type] = [
        MeanAbsoluteError.self, MeanSquaredError.self, RootMeanSquaredError.self, R2Score.self, BinaryAccuracy.self,
        SparseCategoricalAccuracy.self,
    ]
    /// Optimizers.
    public static let optimizers: [any Optimizer.Type] = [
        SGD.self, RMSprop.self, Adagrad.self, Adam.self, AdamW.self, Nadam.self,
    ]
    /// Learning-rate schedules.
    public static let schedules: [any LearningRateSchedule.Type] = [
        ConstantRate.self, PiecewiseConstant.self, ExponentialDecay.self, CosineDecay.self, OneCycle.self,
    ]
}
