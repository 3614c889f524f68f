package import TrainCore
package import TrainProtocol

/// A run taken again from its journal, and compared with it.
///
/// One class for one way through a journal: make it, ``run(onProgress:)`` it once. With a dashboard the training loop
/// takes the steps instead, and lets the replay ``follow()`` what is due between them.
package final class Replay {
    /// How it went.
    package struct Outcome: Sendable, Equatable {
        /// The steps taken, those on branches that were left included.
        package var steps = 0
        /// The edits made.
        package var edits = 0
        /// How often the run went back.
        package var rewinds = 0
        /// How often it went on where another branch had ended.
        package var returns = 0
        /// The races that were run.
        package var races = 0
        /// How often its numbers were compared.
        package var checks = 0
        /// The last step, on the way that the run took in the end, whose numbers were found the same.
        package var lastIdenticalStep = 0
        /// Whether the journal tells the run's end.
        package var isComplete = false
        /// Where the replay differs from the journal; nil where it does not.
        package var difference: Difference?
    }

    /// The first thing that differs.
    package struct Difference: Error, Equatable, CustomStringConvertible {
        /// The step after which it was seen.
        package let step: Int
        /// What differs, as a sentence.
        package let reason: String

        /// Both: "at step 26: the weights differ; the first difference lies after step 25".
        package var description: String { "at step \(step): \(reason)" }
    }

    private let navigator: Navigator
    private let entries: [JournalEntry]
    /// How many entries were followed.
    private var followed = 0
    private(set) var outcome = Outcome()

    /// - Parameters:
    ///   - initialWeights: the weights that the run began with, nil for those that the initializers give.
    ///   - historyMemory: the bytes that may be spent on states of the past, as the engine's options say.
    /// - Throws: ``TrainCore/TrainingError`` where job and data, or job and weights, do not fit.
    package init(
        of entries: [JournalEntry], job: TrainingJob, training: Dataset, initialWeights: [Weights]? = nil,
        historyMemory: Int? = nil
    ) throws(TrainingError) {
        let trainer = try Trainer(job, training: training)
        if let initialWeights { try trainer.setWeights(initialWeights) }
        navigator = Navigator(trainer, memory: historyMemory)
        self.entries = entries
    }

    /// A replay by a navigator to which nothing has happened yet.
    init(of entries: [JournalEntry], by navigator: Navigator) {
        self.navigator = navigator
        self.entries = entries
    }

    /// What comes next in the journal; nil at its end.
    var next: JournalEntry? { followed < entries.count ? entries[followed] : nil }

    /// Takes the whole way.
    ///
    /// - Parameter onProgress: called now and then with what came of it so far; returning false ends it there.
    package func run(onProgress: (Outcome) -> Bool = { _ in true }) -> Outcome {
        do throws(Difference) {
            while let next {
                guard try walk(to: next, onProgress) else { break }
                try follow { (entry) throws(Timeline.Refusal) in try navigator.apply(entry) }
                _ = navigator.takeEvents()
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
        var kept = navigator.trainer.position.step
        var isWanted = true
        let steps = StepBuffer(capacity: 1024, for: navigator.trainer)
        while navigator.trainer.position.step < entry.step, isWanted {
            if navigator.trainer.isPastAllEpochs { throw allEpochsAreDone(before: entry) }
            steps.removeAll()
            let (taken, divergence) = navigator.run(atMost: entry.step - navigator.trainer.position.step, into: steps)
            navigator.confirm()
            outcome.steps += taken
            if let divergence { throw Self.difference(at: divergence.step, divergence.description) }
            // Enough states to go back to without much delay.
            if navigator.trainer.position.step - kept >= 8192 {
                navigator.keepCheckpoint()
                kept = navigator.trainer.position.step
                isWanted = onProgress(outcome)
            }
        }
        return isWanted
    }

    /// Makes sure that an entry lies where the run can come to.
    func makeSureOfWay(to entry: JournalEntry) throws(Difference) {
        let start = navigator.trainer.position.step
        guard !outcome.isComplete else {
            throw Difference(step: start, reason: "the journal goes on after the run's end")
        }
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
            step: navigator.trainer.position.step,
            reason: "all epochs are done, where the journal goes on to step \(entry.step)")
    }

    static func difference(at step: Int, _ divergence: String) -> Difference {
        Difference(step: step, reason: "\(divergence), where the run went on")
    }

    /// Lets the next entry, which is due, happen by way of `perform`, or compares its numbers.
    func follow(_ perform: (JournalEntry) throws(Timeline.Refusal) -> Void) throws(Difference) {
        guard let entry = next else { return }
        followed += 1
        do throws(Timeline.Refusal) {
            switch entry {
            case .epochEnded(let check): try compare(check, at: "the end of epoch \(check.epoch)")
            case .checked(let check): try compare(check, at: nil)
            case .ended(let check):
                try compare(check, at: "the end")
                outcome.isComplete = true
            case .edited:
                try perform(entry)
                outcome.edits += 1
            case .branchedOff:
                try perform(entry)
                outcome.rewinds += 1
                comeFromElsewhere()
            case .returned:
                try perform(entry)
                outcome.returns += 1
                comeFromElsewhere()
            case .raceBegan:
                try perform(entry)
                outcome.races += 1
            case .raceEnded(_, _, let tips):
                let start = navigator.timeline.step
                try perform(entry)
                let adopted = tips.first { $0.branch == navigator.lineage.branch }
                outcome.steps += adopted.map { $0.moment.step - start } ?? 0
            }
        } catch {
            throw Difference(step: navigator.trainer.position.step, reason: error.description)
        }
    }

    /// What was compared behind this place says nothing about the way from here on.
    private func comeFromElsewhere() {
        outcome.lastIdenticalStep = min(outcome.lastIdenticalStep, navigator.trainer.position.step)
    }

    private func compare(_ check: JournalEntry.Check, at occasion: String?) throws(Timeline.Refusal) {
        let own = navigator.check
        let since = outcome.lastIdenticalStep
        if own.epoch != check.epoch {
            throw Timeline.Refusal("step \(check.step) is in epoch \(own.epoch), not \(check.epoch)")
        }
        if own != check {
            let (what, verb) = own.weights != check.weights ? ("weights", "differ") : ("mean loss", "differs")
            let place = occasion.map { " at \($0)" } ?? ""
            throw Timeline.Refusal("the \(what)\(place) \(verb); the first difference lies after step \(since)")
        }
        outcome.checks += 1
        outcome.lastIdenticalStep = check.step
    }
}

extension JournalEntry {
    /// Whether the run goes elsewhere.
    fileprivate var isMove: Bool {
        switch self {
        case .branchedOff, .returned: true
        case .edited, .raceBegan, .raceEnded, .epochEnded, .checked, .ended: false
        }
    }
}
