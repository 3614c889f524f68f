/// Where a table comes from and what becomes of its columns: all that it takes to prepare data for training.
public struct TableRecipe: Sendable, Equatable {
    /// Where the rows come from.
    public var source: Source
    /// The columns to predict, at least one.
    public var targets: [String]
    /// The columns to predict from, derived ones included; nil for every numeric column that is not a target, and all
    /// derived ones. A column of text becomes one feature per distinct text, 1 where the row has it and 0 elsewhere.
    public var features: [String]?
    /// Targets are divided by this; greater than 0. Class numbers are left as they are.
    public var targetScale: Double
    /// Whether features become (x - mean) / deviation of the training rows. One-hot features stay 0 and 1.
    public var standardize: Bool
    /// The fraction of all rows held back for testing, 0 ..< 1, rounded up to whole rows.
    public var testFraction: Double
    /// The fraction of the remaining rows held back for validation, 0 ..< 1, rounded up to whole rows.
    public var validationFraction: Double
    /// What is done about missing cells.
    public var missing: MissingPolicy
    /// New columns made from others.
    public var derive: [DerivedColumn]
    /// How it is decided what each column is; nil for what ``features`` says of numbers and text. With a policy, a gap is
    /// no error: the median of the training rows takes its place where ``missing`` says neither `drop` nor `mean`.
    public var roles: RolePolicy?
    /// What is predicted; nil for what the target looks like. Only with ``roles``.
    public var task: LearningTask?
    /// What is done to numbers; nil for what ``standardize`` says. Only with ``roles``.
    public var scaling: Scaling?
    /// What is done to targets that are values; nil for what ``targetScale`` says. Only with ``roles``.
    public var targetScaling: TargetScaling?
    /// Whether every set of rows has its share of every class; nil for where the target is classes. Only with ``roles``.
    public var stratify: Bool?
    /// The column that decides which rows train; nil for chance alone. Only with ``roles``.
    public var split: SplitPolicy?
    /// Pieces between quantiles that numbers are given in too (``NumberEncoding``), from 2 to ``mostPieces``; nil for none.
    /// Only with ``roles``.
    public var pieces: Int?

    /// The most pieces.
    public static let mostPieces = 256

    /// A recipe; without more, three in four rows are to train with, and of these one in four is for validation.
    public init(
        source: Source, targets: [String], features: [String]? = nil, targetScale: Double = 1,
        standardize: Bool = true, testFraction: Double = 0.25, validationFraction: Double = 0.25,
        missing: MissingPolicy = .error, derive: [DerivedColumn] = [], roles: RolePolicy? = nil,
        task: LearningTask? = nil, scaling: Scaling? = nil, targetScaling: TargetScaling? = nil, stratify: Bool? = nil,
        split: SplitPolicy? = nil, pieces: Int? = nil
    ) {
        self.source = source
        self.targets = targets
        self.features = features
        self.targetScale = targetScale
        self.standardize = standardize
        self.testFraction = testFraction
        self.validationFraction = validationFraction
        self.missing = missing
        self.derive = derive
        self.roles = roles
        self.task = task
        self.scaling = scaling
        self.targetScaling = targetScaling
        self.stratify = stratify
        self.split = split
        self.pieces = pieces
    }

    /// Where a table's rows come from.
    public enum Source: Sendable, Equatable {
        /// A table inside the program: one of ``builtinNames``.
        case builtin(String)
        /// A CSV file, relative to the job file's folder where it is not absolute.
        case path(String)

        /// The names of the tables inside the program.
        public static let builtinNames = ["storms"]
    }
}

/// What is done about missing cells: blank ones, and `NA`, `NaN` and `null` in any letter case.
public enum MissingPolicy: String, Sendable, CaseIterable {
    /// The first one is an error.
    case error
    /// Rows with one in a used column are left out, before any split.
    case drop
    /// The mean of the column's training rows takes its place.
    case mean
    /// The median of the column's training rows takes its place.
    case median
}

/// A new column: one column divided by another, after missing cells were filled.
public struct DerivedColumn: Sendable, Equatable {
    /// The new column's name.
    public var name: String
    /// The column above the line.
    public var numerator: String
    /// The column below the line.
    public var denominator: String

    /// A ratio of two columns.
    public init(name: String, numerator: String, denominator: String) {
        self.name = name
        self.numerator = numerator
        self.denominator = denominator
    }
}
