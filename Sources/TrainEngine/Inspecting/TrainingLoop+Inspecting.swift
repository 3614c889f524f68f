import Dispatch
import TrainCore
import TrainProtocol

/// What somebody looks at inside of a run, and when it is looked at next.
struct Inspecting {
    let inspector: Inspector
    /// What is looked at, nil for nothing.
    var wanted: Inspection?
    /// What was looked at last, nil where whoever asks wants to see it in any case.
    var seen: Inspector.Order.Mark?
    /// When that began, and the time that the training queue spent on it.
    var start: UInt64 = 0
    var preparing: UInt64 = 0

    /// When the run may be looked into again while it takes steps: twice a second, or as often as costs half a
    /// hundredth of the time.
    var due: UInt64 { start + max(500_000_000, 200 * (preparing + inspector.nanoseconds)) }
}

/// Looking inside of the run between two steps.
extension TrainingLoop {
    /// Looks at something else from now on.
    func inspect(_ inspection: Inspection?) {
        guard inspection != nil || inspecting != nil else { return }
        let outbox = outbox
        let mailbox = mailbox
        var new =
            inspecting
            ?? Inspecting(
                inspector: Inspector(
                    navigator.job, training: trainer.training, validation: validation, test: options.test,
                    meaning: options.meaning,
                    tell: { findings in outbox.publish { $0.add(.inspected(findings)) } },
                    onIdle: { mailbox.wake() }))
        if new.wanted != inspection { new.inspector.cancel() }
        (new.wanted, new.seen) = (inspection, nil)
        inspecting = new
    }

    /// Has the run looked into where somebody wants that, it is another one than when it was last looked into, and it is
    /// time. At rest it always is.
    func lookInside() {
        guard let inspecting, let inspection = inspecting.wanted else { return }
        let start = DispatchTime.now().uptimeNanoseconds
        if inspecting.seen != nil, state.takesSteps, start < inspecting.due { return }
        guard !inspecting.inspector.isBusy else { return }
        let moment = moment(of: inspection)
        let mark = Inspector.Order.Mark(
            inspection: inspection, branch: navigator.lineage.branch, moment: moment, isTested: test != nil)
        guard mark != inspecting.seen else { return }
        let checkpoint =
            moment == navigator.branchTrainer.moment
            ? CheckpointStore.Checkpoint(moment: moment, state: trainer.state, isPinned: false)
            : navigator.checkpoint(notAfter: moment, of: navigator.lineage)
        inspecting.inspector.look(
            Inspector.Order(
                inspection: inspection, lineage: navigator.lineage, start: checkpoint, moment: moment,
                lastStep: trainer.position.step, isTested: mark.isTested))
        self.inspecting?.seen = mark
        self.inspecting?.start = start
        self.inspecting?.preparing = DispatchTime.now().uptimeNanoseconds - start
    }

    /// The moment at which it is seen: for the rows of a step, the one before it.
    private func moment(of inspection: Inspection) -> Moment {
        let present = navigator.branchTrainer.moment
        switch inspection {
        case .batch(let steps):
            // Of a run that cannot go on, the rows of the step that it could not take.
            if steps == nil, case .diverged = state { return present }
            guard present.step > 0 else { return present }
            let step = min(max(1, steps?.lowerBound ?? present.step), present.step)
            return Moment(step: step - 1, edits: navigator.lineage.edits(before: step))
        case .worstRows, .errors, .layers, .importance:
            return present
        }
    }
}
