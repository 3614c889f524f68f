/// What is written down of a run so that it can be taken again, step by step, with the same bits.
///
/// Steps themselves are not written: they follow from the job, the seed and the entries.
public enum JournalEntry: Sendable, Equatable {
    /// A hyperparameter was changed; `choice` is the new value's name where it stands for one, such as "adam".
    case edited(HyperparameterChange, choice: String?)
    /// The run went back, after a step, to a place of its way and goes on from there on a new branch.
    case branchedOff(branch: BranchID, at: Position, after: Int, cause: Cause)
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

    /// A place: so many steps taken, so many edits in force.
    public struct Position: Sendable, Equatable {
        /// The steps taken on the way there.
        public let step: Int
        /// The edits in force there, counted from the start of the run.
        public let edits: Int

        /// A place.
        public init(step: Int, edits: Int) {
            self.step = step
            self.edits = edits
        }
    }

    /// Where a branch ended.
    public struct Tip: Sendable, Equatable {
        /// The branch.
        public let branch: BranchID
        /// Its end.
        public let position: Position

        /// An end.
        public init(branch: BranchID, position: Position) {
            self.branch = branch
            self.position = position
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
        /// A loss or gradient was not finite.
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
        /// ``TrainCore/Trainer/weightsChecksum``.
        public let weights: UInt64

        /// A check.
        public init(step: Int, epoch: Int, meanLoss: UInt64, weights: UInt64) {
            self.step = step
            self.epoch = epoch
            self.meanLoss = meanLoss
            self.weights = weights
        }
    }
}
