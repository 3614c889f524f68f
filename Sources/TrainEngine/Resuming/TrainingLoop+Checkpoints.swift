import Dispatch
import TrainCore
import TrainProtocol

/// Where checkpoints go, when, and which was the last.
struct CheckpointSaving {
    let sink: CheckpointSink
    var pace: CheckpointPace
    /// What the last one was of: nothing is written twice.
    var written: Mark?
    /// Whether something was asked for that only a checkpoint keeps: it is written as soon as none is being written.
    var isUrgent = false

    /// What makes two checkpoints different.
    struct Mark: Equatable {
        let entries: Int
        let moment: Moment
        let waiting: [PlannedEdit]
        let watch: Watch
        let wantsTwin: Bool
        let twinEdit: Int?
    }
}

/// Writing the run's state down, for another process to go on with.
extension TrainingLoop {
    /// What a checkpoint of now would be of; nil where none can be made: while a race is on, whose entrants are
    /// elsewhere, and while a journal is followed, which has more than this.
    private var mark: CheckpointSaving.Mark? {
        guard navigator.race == nil, !isFollowing, comingBack == nil, replay?.outcome.difference == nil else {
            return nil
        }
        return CheckpointSaving.Mark(
            entries: navigator.entryCount, moment: navigator.branchTrainer.moment, waiting: navigator.plans.waiting,
            watch: breakpoints.watch, wantsTwin: twinWanted.isOn, twinEdit: twinWanted.edit)
    }

    /// Writes a checkpoint where one is due.
    func writeCheckpoint(at now: DispatchTime) {
        guard let saving, saving.isUrgent || now.uptimeNanoseconds >= saving.pace.due, isWriterReady else { return }
        // What the last one cost is known by now, which may be more than it seemed.
        guard let pace = self.saving?.pace, saving.isUrgent || now.uptimeNanoseconds >= pace.due else { return }
        writeCheckpoint(isLast: false)
    }

    /// Writes a checkpoint unless that was done, or another one is still being written.
    func writeCheckpoint(isLast: Bool) {
        guard let saving, let mark, mark != saving.written || isLast, isLast || isWriterReady else { return }
        let start = DispatchTime.now().uptimeNanoseconds
        flush()
        saving.sink.write(checkpoint(mark), standing, isLast)
        self.saving?.written = mark
        self.saving?.isUrgent = false
        self.saving?.pace.wrote(from: start, to: DispatchTime.now().uptimeNanoseconds)
    }

    /// Whether none is being written. What the last one cost is known then.
    private var isWriterReady: Bool {
        guard let sink = saving?.sink, !sink.isBusy() else { return false }
        saving?.pace.settle(sink.cost())
        return true
    }

    /// Waits for what somebody asks for; meanwhile a checkpoint is written, as soon as that costs little.
    func rest() {
        guard saving != nil, let mark, saving?.written != mark else { return mailbox.wait() }
        guard isWriterReady, let saving else { return mailbox.wait(until: .now() + .milliseconds(20)) }
        let due = DispatchTime(uptimeNanoseconds: saving.pace.dueInPause)
        if DispatchTime.now() < due, !saving.isUrgent {
            mailbox.wait(until: due)
        } else {
            writeCheckpoint(isLast: false)
        }
    }

    private func checkpoint(_ mark: CheckpointSaving.Mark) -> RunCheckpoint {
        let seen = lossGuard.seen
        return RunCheckpoint(
            journalEntries: mark.entries, branch: navigator.lineage.branch, moment: mark.moment,
            states: navigator.statesToKeep, bests: navigator.bestsToKeep, waiting: mark.waiting,
            made: navigator.plans.made,
            planNumber: navigator.plans.nextNumber, watch: mark.watch, seen: breakpoints.seen,
            wait: earlyStopping.map { RunCheckpoint.Wait(best: $0.best, epochs: $0.epochs) },
            guardian: RunCheckpoint.SeenMean(
                start: seen.start, mean: seen.mean, best: seen.best, lastSaneStep: seen.lastSaneStep),
            recoveries: recoveries, wantsTwin: mark.wantsTwin, twinEdit: mark.twinEdit, seconds: stopwatch.seconds,
            past: outbox.past(of: navigator.timeline))
    }
}
