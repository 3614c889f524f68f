import Dispatch
import TrainCore
import TrainProtocol

/// Branches that train side by side, from one state on the same batches.
///
/// They go on by turns of equally many steps, as many branches at once as there are processors, and whoever looks
/// between two turns sees all of them at the same step.
///
/// A race may halve itself: after each rung of so many steps the worse half of those still in it is dropped, by their mean
/// loss over the rung (successive halving, Jamieson and Talwalkar 2016).
final class RaceRunner {
    let entrants: [Entrant]
    /// The steps of a rung; nil where nobody is dropped.
    private let rung: Int?
    private var stepsOfRung = 0

    init(_ entrants: [Entrant], halvesEvery rung: Int? = nil) { (self.entrants, self.rung) = (entrants, rung) }

    /// Whether no entrant can take another step.
    var isOver: Bool { entrants.allSatisfy(\.isOver) }

    /// The last step that any entrant has taken.
    var step: Int { entrants.map(\.branchTrainer.moment.step).max() ?? 0 }

    /// Lets each entrant take so many steps, where it can, no further than to the end of the rung.
    ///
    /// - Parameter validation: the rows that an entrant, by its place, is validated on at the end of each epoch.
    /// - Returns: the steps.
    @discardableResult
    func run(atMost limit: Int, validation: @Sendable (Int) -> Dataset?) -> Int {
        let steps = min(limit, rung.map { $0 - stepsOfRung } ?? limit)
        // Each entrant is touched by one thread at a time, and by nobody else until all are through.
        nonisolated(unsafe) let entrants = entrants
        DispatchQueue.concurrentPerform(iterations: entrants.count) { entrants[$0].run(steps: steps, validation($0)) }
        stepsOfRung += steps
        if stepsOfRung == rung { endRung() }
        return steps
    }

    /// Drops the worse half of those still in it, of equal ones the later. The last one goes on.
    private func endRung() {
        stepsOfRung = 0
        let racing = entrants.filter { !$0.isOver }
        let ranked = racing.enumerated().sorted { ($0.element.rungLoss, $0.offset) < ($1.element.rungLoss, $1.offset) }
        for (_, entrant) in ranked.dropFirst((racing.count + 1) / 2) { entrant.isDropped = true }
        for entrant in entrants { entrant.beginRung() }
    }

    /// One branch of a race.
    final class Entrant {
        let branch: BranchID
        let branchTrainer: BranchTrainer
        /// Why it takes no step any more.
        private(set) var divergence: Divergence?
        /// Whether it takes none because others are better.
        fileprivate(set) var isDropped = false
        /// The sum of the losses since the rung began, added up step by step whatever the turns, and the steps.
        private var rungSum = (losses: 0.0, steps: 0)
        /// What came of the last turn's steps.
        private(set) var turn: StepBuffer
        /// What happened in the last turn.
        private(set) var events: [Event] = []
        /// The validation losses that were each lower than all before.
        private(set) var bests: [BestValidations.Best] = []

        init(branch: BranchID, branchTrainer: BranchTrainer) {
            self.branch = branch
            self.branchTrainer = branchTrainer
            turn = StepBuffer(capacity: 0, for: branchTrainer.trainer)
        }

        var isOver: Bool { divergence != nil || isDropped || branchTrainer.trainer.isComplete }

        /// The mean loss since the rung began.
        fileprivate var rungLoss: Double { rungSum.losses / Double(max(1, rungSum.steps)) }

        fileprivate func beginRung() { rungSum = (0, 0) }

        /// Where it stands.
        func progress(stepsPerSecond: Double?) -> BranchProgress {
            BranchProgress(
                branch: branch, step: branchTrainer.moment.step, meanLoss: branchTrainer.trainer.meanLoss,
                stepsPerSecond: isOver ? nil : stepsPerSecond, divergence: divergence?.description,
                droppedAt: isDropped ? branchTrainer.moment.step : nil, isComplete: branchTrainer.trainer.isComplete)
        }

        fileprivate func run(steps: Int, _ validation: Dataset?) {
            events = []
            let trainer = branchTrainer.trainer
            if turn.capacity < steps { turn = StepBuffer(capacity: steps, for: trainer) }
            turn.removeAll()
            defer {
                for outcome in turn.outcomes { rungSum.losses += Double(outcome.loss) }
                rungSum.steps += turn.count
            }
            while turn.count < steps, !isOver {
                let (more, problem) = branchTrainer.run(atMost: steps - turn.count, into: turn)
                divergence = problem
                if more > 0, trainer.isEpochComplete { endEpoch(validation) }
            }
        }

        private func endEpoch(_ validation: Dataset?) {
            let trainer = branchTrainer.trainer
            events.append(.epochEnded(EpochReport(of: trainer, on: branch)))
            guard let validation else { return }
            let evaluation = Evaluation(of: trainer, on: branch, with: validation)
            if evaluation.loss < bests.last?.loss ?? .infinity {
                bests.append(BestValidations.Best(step: evaluation.step, loss: evaluation.loss))
            }
            events.append(.evaluated(evaluation))
        }
    }
}

extension EpochReport {
    /// The epoch that a trainer has just completed.
    init(of trainer: Trainer, on branch: BranchID) {
        self.init(
            branch: branch, epoch: trainer.position.epoch, step: trainer.position.step,
            meanLoss: trainer.meanLoss ?? .nan, metrics: trainer.metricValues.map { $0 ?? .nan },
            learningRate: trainer.learningRate)
    }
}

extension Evaluation {
    /// A trainer's present state on other rows.
    init(of trainer: Trainer, on branch: BranchID, with data: Dataset) {
        let (loss, metrics) = trainer.evaluate(on: data)
        self.init(branch: branch, step: trainer.position.step, loss: loss, metrics: metrics)
    }
}
