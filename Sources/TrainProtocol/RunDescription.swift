/// What is being trained. Strings come from files and people: whoever shows them sanitises them. What an engine cannot
/// know is nil.
public struct RunDescription: Sendable, Equatable {
    /// The job in a word or two: "storms".
    public var title: String
    /// The model in a line: "8 → 30 elu → 1"; "" where nobody knows.
    public var model: String
    /// Trainable weights.
    public var weights: Int?
    /// The optimizer's name: "nadam"; "" where nobody knows.
    public var optimizer: String
    /// The seed.
    public var seed: UInt64?
    /// The loss's name: "mean_squared_error"; "" where nobody knows.
    public var loss: String
    /// The metrics.
    public var metrics: [Metric]
    /// The rows to validate on, or why there is no validation.
    public var validation: Validation
    /// The table; nil where nobody knows it.
    public var table: TableDescription?

    /// A metric.
    public struct Metric: Sendable, Equatable {
        /// The name: "mean_absolute_error".
        public let name: String
        /// Whether more is better, as with an accuracy.
        public let higherIsBetter: Bool

        /// A metric.
        public init(name: String, higherIsBetter: Bool) {
            self.name = name
            self.higherIsBetter = higherIsBetter
        }
    }

    /// Whether and on what a run is validated.
    public enum Validation: Sendable, Equatable {
        /// On so many rows; nil where nobody knows how many.
        case rows(Int?)
        /// Not at all, for this reason.
        case none(reason: String)
    }

    /// A description.
    public init(
        title: String, model: String = "", weights: Int? = nil, optimizer: String = "", seed: UInt64? = nil,
        loss: String = "", metrics: [Metric] = [], validation: Validation = .none(reason: "there is none"),
        table: TableDescription? = nil
    ) {
        self.title = title
        self.model = model
        self.weights = weights
        self.optimizer = optimizer
        self.seed = seed
        self.loss = loss
        self.metrics = metrics
        self.validation = validation
        self.table = table
    }

    /// Whether there are rows to validate on.
    public var isValidated: Bool { if case .rows = validation { true } else { false } }
}
