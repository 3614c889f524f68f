package import TrainProtocol

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
        /// An epoch ended, or an evaluation was made, or both at one step.
        case milestone(Milestone)
        /// The weights were written.
        case saved(path: String)
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

    /// An epoch's end, an evaluation, or both.
    package struct Milestone: Sendable, Equatable {
        /// The epoch that ended.
        package var epoch: EpochReport?
        /// The evaluation.
        package var evaluation: Evaluation?
        /// Whether the evaluation's loss was the lowest so far.
        package var isBest = false
    }

    /// An empty log.
    package init() {}

    /// The entries that are told as one, oldest first: each by itself, but for milestones in a row.
    package var groups: [Range<Int>] {
        var groups: [Range<Int>] = []
        for (index, entry) in entries.enumerated() {
            if let last = groups.last, case .milestone(let milestone) = entry.kind, milestone.epoch != nil,
                case .milestone(let before) = entries[last.lowerBound].kind, before.epoch != nil
            {
                groups[groups.count - 1] = last.lowerBound..<(index + 1)
            } else {
                groups.append(index..<(index + 1))
            }
        }
        return groups
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

    /// Adds an epoch's end, to the evaluation of the same step where it came first.
    package mutating func record(_ report: EpochReport) {
        merge(into: report.step) { milestone in
            guard milestone.epoch == nil else { return false }
            milestone.epoch = report
            return true
        }
    }

    /// Adds an evaluation, to the epoch that ended at the same step where there is one.
    package mutating func record(_ evaluation: Evaluation, isBest: Bool) {
        merge(into: evaluation.step) { milestone in
            guard milestone.evaluation == nil else { return false }
            (milestone.evaluation, milestone.isBest) = (evaluation, isBest)
            return true
        }
    }

    /// Changes the newest entry where it is a milestone of that step, else adds one.
    private mutating func merge(into step: Int, _ change: (inout Milestone) -> Bool) {
        if let last = entries.last, last.step == step, case .milestone(var milestone) = last.kind, change(&milestone) {
            entries[entries.count - 1].kind = .milestone(milestone)
            return
        }
        var milestone = Milestone()
        _ = change(&milestone)
        record(.milestone(milestone), step: step)
    }
}
