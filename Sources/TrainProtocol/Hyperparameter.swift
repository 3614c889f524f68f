public import Wording

/// Something that can be edited while the run goes on.
public struct Hyperparameter: Sendable, Equatable {
    /// The name in job files and commands: "learning_rate", "layers.0.l2".
    public let name: String
    /// The name on screen: "learning rate", "l2 · layer 1".
    public let title: String
    /// What it means to whoever steers, nil for nothing special.
    public let role: Role?
    /// What it can be.
    public let kind: Kind
    /// The value in force.
    public var value: SettingValue

    /// What a few hyperparameters mean, whatever an engine calls them.
    public enum Role: String, Sendable, CaseIterable {
        /// The optimizer's step size.
        case learningRate = "learning_rate"
        /// Rows in a batch.
        case batchSize = "batch_size"
        /// How many times to go through the rows: it says how long, and nothing of what is learnt.
        case epochs
        /// Which optimizer.
        case optimizer
    }

    /// What a hyperparameter can be.
    public enum Kind: Sendable, Equatable {
        /// A number of this range; the unit is "" for a plain number.
        case number(NumberRange, unit: String = "")
        /// On or off.
        case flag
        /// One of these names.
        case choice([String])
    }

    /// A hyperparameter with its value.
    public init(name: String, title: String, role: Role? = nil, kind: Kind, value: SettingValue) {
        self.name = name
        self.title = title
        self.role = role
        self.kind = kind
        self.value = value
    }

    /// The range of a number, nil for others.
    public var range: NumberRange? { if case .number(let range, _) = kind { range } else { nil } }

    /// What a number counts, "" for a plain number and for others.
    public var unit: String { if case .number(_, let unit) = kind { unit } else { "" } }

    /// The names to choose from, none where it is no choice.
    public var choices: [String] { if case .choice(let names) = kind { names } else { [] } }

    /// Whether it is a number of which only whole ones are allowed.
    public var isWhole: Bool { range?.isWhole ?? false }

    /// Whether there is anything between two of its values, so that it can be moved step by step.
    public var canRamp: Bool { range != nil && role != .epochs }

    /// Whether it has a part in what is learnt, and not only in how long.
    public var steersLearning: Bool { role != .epochs }

    /// Why a value is not allowed, as a sentence's second half ("must be greater than 0"); nil where it is allowed.
    public func objection(to value: SettingValue) -> String? {
        switch (kind, value) {
        case (.number(let range, _), .number(let number)): range.objection(to: number)
        case (.flag, .flag): nil
        case (.choice(let names), .choice(let name)):
            names.contains(name)
                ? nil : "cannot be '\(visible(name))'; \(hint(for: name, among: names, plural: "choices"))"
        case (.number, _): "must be a number"
        case (.flag, _): "must be on or off"
        case (.choice, _): "must be one of its names"
        }
    }
}
