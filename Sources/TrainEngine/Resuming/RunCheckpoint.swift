package import TrainCore
package import TrainProtocol

/// A run at one moment, complete: with its journal, another process goes on exactly as this one would.
///
/// The branches and edits are not in it: they follow from the journal's first ``journalEntries`` entries, without a step.
package struct RunCheckpoint: Sendable, Equatable {
    /// The journal's entries before it.
    package var journalEntries: Int
    /// The branch that the run is on.
    package var branch: BranchID
    /// Where it stands on it.
    package var moment: Moment
    /// The run's state first, then others of its past: the best's, and some to go back to without a long way.
    package var states: [KeptState]
    /// The validation losses of each branch that were lower than all before them.
    package var bests: [Best]
    /// Edits that wait for their steps.
    package var waiting: [PlannedEdit]
    /// Which edits came of which plans.
    package var made: [Int: PlannedEdit]
    /// The number that the next plan gets.
    package var planNumber: Int
    /// What is watched for.
    package var watch: Watch
    /// What the breakpoints saw last.
    package var seen: SeenLosses
    /// How long early stopping has waited: the lowest loss, and the epochs since.
    package var wait: Wait?
    /// What the guard against runaway losses has seen.
    package var guardian: SeenMean
    /// How often the run went back by itself since somebody last did something about it.
    package var recoveries: Int
    /// Whether a twin is wanted, and without which edit.
    package var wantsTwin: Bool
    package var twinEdit: Int?
    /// Seconds spent training.
    package var seconds: Double
    /// What the chart shows.
    package var past: RunPast

    /// A state and where it is.
    package struct KeptState: Sendable, Equatable {
        package var branch: BranchID
        package var moment: Moment
        package var isPinned: Bool
        package var parts: TrainingStateParts

        package init(branch: BranchID, moment: Moment, isPinned: Bool, parts: TrainingStateParts) {
            (self.branch, self.moment, self.isPinned, self.parts) = (branch, moment, isPinned, parts)
        }
    }

    /// A validation loss and where it was.
    package struct Best: Sendable, Equatable {
        package var branch: BranchID
        package var step: Int
        package var loss: Double

        package init(branch: BranchID, step: Int, loss: Double) {
            (self.branch, self.step, self.loss) = (branch, step, loss)
        }
    }

    /// What the breakpoints saw last.
    package struct SeenLosses: Sendable, Equatable {
        package var loss: Float?
        package var validation: Double?
        package var rises: Int

        package init(loss: Float? = nil, validation: Double? = nil, rises: Int = 0) {
            (self.loss, self.validation, self.rises) = (loss, validation, rises)
        }
    }

    /// How long early stopping has waited.
    package struct Wait: Sendable, Equatable {
        package var best: Double
        package var epochs: Int

        package init(best: Double, epochs: Int) { (self.best, self.epochs) = (best, epochs) }
    }

    /// What the guard has seen: the first loss, the moving mean and its lowest, the last sane step.
    package struct SeenMean: Sendable, Equatable {
        package var start: Double
        package var mean: Double
        package var best: Double
        package var lastSaneStep: Int?

        package init(start: Double = .infinity, mean: Double = 0, best: Double = .infinity, lastSaneStep: Int? = nil) {
            (self.start, self.mean, self.best, self.lastSaneStep) = (start, mean, best, lastSaneStep)
        }
    }

    /// All of it.
    package init(
        journalEntries: Int, branch: BranchID, moment: Moment, states: [KeptState], bests: [Best],
        waiting: [PlannedEdit], made: [Int: PlannedEdit], planNumber: Int, watch: Watch, seen: SeenLosses, wait: Wait?,
        guardian: SeenMean, recoveries: Int, wantsTwin: Bool, twinEdit: Int?, seconds: Double, past: RunPast
    ) {
        self.journalEntries = journalEntries
        self.branch = branch
        self.moment = moment
        self.states = states
        self.bests = bests
        self.waiting = waiting
        self.made = made
        self.planNumber = planNumber
        self.watch = watch
        self.seen = seen
        self.wait = wait
        self.guardian = guardian
        self.recoveries = recoveries
        self.wantsTwin = wantsTwin
        self.twinEdit = twinEdit
        self.seconds = seconds
        self.past = past
    }
}

extension RunCheckpoint {
    /// The timeline of the moment that it is of.
    ///
    /// - Throws: why the journal is not that of the checkpoint's run.
    package func timeline(of entries: [JournalEntry]) throws(Timeline.Refusal) -> Timeline {
        guard (0...entries.count).contains(journalEntries) else {
            throw Timeline.Refusal(
                "the journal has \(entries.count) entries, the checkpoint came after \(journalEntries)")
        }
        var timeline = try Timeline(entries.prefix(journalEntries))
        guard timeline.step <= moment.step, timeline.race == nil, !timeline.isEnded else {
            throw Timeline.Refusal("the journal does not lead to the checkpoint's step \(moment.step)")
        }
        timeline.advance(to: moment.step)
        guard timeline.lineage.branch == branch, timeline.moment == moment, states.first?.moment == moment,
            states.first?.branch == branch
        else { throw Timeline.Refusal("the journal leads to another branch than the checkpoint's") }
        return timeline
    }
}
