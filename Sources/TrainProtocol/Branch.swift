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

/// A change of where the run stands: back in time, or on another branch.
public struct Move: Sendable, Equatable {
    /// Why.
    public let cause: Cause
    /// The branch that was left.
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
        case undo(Edit)
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
        /// The loss or a gradient ran away, for this reason: back to a sane step.
        case divergence(reason: String)
    }

    /// A move.
    public init(_ cause: Cause, left: BranchID, leftStep: Int, branch: BranchID, step: Int) {
        self.cause = cause
        self.left = left
        self.leftStep = leftStep
        self.branch = branch
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
    /// The step after which it was dropped from a race, nil while it is in it.
    public var droppedAt: Int?
    /// Whether all its epochs are done.
    public var isComplete: Bool

    /// Where a branch stands.
    public init(
        branch: BranchID, step: Int, meanLoss: Double? = nil, stepsPerSecond: Double? = nil,
        divergence: String? = nil, droppedAt: Int? = nil, isComplete: Bool = false
    ) {
        self.branch = branch
        self.step = step
        self.meanLoss = meanLoss
        self.stepsPerSecond = stepsPerSecond
        self.divergence = divergence
        self.droppedAt = droppedAt
        self.isComplete = isComplete
    }
}
