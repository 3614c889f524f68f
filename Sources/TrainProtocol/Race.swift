/// A branch without one edit that trains beside the run, on the same batches, so that the difference is the edit's.
public struct Twin: Sendable, Equatable {
    /// The twin's branch.
    public let branch: BranchID
    /// The number of the edit that it does without.
    public let edit: Int

    /// A twin.
    public init(branch: BranchID, withoutEdit edit: Int) {
        self.branch = branch
        self.edit = edit
    }
}

/// Branches that train side by side from one state on the same batches, and differ in some hyperparameters.
public struct Race: Sendable, Equatable {
    /// The hyperparameters that they differ in, one or more.
    public let settings: [Setting]
    /// Who takes part, in the order asked for.
    public let entrants: [Entrant]
    /// The step after which it began.
    public let step: Int
    /// After so many steps, and again after as many, the worse half of those still in it takes no step any more; nil for
    /// a race in which all go on.
    public let halvesEvery: Int?

    /// The most that race.
    public static let mostEntrants = 16

    /// A hyperparameter that is raced.
    public struct Setting: Sendable, Equatable {
        /// Its name.
        public let name: String
        /// Its value until then; nil where a journal does not say.
        public var old: SettingValue?

        /// A hyperparameter.
        public init(name: String, old: SettingValue?) {
            self.name = name
            self.old = old
        }
    }

    /// Whether these are the folds of a cross-validation: of other rows each, so that none of them is better for a lower
    /// loss, and there is nothing to adopt.
    public var areFolds = false

    /// One branch of a race.
    public struct Entrant: Sendable, Equatable {
        /// The branch.
        public let branch: BranchID
        /// The hyperparameters' values on it, in the order of ``Race/settings``.
        public let values: [SettingValue]
        /// The numbers of the edits with which the branch begins, in the same order; nil for a value that it leaves as it
        /// is.
        public var edits: [Int?]

        /// An entrant.
        public init(branch: BranchID, values: [SettingValue], edits: [Int?]) {
            precondition(values.count == edits.count, "each value has its edit, or none")
            self.branch = branch
            self.values = values
            self.edits = edits
        }

        /// An entrant of a race of one hyperparameter.
        public init(branch: BranchID, value: SettingValue, edit: Int?) {
            self.init(branch: branch, values: [value], edits: [edit])
        }

        /// Whether it leaves all as it is: the others' control.
        public var isControl: Bool { edits.allSatisfy { $0 == nil } }
    }

    /// A race.
    public init(settings: [Setting], entrants: [Entrant], step: Int, halvesEvery: Int? = nil) {
        precondition(
            !settings.isEmpty && entrants.allSatisfy { $0.values.count == settings.count },
            "each entrant has each value")
        self.settings = settings
        self.entrants = entrants
        self.step = step
        self.halvesEvery = halvesEvery
    }

    /// A race of one hyperparameter.
    public init(name: String, old: SettingValue?, entrants: [Entrant], step: Int) {
        self.init(settings: [Setting(name: name, old: old)], entrants: entrants, step: step)
    }

    /// The edits with which an entrant begins; none of what it leaves as it is.
    public func edits(of entrant: Entrant) -> [Edit] {
        zip(settings, zip(entrant.values, entrant.edits)).compactMap { setting, change in
            change.1.map {
                Edit(number: $0, name: setting.name, old: setting.old ?? change.0, new: change.0, step: step)
            }
        }
    }
}

/// What is to race.
public struct RaceTerms: Sendable, Equatable {
    /// The names of the hyperparameters.
    public let names: [String]
    /// Each entrant's values, in the order of the names.
    public let entrants: [[SettingValue]]
    /// After how many steps the worse half is dropped, and again after as many; nil for never.
    public let halvesEvery: Int?

    /// These entrants, each with a value for every name.
    public init(names: [String], entrants: [[SettingValue]], halvesEvery: Int? = nil) {
        precondition(
            !names.isEmpty && entrants.allSatisfy { $0.count == names.count }, "each entrant has each value")
        self.names = names
        self.entrants = entrants
        self.halvesEvery = halvesEvery
    }

    /// Every value of each hyperparameter with every value of the others, the last one's changing fastest.
    public init(_ grid: [(name: String, values: [SettingValue])], halvesEvery: Int? = nil) {
        names = grid.map(\.name)
        entrants = grid.reduce([[]]) { rows, axis in rows.flatMap { row in axis.values.map { row + [$0] } } }
        self.halvesEvery = halvesEvery
    }
}
