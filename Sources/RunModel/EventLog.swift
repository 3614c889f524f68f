package import TrainProtocol

/// A file with a run's weights.
package struct SavedWeights: Sendable, Equatable {
    /// Where they are.
    package let path: String
    /// The step after which the run had them.
    package let step: Int
}

/// What happened to a run, in order: edits, moves, epochs, evaluations, files, remarks.
///
/// Bounded: the oldest entries go, and are counted. It is for reading: what is in force is in the run's lineage.
package struct EventLog: Sendable, Equatable {
    /// The entries, oldest first.
    package private(set) var entries: [Entry] = []
    /// Entries that were dropped.
    package private(set) var forgotten = 0

    /// The most that is kept.
    package static let capacity = 2048

    /// One thing that happened.
    package struct Entry: Sendable, Equatable {
        /// The steps taken before it.
        package var step: Int
        /// What it was.
        package var kind: Kind
    }

    /// What happened.
    package enum Kind: Sendable, Equatable {
        /// A hyperparameter was changed, on a branch.
        case edit(Edit, on: BranchID)
        /// Epochs ended, or an evaluation was made, or both.
        case milestone(Milestone)
        /// The weights were written.
        case saved(SavedWeights)
        /// The model was trained again on so many rows.
        case refitting(rows: Int)
        /// The test rows were evaluated.
        case test(Evaluation)
        /// The run went on from another place; whether there is anything to return to where it left.
        case moved(Move, details: MoveDetails)
        /// A race began, or one ended.
        case race(Race)
        /// The learning rates were tested.
        case tested(LearningRateTest)
        /// The run paused because of a breakpoint.
        case hit(Breakpoint)
        /// The run came to its end, or its loss ran away.
        case state(RunState)
        /// A sentence.
        case note(String, Tone)
    }

    /// How a sentence is meant.
    package enum Tone: Sendable, Equatable { case plain, warning, bad }

    /// What a move was, as it stood at that time.
    package struct MoveDetails: Sendable, Equatable {
        /// The evaluation that it went back to, nil for other moves.
        package var best: Evaluation?
        /// The race that it came of, nil for other moves.
        package var race: Race?
        /// Whether the branch that was left can be returned to.
        package var leftSomething: Bool
    }

    /// Epochs that ended one after the other with nothing between them, an evaluation, or both: a long run has one entry
    /// for its epochs, and they push nothing out.
    package struct Milestone: Sendable, Equatable {
        /// The number of the first epoch, and the step that it ended with; nil where no epoch ended.
        package var first: EpochReport?
        /// The latest epoch that ended.
        package var epoch: EpochReport?
        /// The evaluation at the latest epoch's end, or by itself.
        package var evaluation: Evaluation?
    }

    /// An empty log.
    package init() {}

    /// Forgets all but sentences.
    mutating func keepNotes() {
        entries.removeAll { if case .note = $0.kind { false } else { true } }
    }

    /// Adds an entry at the end.
    package mutating func record(_ kind: Kind, step: Int) {
        // An eighth at a time, so that a long list is not moved for every entry.
        if entries.count >= Self.capacity {
            entries.removeFirst(Self.capacity / 8)
            forgotten += Self.capacity / 8
        }
        entries.append(Entry(step: step, kind: kind))
    }

    /// Adds an epoch's end, to the epoch before it or to the evaluation of the same step where one is the newest entry.
    package mutating func record(_ report: EpochReport) {
        var milestone = Milestone(first: report, epoch: report)
        if case .milestone(let last)? = entries.last?.kind {
            if let before = last.epoch, before.branch == report.branch, before.epoch + 1 == report.epoch {
                milestone.first = last.first
                entries.removeLast()
            } else if last.epoch == nil, entries.last?.step == report.step {
                milestone.evaluation = last.evaluation
                entries.removeLast()
            }
        }
        record(.milestone(milestone), step: report.step)
    }

    /// Adds an evaluation, to the milestone of the same step where that is the newest entry.
    package mutating func record(_ evaluation: Evaluation) {
        var milestone = Milestone(evaluation: evaluation)
        if let last = entries.last, last.step == evaluation.step, case .milestone(let same) = last.kind {
            milestone = same
            milestone.evaluation = evaluation
            entries.removeLast()
        }
        record(.milestone(milestone), step: evaluation.step)
    }
}
