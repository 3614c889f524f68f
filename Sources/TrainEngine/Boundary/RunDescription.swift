public import Wording

/// What is being trained. Strings come from files and people: whoever shows them sanitises them.
public struct RunDescription: Sendable, Equatable {
    /// The job in a word or two: "storms".
    public let title: String
    /// The model in a line: "8 → 30 elu → 1".
    public let model: String
    /// Trainable weights.
    public let weights: Int
    /// The optimizer's name: "nadam".
    public let optimizer: String
    /// The seed.
    public let seed: UInt64
    /// The loss's name: "mean_squared_error".
    public let loss: String
    /// The metrics' names: "mean_absolute_error".
    public let metrics: [String]
    /// For each metric whether more is better, as with an accuracy.
    public let higherIsBetter: [Bool]
    /// Rows for validation; with 0 there is none, and `validationNote` says why.
    public let validationRows: Int
    /// Why there is no validation, "" where there is.
    public let validationNote: String
    /// All that can be edited, in the order in which to show it, with the values at the start.
    public let hyperparameters: [Hyperparameter]

    /// A description.
    public init(
        title: String, model: String, weights: Int, optimizer: String, seed: UInt64, loss: String,
        metrics: [String], higherIsBetter: [Bool], validationRows: Int, validationNote: String,
        hyperparameters: [Hyperparameter]
    ) {
        self.title = title
        self.model = model
        self.weights = weights
        self.optimizer = optimizer
        self.seed = seed
        self.loss = loss
        self.metrics = metrics
        self.higherIsBetter = higherIsBetter
        self.validationRows = validationRows
        self.validationNote = validationNote
        self.hyperparameters = hyperparameters
    }
}

/// A number that can be edited while the run goes on.
public struct Hyperparameter: Sendable, Equatable {
    /// The name in job files and commands: "learning_rate", "layers.0.l2", "pace".
    public let name: String
    /// The name on screen: "learning rate", "l2 · layer 1", "pace".
    public let title: String
    /// The value at the start.
    public let value: Double
    /// What is allowed.
    public let range: NumberRange
    /// What the number counts, "" where it is a plain number: "steps/s".
    public let unit: String
    /// Where the number stands for one of some names, such as the optimizer's, those names: 0 is the first.
    public let choices: [String]

    /// A hyperparameter.
    public init(
        name: String, title: String, value: Double, range: NumberRange, unit: String = "", choices: [String] = []
    ) {
        self.choices = choices
        self.name = name
        self.title = title
        self.value = value
        self.range = range
        self.unit = unit
    }

    /// Whether only whole numbers are allowed.
    public var isWhole: Bool { range.isWhole }

    /// Whether it is either off (0) or on (1).
    public var isFlag: Bool { range == .whole(from: 0, to: 1) }

    /// Why a value is not allowed, as a sentence's second half ("must be greater than 0"); nil where it is allowed.
    public func objection(to value: Double) -> String? { range.objection(to: value) }
}
