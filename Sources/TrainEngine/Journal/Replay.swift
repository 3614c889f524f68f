public import TrainCore

/// A run taken again from its journal, and compared with it.
///
/// One class for one way through a journal: make it, ``run(onProgress:)`` it once. With a dashboard the training loop
/// takes the steps instead, and lets the replay ``follow()`` what is due between them.
public final class Replay {
    /// How it went.
    public struct Outcome: Sendable, Equatable {
        /// The steps taken, those on branches that were left included.
        public var steps = 0
        /// The edits made.
        public var edits = 0
        /// How often the run went back.
        public var rewinds = 0
        /// How often it went on where another branch had ended.
        public var returns = 0
        /// The races that were run.
        public var races = 0
        /// How often its numbers were compared.
        public var checks = 0
        /// The last step, on the way that the run took in the end, whose numbers were found the same.
        public var lastIdenticalStep = 0
        /// Whether the journal tells the run's end.
        public var isComplete = false
        /// Where the replay differs from the journal; nil where it does not.
        public var difference: Difference?
    }

    /// The first thing that differs.
    public struct Difference: Error, Equatable, CustomStringConvertible {
        /// The step after which it was seen.
        public let step: Int
        /// What differs, as a sentence.
        public let reason: String

        /// Both: "at step 26: the weights differ; the first difference lies after step 25".
        public var description: String { "at step \(step): \(reason)" }
    }

    private let course: Course
    private let entries: [JournalEntry]
    /// How many entries were followed.
    private var followed = 0
    private(set) var outcome = Outcome()

    /// - Parameters:
    ///   - initialWeights: the weights that the run began with, nil for those that the initializers give.
    ///   - historyMemory: the bytes that may be spent on states of the past.
    /// - Throws: ``TrainCore/TrainingError`` where job and data, or job and weights, do not fit.
    public init(
        of entries: [JournalEntry], job: TrainingJob, training: Dataset, initialWeights: [Weights]? = nil,
        historyMemory: Int = 256 << 20
    ) throws(TrainingError) {
        let trainer = try Trainer(job, training: training)
        if let initialWeights { try trainer.setWeights(initialWeights) }
        course = Course(trainer, memory: historyMemory)
        self.entries = entries
    }

    /// A replay on a course where nothing has happened yet.
    init(of entries: [JournalEntry], on course: Course) {
        self.course = course
        self.entries = entries
    }

    /// What comes next in the journal; nil at its end.
    var next: JournalEntry? { followed < entries.count ? entries[followed] : nil }

    /// Takes the whole way.
    ///
    /// - Parameter onProgress: called now and then with what came of it so far; returning false ends it there.
    public func run(onProgress: (Outcome) -> Bool = { _ in true }) -> Outcome {
        do throws(Difference) {
            while let next {
                guard try walk(to: next, onProgress) else { break }
                try follow()
                _ = course.takeEvents()
                guard onProgress(outcome) else { break }
            }
        } catch {
            outcome.difference = error
        }
        return outcome
    }

    /// - Returns: whether the replay is to go on.
    private func walk(
        to entry: JournalEntry, _ onProgress: (Outcome) -> Bool
    ) throws(Difference) -> Bool {
        try makeSureOfWay(to: entry)
        var kept = course.trainer.position.step
        var isWanted = true
        let outcomes = UnsafeMutableBufferPointer<StepOutcome>.allocate(capacity: 1024)
        defer { outcomes.deallocate() }
        while course.trainer.position.step < entry.step, isWanted {
            if course.trainer.isPastAllEpochs { throw allEpochsAreDone(before: entry) }
            let (taken, divergence) = course.run(atMost: entry.step - course.trainer.position.step, into: outcomes)
            outcome.steps += taken
            if let divergence { throw Self.difference(divergence) }
            // Enough states to go back to without much delay.
            if course.trainer.position.step - kept >= 8192 {
                course.keepState()
                kept = course.trainer.position.step
                isWanted = onProgress(outcome)
            }
        }
        return isWanted
    }

    /// Makes sure that an entry lies where the run can come to.
    func makeSureOfWay(to entry: JournalEntry) throws(Difference) {
        let start = course.trainer.position.step
        guard entry.step >= start else {
            throw Difference(step: start, reason: "the journal goes on at step \(entry.step), which is past")
        }
        // Before the run goes elsewhere its numbers are compared: no step comes between.
        if entry.isMove, entry.step != start {
            throw Difference(step: start, reason: "the journal leaves step \(entry.step) without its numbers")
        }
    }

    /// Steps were taken on the way to the next entry.
    func count(steps: Int) { outcome.steps += steps }

    /// Notes that the replay is not the run.
    func end(with difference: Difference) { outcome.difference = difference }

    func allEpochsAreDone(before entry: JournalEntry) -> Difference {
        Difference(
            step: course.trainer.position.step,
            reason: "all epochs are done, where the journal goes on to step \(entry.step)")
    }

    static func difference(_ divergence: Divergence) -> Difference {
        Difference(step: divergence.step, reason: "\(divergence), where the run went on")
    }

    /// Does what the next entry, which is due, tells; or compares its numbers.
    func follow() throws(Difference) {
        guard let entry = next else { return }
        followed += 1
        do throws(Course.Refusal) {
            switch entry {
            case .edited(let change, let choice):
                try course.edit(again: change, choice: choice)
                outcome.edits += 1
            case .branchedOff(let branch, let position, _, let cause):
                try course.branchOff(again: branch, at: position, cause: cause)
                outcome.rewinds += 1
                comeFromElsewhere()
            case .returned(let branch, _, let cause):
                try course.return(to: branch, cause: cause)
                outcome.returns += 1
                comeFromElsewhere()
            case .raceBegan(let race):
                try course.beginRace(again: race)
                outcome.races += 1
            case .raceEnded(let adopted, _, let tips):
                outcome.steps += try course.endRace(again: adopted, tips: tips)
            case .epochEnded(let check):
                try compare(check, at: "the end of epoch \(check.epoch)")
            case .checked(let check):
                try compare(check, at: nil)
            case .ended(let check):
                try compare(check, at: "the end")
                outcome.isComplete = true
            }
        } catch {
            throw Difference(step: course.trainer.position.step, reason: error.reason)
        }
    }

    /// What was compared behind this place says nothing about the way from here on.
    private func comeFromElsewhere() {
        outcome.lastIdenticalStep = min(outcome.lastIdenticalStep, course.trainer.position.step)
    }

    private func compare(_ check: JournalEntry.Check, at occasion: String?) throws(Course.Refusal) {
        let own = course.check
        let since = outcome.lastIdenticalStep
        if own.epoch != check.epoch {
            throw Course.Refusal("step \(check.step) is in epoch \(own.epoch), not \(check.epoch)")
        }
        if own != check {
            let (what, verb) = own.weights != check.weights ? ("weights", "differ") : ("mean loss", "differs")
            let place = occasion.map { " at \($0)" } ?? ""
            throw Course.Refusal("the \(what)\(place) \(verb); the first difference lies after step \(since)")
        }
        outcome.checks += 1
        outcome.lastIdenticalStep = check.step
    }
}

extension JournalEntry {
    /// The step after which it happened.
    public var step: Int {
        switch self {
        case .edited(let change, _): change.step
        case .branchedOff(_, _, let step, _), .returned(_, let step, _): step
        case .raceBegan(let race): race.step
        case .raceEnded(_, let step, _): step
        case .epochEnded(let check), .checked(let check), .ended(let check): check.step
        }
    }

    /// Whether the run goes elsewhere.
    fileprivate var isMove: Bool {
        switch self {
        case .branchedOff, .returned: true
        case .edited, .raceBegan, .raceEnded, .epochEnded, .checked, .ended: false
        }
    }
}

extension Trainer {
    /// Whether no run comes so far: it would take a step after an epoch that is none of its own.
    var isPastAllEpochs: Bool { isComplete && position.epoch > settings.epochs }
}
