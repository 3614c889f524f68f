import Dispatch
import TrainCore
import TrainProtocol

/// Branches that train side by side, from one state on the same batches.
///
/// They go on by turns of equally many steps, as many branches at once as there are processors, and whoever looks
/// between two turns sees all of them at the same step.
final class RaceRunner {
    let entrants: [Entrant]

    init(_ entrants: [Entrant]) { self.entrants = entrants }

    /// Whether no entrant can take another step.
    var isOver: Bool { entrants.allSatisfy(\.isOver) }

    /// The last step that any entrant has taken.
    var step: Int { entrants.map(\.branchTrainer.moment.step).max() ?? 0 }

    /// Lets each entrant take so many steps, where it can.
    ///
    /// - Parameter validation: the rows that an entrant, by its place, is validated on at the end of each epoch.
    func run(steps: Int, validation: @Sendable (Int) -> Dataset?) {
        // Each entrant is touched by one thread at a time, and by nobody else until all are through.
        nonisolated(unsafe) let entrants = entrants
        DispatchQueue.concurrentPerform(iterations: entrants.count) { entrants[$0].run(steps: steps, validation($0)) }
    }

    /// One branch of a race.
    final class Entrant {
        let branch: BranchID
        let branchTrainer: BranchTrainer
        /// Why it takes no step any more.
        private(set) var divergence: Divergence?
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

        var isOver: Bool { divergence != nil || branchTrainer.trainer.isComplete }

        /// Where it stands.
        func progress(stepsPerSecond: Double?) -> BranchProgress {
            BranchProgress(
                branch: branch, step: branchTrainer.moment.step, meanLoss: branchTrainer.trainer.meanLoss,
                stepsPerSecond: isOver ? nil : stepsPerSecond, divergence: divergence?.description)
        }

        fileprivate func run(steps: Int, _ validation: Dataset?) {
            events = []
            let trainer = branchTrainer.trainer
            if turn.capacity < steps { turn = StepBuffer(capacity: steps, for: trainer) }
            turn.removeAll()
            while turn.count < steps, divergence == nil, !trainer.isComplete {
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
