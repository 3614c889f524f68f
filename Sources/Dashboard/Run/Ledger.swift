import TrainEngine

/// What happened, in order: edits from request to answer, epochs, evaluations, files, remarks.
///
/// Bounded: the oldest entries go, and are counted.
struct Ledger: Sendable, Equatable {
    /// The entries, oldest first.
    private(set) var entries: [Entry] = []
    /// Entries that were dropped.
    private(set) var forgotten = 0

    /// The most that is kept.
    static let capacity = 2048

    /// One thing that happened.
    struct Entry: Sendable, Equatable {
        /// The steps taken before it.
        var step: Int
        /// What it was.
        var kind: Kind
    }

    /// What happened.
    enum Kind: Sendable, Equatable {
        /// A hyperparameter was asked to change.
        case edit(Edit)
        /// An epoch ended, or an evaluation was made, or both at one step.
        case milestone(Milestone)
        /// The weights were written.
        case saved(path: String)
        /// The run went on from another place: what happened, and what was left.
        case move(String, left: String)
        /// A sentence.
        case note(String, Tone)
    }

    /// How a sentence is meant.
    enum Tone: Sendable, Equatable { case plain, good, warning, bad }

    /// The story of one edit.
    struct Edit: Sendable, Equatable {
        /// The request, nil where the run itself did it.
        var request: RequestID?
        /// Its number in the run, 0 for none.
        var number = 0
        /// The branch that it was made on.
        var branch = BranchID.first
        /// The hyperparameter's name.
        var name: String
        /// The value before.
        var old: Double
        /// The value asked for, and after it was applied the one in force.
        var new: Double
        /// The steps that it takes to get there, 0 for an edit at once.
        var over = 0
        /// How far it got.
        var outcome: Outcome
        /// What it came to beside a twin that did without it, as last seen.
        var effect: TwinEffect?
    }

    /// How far an edit got.
    enum Outcome: Sendable, Equatable {
        /// Asked for.
        case requested
        /// In force from the step after this one.
        case applied(at: Int)
        /// Not done.
        case refused(reason: String)
    }

    /// An epoch's end, an evaluation, or both.
    struct Milestone: Sendable, Equatable {
        /// The epoch that ended.
        var epoch: EpochReport?
        /// The evaluation.
        var evaluation: Evaluation?
        /// Whether the evaluation's loss was the lowest so far.
        var isBest = false
    }

    /// Adds an entry at the end.
    mutating func record(_ kind: Kind, step: Int) {
        // An eighth at a time, so that a long list is not moved for every entry.
        if entries.count >= Self.capacity {
            entries.removeFirst(Self.capacity / 8)
            forgotten += Self.capacity / 8
        }
        entries.append(Entry(step: step, kind: kind))
    }

    /// Adds an epoch's end, to the evaluation of the same step where it came first.
    mutating func record(_ report: EpochReport) {
        if case .milestone(var milestone)? = entries.last?.kind, entries[entries.count - 1].step == report.step,
            milestone.epoch == nil
        {
            milestone.epoch = report
            entries[entries.count - 1].kind = .milestone(milestone)
        } else {
            record(.milestone(Milestone(epoch: report)), step: report.step)
        }
    }

    /// Adds an evaluation, to the epoch that ended at the same step where there is one.
    mutating func record(_ evaluation: Evaluation, isBest: Bool) {
        if case .milestone(var milestone)? = entries.last?.kind, entries[entries.count - 1].step == evaluation.step,
            milestone.evaluation == nil
        {
            (milestone.evaluation, milestone.isBest) = (evaluation, isBest)
            entries[entries.count - 1].kind = .milestone(milestone)
        } else {
            record(.milestone(Milestone(evaluation: evaluation, isBest: isBest)), step: evaluation.step)
        }
    }

    /// Changes the edit that a request began.
    ///
    /// - Returns: whether there is one.
    @discardableResult
    mutating func answer(_ request: RequestID, step: Int? = nil, _ change: (inout Edit) -> Void) -> Bool {
        for index in entries.indices.reversed() {
            if case .edit(var edit) = entries[index].kind, edit.request == request {
                change(&edit)
                entries[index].kind = .edit(edit)
                if let step { entries[index].step = step }
                return true
            }
        }
        return false
    }

    /// Says what an edit came to beside its twin.
    mutating func note(_ effect: TwinEffect, ofEdit number: Int) {
        for index in entries.indices.reversed() {
            if case .edit(var edit) = entries[index].kind, edit.number == number {
                edit.effect = effect
                entries[index].kind = .edit(edit)
                return
            }
        }
    }

    /// The edits that took effect, oldest first.
    var appliedEdits: [(edit: Edit, step: Int)] {
        entries.compactMap { entry in
            guard case .edit(let edit) = entry.kind, case .applied(let step) = edit.outcome else { return nil }
            return (edit, step)
        }
    }
}
