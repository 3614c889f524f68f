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

/// Branches that train side by side from one state on the same batches, and differ in one hyperparameter.
public struct Race: Sendable, Equatable {
    /// The hyperparameter's name.
    public let name: String
    /// Its value until then; nil where a journal does not say.
    public var old: SettingValue?
    /// Who takes part, in the order asked for.
    public let entrants: [Entrant]
    /// The step after which it began.
    public let step: Int

    /// Whether these are the folds of a cross-validation: of other rows each, so that none of them is better for a lower
    /// loss, and there is nothing to adopt.
    public var areFolds = false

    /// One branch of a race.
    public struct Entrant: Sendable, Equatable {
        /// The branch.
        public let branch: BranchID
        /// The hyperparameter's value on it.
        public let value: SettingValue
        /// The number of the edit with which the branch begins; nil for the one that leaves the value as it is.
        public var edit: Int?

        /// An entrant.
        public init(branch: BranchID, value: SettingValue, edit: Int?) {
            self.branch = branch
            self.value = value
            self.edit = edit
        }
    }

    /// A race.
    public init(name: String, old: SettingValue?, entrants: [Entrant], step: Int) {
        self.name = name
        self.old = old
        self.entrants = entrants
        self.step = step
    }

    /// The edit with which an entrant begins, nil where it leaves the value as it is.
    public func edit(of entrant: Entrant) -> Edit? {
        entrant.edit.map { Edit(number: $0, name: name, old: old ?? entrant.value, new: entrant.value, step: step) }
    }
}
