/// Names a branch of a run. Counts up from 1, the branch that every run begins on.
public struct BranchID: Hashable, Sendable, Comparable {
    /// The number.
    public let number: Int

    /// A branch's name.
    public init(_ number: Int) { self.number = number }

    /// The branch that a run begins on.
    public static let first = BranchID(1)

    /// In the order in which they began.
    public static func < (left: BranchID, right: BranchID) -> Bool { left.number < right.number }
}

/// A way that a run took or may take. Up to where it begins it is the same as another one.
public struct Branch: Sendable, Equatable {
    /// Its name.
    public let id: BranchID
    /// The branch that it leaves.
    public let parent: BranchID
    /// The last step that it has in common with that one.
    public let forkStep: Int

    /// A branch.
    public init(id: BranchID, parent: BranchID, forkStep: Int) {
        self.id = id
        self.parent = parent
        self.forkStep = forkStep
    }
}

/// A change of the place where the run stands: back in time, or on another branch.
public struct Move: Sendable, Equatable {
    /// Why.
    public let cause: Cause
    /// The request that asked for it, nil where the run itself did it.
    public let request: RequestID?
    /// The branch that was left, and the last step taken on it.
    public let left: BranchID
    /// The last step taken on the branch that was left.
    public let leftStep: Int
    /// The branch on which the run goes on.
    public let branch: BranchID
    /// The step after which it goes on.
    public let step: Int

    /// What was asked for or happened.
    public enum Cause: Sendable, Equatable {
        /// An edit was taken back.
        case undo(HyperparameterChange)
        /// An edit that had been taken back is in force again, with all that came of it.
        case redo
        /// A step of the past was chosen.
        case step
        /// The best validation loss so far was chosen.
        case best
        /// An abandoned branch was chosen.
        case branch
        /// A branch of a race was chosen.
        case adoption
        /// A loss or gradient was not finite, for this reason; the policy is to go back.
        case divergence(reason: String)
    }

    /// A move.
    public init(
        _ cause: Cause, request: RequestID?, left: BranchID, leftStep: Int, branch: BranchID, step: Int
    ) {
        self.cause = cause
        self.request = request
        self.left = left
        self.leftStep = leftStep
        self.branch = branch
        self.step = step
    }
}

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
    /// Who takes part, in the order asked for.
    public let entrants: [Entrant]
    /// The step after which it began.
    public let step: Int

    /// One branch of a race.
    public struct Entrant: Sendable, Equatable {
        /// The branch.
        public let branch: BranchID
        /// The hyperparameter's value on it.
        public let value: Double

        /// An entrant.
        public init(branch: BranchID, value: Double) {
            self.branch = branch
            self.value = value
        }
    }

    /// A race.
    public init(name: String, entrants: [Entrant], step: Int) {
        self.name = name
        self.entrants = entrants
        self.step = step
    }
}

/// Where a branch that trains beside the run stands.
public struct BranchProgress: Sendable, Equatable {
    /// The branch.
    public let branch: BranchID
    /// The last step taken on it.
    public var step: Int
    /// The mean of its batch losses since the epoch began; nil before the epoch's first step.
    public var meanLoss: Double?
    /// Steps a second; nil while unknown.
    public var stepsPerSecond: Double?
    /// Why it takes no step any more, nil while it does: "the loss is nan at step 12".
    public var divergence: String?

    /// Where a branch stands.
    public init(
        branch: BranchID, step: Int, meanLoss: Double? = nil, stepsPerSecond: Double? = nil, divergence: String? = nil
    ) {
        self.branch = branch
        self.step = step
        self.meanLoss = meanLoss
        self.stepsPerSecond = stepsPerSecond
        self.divergence = divergence
    }
}
