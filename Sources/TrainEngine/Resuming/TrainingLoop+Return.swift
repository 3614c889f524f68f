import Dispatch
import TrainCore
import TrainProtocol

/// What is still to be done before a run stands where another process left it.
struct ComingBack {
    let resumption: Resumption
    /// Whether the waiting for a better validation was over when the journal was last seen, and nothing was done yet.
    var isStopDue = false
    /// The learning rate that a way back after a divergence is still to be followed by.
    var recoveryRate: Double?

    init(_ resumption: Resumption) { self.resumption = resumption }
}

/// Going on with a run that another process began: its checkpoint, then what the journal tells after it, then what was
/// about to be done.
extension TrainingLoop {
    /// Whether all epochs are done, as far as the run may know: before it stands where it was, nobody is told so.
    var isComplete: Bool { trainer.isComplete && comingBack == nil }

    /// Whether the journal is to tell the run's end: one that is followed has its own, or will go on.
    var isEndTold: Bool {
        if options.resumption != nil { return comingBack == nil && replay?.outcome.difference == nil }
        return replay == nil || navigator.hasRecorded
    }

    /// Takes over what the checkpoint has beside the navigator's part, and tells what another process was told.
    func restore() {
        let now = DispatchTime.now().uptimeNanoseconds
        if let sink = options.checkpoints {
            // The present state, and soon the best one.
            let bytes = 2 * trainer.stateByteCount
            saving = CheckpointSaving(sink: sink, pace: CheckpointPace(every: sink.seconds, now: now, bytes: bytes))
            let past = comingBack?.resumption.checkpoint?.past.placed(by: navigator.timeline)
            outbox.keepPast(PastRecorder(past ?? RunPast()))
            navigator.keepsBestState = true
        }
        guard let checkpoint = comingBack?.resumption.checkpoint else { return }
        stopwatch = Stopwatch(seconds: checkpoint.seconds)
        breakpoints.watch = checkpoint.watch
        breakpoints.seen = checkpoint.seen
        navigator.setPatience(checkpoint.watch.patience)
        earlyStopping = navigator.earlyStopping.map { rule in
            checkpoint.wait.map { EarlyStopping.Wait(rule, best: $0.best, epochs: $0.epochs) }
                ?? EarlyStopping.Wait(rule)
        }
        let seen = checkpoint.guardian
        lossGuard = LossGuard(
            LossGuard.Seen(start: seen.start, mean: seen.mean, best: seen.best, lastSaneStep: seen.lastSaneStep))
        recoveries = checkpoint.recoveries
        tests = checkpoint.past.tests
        tell(.resumed(checkpoint.past.placed(by: navigator.timeline)))
        tell(.lineage(navigator.lineage, redo: navigator.timeline.redo))
        for plan in navigator.plans.waiting { tell(.planned(plan)) }
    }

    /// Begins a run that another process began.
    func comeBack() {
        // What the journal tells goes on by itself; else all is there already.
        if isFollowing { handle(.resume) } else { standAsBefore() }
    }

    /// Sees an entry of the journal before it happens again.
    func noteFollowed(_ entry: JournalEntry) {
        guard comingBack != nil else { return }
        switch entry {
        case .edited(let edit):
            if let plan = navigator.plans.take(madeInto: edit) { tell(.unplanned(plan.number)) }
            if comingBack?.recoveryRate == nil, comingBack?.isStopDue != true { forgetRecoveries() }
            comingBack?.recoveryRate = nil
        case .branchedOff(_, _, _, .divergence):
            recoveries += 1
            comingBack?.recoveryRate = trainer.settings.optimizer.learningRate / 2
        case .branchedOff, .returned, .raceBegan, .raceEnded:
            forgetRecoveries()
        case .epochEnded, .checked, .ended: break
        }
    }

    /// The journal has come to its end: what was about to be done is done, and the run goes on.
    func standAsBefore() {
        guard let former = comingBack else { return }
        // All entries are in the journal; those to come are counted from there.
        navigator.entryCount = former.resumption.entries.count
        navigator.lastEntry = former.resumption.entries.last
        do throws(Timeline.Refusal) {
            if let rate = former.recoveryRate {
                let name = Hyperparameter.Role.learningRate.rawValue
                try perform(try navigator.edit(name, to: .number(rate)))
            }
            if former.isStopDue { stopEarly() }
            if former.resumption.epochs > 0 {
                let epochs = Double(trainer.settings.epochs + former.resumption.epochs)
                try perform(try navigator.edit(Hyperparameter.Role.epochs.rawValue, to: .number(epochs)))
            }
        } catch {
            tell(.notice("not gone on as before: \(error)"))
        }
        comingBack = nil
        tell(.wentOn(RunReturn(step: trainer.position.step, stepsAgain: replay?.outcome.steps ?? 0)))
        if let checkpoint = former.resumption.checkpoint, checkpoint.wantsTwin {
            twinWanted = (true, checkpoint.twinEdit)
            showTwin()
        }
        if navigator.race == nil { handle(.moved(isComplete: trainer.isComplete)) }
        guard state == .paused else { return }
        if options.startsPaused { tell(.state(.paused)) } else { handle(.resume) }
    }
}
