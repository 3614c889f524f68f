/// What is written down of a run so that it can be taken again, step by step, with the same bits.
///
/// Steps themselves are not written: they follow from the job, the seed and the entries.
public enum JournalEntry: Sendable, Equatable {
    /// A hyperparameter was changed.
    case edited(Edit)
    /// The run went back, after a step, to a moment of its lineage and goes on from there on a new branch.
    case branchedOff(BranchID, at: Moment, after: Int, cause: Cause)
    /// The run goes on, after a step, where an earlier branch ended.
    case returned(to: BranchID, after: Int, cause: Cause)
    /// Branches began to train side by side.
    case raceBegan(Race)
    /// They ended; the run, which had waited after a step, goes on as the adopted one, or as before.
    case raceEnded(adopted: BranchID?, after: Int, tips: [Tip])
    /// An epoch of the run ended: what its numbers were.
    case epochEnded(Check)
    /// What the numbers were within an epoch, so that a difference is found near where it begins.
    case checked(Check)
    /// The run ended.
    case ended(Check)

    /// Where a branch ended.
    public struct Tip: Sendable, Equatable {
        /// The branch.
        public let branch: BranchID
        /// Its end.
        public let moment: Moment

        /// An end.
        public init(branch: BranchID, moment: Moment) {
            self.branch = branch
            self.moment = moment
        }
    }

    /// Why the run went elsewhere.
    public enum Cause: String, Sendable, CaseIterable {
        /// An edit was taken back.
        case undo
        /// An edit taken back came into force again.
        case redo
        /// A step was chosen.
        case step
        /// The best validation loss was chosen.
        case best
        /// A branch was chosen.
        case branch
        /// The loss or a gradient ran away.
        case divergence
    }

    /// Numbers by which a replay is compared with the run, bit for bit.
    public struct Check: Sendable, Equatable {
        /// The steps taken.
        public let step: Int
        /// The epoch, from 1.
        public let epoch: Int
        /// The bits of the mean loss since the epoch began, as a Double; 0 before its first step.
        public let meanLoss: UInt64
        /// A checksum of the weights.
        public let weights: UInt64

        /// A check.
        public init(step: Int, epoch: Int, meanLoss: UInt64, weights: UInt64) {
            self.step = step
            self.epoch = epoch
            self.meanLoss = meanLoss
            self.weights = weights
        }
    }

    /// The step after which it happened.
    public var step: Int {
        switch self {
        case .edited(let edit): edit.step
        case .branchedOff(_, _, let step, _), .returned(_, let step, _), .raceEnded(_, let step, _): step
        case .raceBegan(let race): race.step
        case .epochEnded(let check), .checked(let check), .ended(let check): check.step
        }
    }
}
