internal import TrainCore

/// The way that a run takes through steps, edits and branches; without time, threads and files.
///
/// Whoever makes the same calls gets the same bits. What happens is told as ``Event``s, for whoever watches, and written
/// as ``JournalEntry``s, for whoever takes the same way again.
final class Course {
    let job: TrainingJob
    let walker: TrailWalker
    /// The branch that the run is on.
    var branch = BranchID.first
    /// The stretches of branches that make up the way from the start to here; the last one is `branch`, and open.
    var way = [StateStore.Stretch(branch: .first, end: .end)]
    /// The branches that were left, and can be returned to.
    var left: [BranchID: LeftBranch] = [:]
    var store: StateStore
    /// The branches that the undone edits are on, the latest last.
    var undone: [BranchID] = []
    /// The next branch's number.
    var nextBranch = 2
    var nextEdit = 1
    var bests: [BranchID: [Best]] = [:]

    /// Edits to come.
    var plans: [PlannedEdit] = []
    var nextPlan = 1
    /// Which edit came of which plan.
    var planned: [Int: PlannedEdit] = [:]

    /// The race under way.
    var track: RaceTrack?

    /// What happened and was not taken yet.
    var events: [Event] = []
    let write: ((JournalEntry) -> Void)?

    /// A branch that was left, with all that is needed to go on there.
    struct LeftBranch {
        let way: [StateStore.Stretch]
        let trail: [HyperparameterChange]
        let tip: Place
        /// The edit that a race began the branch with, until the run goes on there: so far it was nobody's.
        var firstEdit: HyperparameterChange?
    }

    /// A validation loss lower than all before it on its branch.
    struct Best {
        let step: Int
        let loss: Double
    }

    /// Why something that was asked for cannot be done.
    struct Refusal: Error, Equatable {
        let reason: String

        init(_ reason: String) { self.reason = reason }
    }

    /// - Parameters:
    ///   - memory: the bytes that may be spent on states of the past.
    ///   - write: called with each entry of the journal, in order; nil where there is none.
    init(_ trainer: Trainer, memory: Int, write: ((JournalEntry) -> Void)? = nil) {
        job = trainer.job
        walker = TrailWalker(trainer)
        store = StateStore(capacity: memory)
        self.write = write
        keepState(isPinned: true)
    }

    var trainer: Trainer { walker.trainer }

    /// Takes what happened since the last time.
    func takeEvents() -> [Event] {
        defer { events = [] }
        return events
    }

    // MARK: Steps

    /// Takes up to `limit` steps, no further than to the end of the epoch; planned edits are made when it is time.
    func run(
        atMost limit: Int, into outcomes: UnsafeMutableBufferPointer<StepOutcome>
    ) -> (steps: Int, divergence: Divergence?) {
        makePlannedEdits()
        let step = trainer.position.step
        let next = min(step.nextRound(digits: 2), plans.map(\.step).min() ?? .max) - step
        let (taken, divergence) = walker.run(atMost: min(limit, next), into: outcomes)
        if taken == next, !trainer.isEpochComplete, (step + taken).isRound(digits: 2) { write?(.checked(check)) }
        return (taken, divergence)
    }

    /// Keeps the present state, to be reached fast later.
    func keepState(isPinned: Bool = false) {
        store.keep(trainer.state, at: walker.place, of: way, isPinned: isPinned)
    }

    /// Writes down the numbers at an epoch's end, up to epoch 1,000 at each one's.
    func noteEpoch() {
        if trainer.position.epoch.isRound(digits: 3) { write?(.epochEnded(check)) }
    }

    /// Writes down the numbers where the run is about to go elsewhere, unless it has just come from elsewhere.
    func noteLeaving() {
        if way.count == 1 || way[way.count - 2].end != walker.place { write?(.checked(check)) }
    }

    /// Writes down the numbers at the end.
    func noteEnd() { write?(.ended(check)) }

    /// Sees a validation loss of the present state.
    func noteValidation(loss: Double) {
        guard loss < bests[branch]?.last?.loss ?? .infinity else { return }
        bests[branch, default: []].append(Best(step: trainer.position.step, loss: loss))
    }

    var check: JournalEntry.Check {
        JournalEntry.Check(
            step: trainer.position.step, epoch: trainer.position.epoch, meanLoss: trainer.meanLoss?.bitPattern ?? 0,
            weights: trainer.weightsChecksum)
    }
}
