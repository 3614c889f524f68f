import TrainCore
import Wording

/// What there is in Keras, by the names of the catalogue: what is not listed here cannot be exported, and is refused.
enum KerasNames {
    static let optimizers = [
        "sgd": "SGD", "rmsprop": "RMSprop", "adagrad": "Adagrad", "adam": "Adam", "adamw": "AdamW", "nadam": "Nadam",
    ]
    static let losses = [
        "mean_squared_error": "MeanSquaredError", "mean_absolute_error": "MeanAbsoluteError", "huber": "Huber",
        "log_cosh": "LogCosh", "binary_crossentropy": "BinaryCrossentropy",
        "sparse_categorical_crossentropy": "SparseCategoricalCrossentropy",
    ]
    static let metrics = [
        "mean_absolute_error": "MeanAbsoluteError", "mean_squared_error": "MeanSquaredError",
        "root_mean_squared_error": "RootMeanSquaredError", "r2_score": "R2Score",
        "binary_accuracy": "BinaryAccuracy", "sparse_categorical_accuracy": "SparseCategoricalAccuracy",
    ]
    /// Schedules that Keras has, and two that the script is written without.
    static let schedules = [
        "piecewise_constant": "PiecewiseConstantDecay", "exponential_decay": "ExponentialDecay",
        "cosine_decay": "CosineDecay", "constant": "", "one_cycle": "",
    ]
    /// Keras knows these by the same names.
    static let activations = same([
        "linear", "relu", "leaky_relu", "elu", "selu", "gelu", "silu", "mish", "softplus", "tanh", "sigmoid", "softmax",
    ])
    /// Keras knows these by the same names; the script brings its own random numbers for most.
    static let initializers = same([
        "zeros", "ones", "glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "lecun_uniform", "lecun_normal",
    ])

    private static func same(_ names: [String]) -> [String: String] {
        Dictionary(uniqueKeysWithValues: names.map { ($0, $0) })
    }

    /// Throws for the first thing in a job that cannot be written.
    static func check(_ job: TrainingJob, hasInitialWeights: Bool) throws(KerasExportError) {
        try check(type(of: job.loss).name, "loss", losses)
        for metric in job.metrics { try check(type(of: metric).name, "metric", metrics) }
        try check(type(of: job.optimizer).name, "optimizer", optimizers)
        try check(type(of: job.schedule).name, "schedule", schedules)
        for layer in job.model.layers {
            try check(type(of: layer.activation).name, "activation", activations)
            guard !hasInitialWeights else { continue }
            for initializer in [layer.kernelInitializer, layer.biasInitializer] {
                try check(type(of: initializer).name, "initializer", initializers)
            }
        }
    }

    static func check(_ name: String, _ kind: String, _ names: [String: String]) throws(KerasExportError) {
        guard names[name] == nil else { return }
        throw KerasExportError(
            "the \(kind) '\(visible(name))' cannot be written for Keras; these can: "
                + names.keys.sorted().joined(separator: ", "))
    }

    /// The name of something that was checked before.
    static func name(_ name: String, in names: [String: String]) -> String {
        guard let found = names[name] else { preconditionFailure("'\(name)' was not checked") }
        return found
    }
}
