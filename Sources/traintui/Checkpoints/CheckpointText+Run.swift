import TrainEngine
import TrainProtocol

extension CheckpointText {
    /// What a checkpoint holds beside its tensors.
    init(_ run: RunCheckpoint) {
        self.init(
            journalEntries: run.journalEntries, branch: run.branch.number, step: run.moment.step,
            edits: run.moment.edits, states: run.states.map { State($0) },
            bests: run.bests.map { Best(branch: $0.branch.number, step: $0.step, loss: Bits($0.loss)) },
            waiting: run.waiting.map { Plan($0) },
            made: run.made.sorted { $0.key < $1.key }.map { Made(edit: $0.key, plan: Plan($0.value)) },
            planNumber: run.planNumber, policy: run.watch.policy.rawValue,
            breakpoints: run.watch.breakpoints.map { Break($0) }, patience: run.watch.patience,
            seenLoss: run.seen.loss.map { Bits(Double($0)) },
            seenValidation: run.seen.validation.map { Bits($0) }, rises: run.seen.rises,
            waitBest: run.wait.map { Bits($0.best) }, waitEpochs: run.wait?.epochs ?? 0,
            guardian: [run.guardian.start, run.guardian.mean, run.guardian.best].map { Bits($0) },
            lastSaneStep: run.guardian.lastSaneStep, recoveries: run.recoveries, wantsTwin: run.wantsTwin,
            twinEdit: run.twinEdit, seconds: Bits(run.seconds),
            epochs: run.past.epochs.map { report in
                Epoch(
                    branch: report.branch.number, epoch: report.epoch, step: report.step,
                    meanLoss: Bits(report.meanLoss), metrics: report.metrics.map { Bits($0) },
                    learningRate: report.learningRate.map { Bits($0) })
            },
            evaluations: run.past.evaluations.map { Validation($0) }, tests: run.past.tests.map { Validation($0) })
    }

    /// The checkpoint with its tensors.
    ///
    /// - Returns: nil where something in it is what no run has.
    func run(_ arenas: [[Float]], samples: [Sample]) -> RunCheckpoint? {
        let plans = waiting.compactMap(\.plan)
        let former = made.compactMap { entry in entry.plan.plan.map { (entry.edit, $0) } }
        let watched = breakpoints.compactMap(\.breakpoint)
        guard plans.count == waiting.count, former.count == made.count, watched.count == breakpoints.count,
            arenas.count == states.count, !states.isEmpty, guardian.count == 3,
            let policy = DivergencePolicy(rawValue: policy),
            // Counts go on from here: none may be near the largest number there is.
            [
                step, edits, branch, journalEntries, planNumber, rises, waitEpochs, recoveries,
                lastSaneStep ?? 0, patience ?? 0,
            ].allSatisfy({ (0...(1 << 53)).contains($0) })
        else { return nil }
        return RunCheckpoint(
            journalEntries: journalEntries, branch: BranchID(branch), moment: Moment(step: step, edits: edits),
            states: zip(states, arenas).map { $0.state($1) },
            bests: bests.map { RunCheckpoint.Best(branch: BranchID($0.branch), step: $0.step, loss: $0.loss.value) },
            waiting: plans, made: Dictionary(former, uniquingKeysWith: { $1 }), planNumber: planNumber,
            watch: Watch(policy: policy, breakpoints: watched, patience: patience),
            seen: RunCheckpoint.SeenLosses(
                loss: seenLoss.map { Float($0.value) }, validation: seenValidation?.value, rises: rises),
            wait: waitBest.map { RunCheckpoint.Wait(best: $0.value, epochs: waitEpochs) },
            guardian: RunCheckpoint.SeenMean(
                start: guardian[0].value, mean: guardian[1].value, best: guardian[2].value, lastSaneStep: lastSaneStep),
            recoveries: recoveries, wantsTwin: wantsTwin, twinEdit: twinEdit,
            seconds: seconds.value.isFinite ? max(0, seconds.value) : 0,
            past: RunPast(
                samples: samples,
                epochs: epochs.map {
                    EpochReport(
                        branch: BranchID($0.branch), epoch: $0.epoch, step: $0.step, meanLoss: $0.meanLoss.value,
                        metrics: $0.metrics.map(\.value), learningRate: $0.learningRate?.value)
                },
                evaluations: evaluations.map(\.evaluation), tests: (tests ?? []).map(\.evaluation)))
    }
}

extension CheckpointText.Validation {
    fileprivate init(_ evaluation: Evaluation) {
        self.init(
            branch: evaluation.branch.number, step: evaluation.step, loss: CheckpointText.Bits(evaluation.loss),
            metrics: evaluation.metrics.map { CheckpointText.Bits($0) })
    }

    fileprivate var evaluation: Evaluation {
        Evaluation(branch: BranchID(branch), step: step, loss: loss.value, metrics: metrics.map(\.value))
    }
}
