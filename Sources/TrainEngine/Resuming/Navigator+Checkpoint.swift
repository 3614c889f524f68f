import TrainCore
import TrainProtocol

/// A navigator's part of a checkpoint: which states it has, and standing where one was made.
extension Navigator {
    /// Bytes that may be spent on states beside the present one and the best's, and how many these may be.
    private static let otherBytes = 1 << 19
    private static let mostOthers = 64

    /// The present state, the best's, and others of the past as far as they are small.
    var statesToKeep: [RunCheckpoint.KeptState] {
        keepStateBeforeEdits()
        let present = CheckpointStore.Checkpoint(moment: branchTrainer.moment, state: trainer.state, isPinned: true)
        var kept = [(branch: lineage.branch, checkpoint: present)]
        if let bestState, lineage.holds(bestState.branch, at: bestState.checkpoint.moment.step) {
            kept.append(bestState)
        }
        let room = min(Self.mostOthers, Self.otherBytes / max(1, present.state.byteCount))
        if room > 0 { kept += others(atMost: room) }
        var seen: Set<[Int]> = []
        return kept.compactMap { branch, checkpoint in
            guard seen.insert([branch.number, checkpoint.moment.step, checkpoint.moment.edits]).inserted else {
                return nil
            }
            return RunCheckpoint.KeptState(
                branch: branch, moment: checkpoint.moment, isPinned: checkpoint.isPinned,
                parts: TrainingStateParts(checkpoint.state))
        }
    }

    /// The latest pinned states, where branches leave and end, and some of the others, evenly.
    private func others(atMost room: Int) -> [(branch: BranchID, checkpoint: CheckpointStore.Checkpoint)] {
        let lists = checkpoints.checkpoints.sorted { $0.key < $1.key }
        // By their places: there are tens of thousands of states, and a copy of each would take milliseconds.
        var pinned: [(list: Int, index: Int)] = []
        var restCount = 0
        for list in lists.indices {
            // The start needs no state: it follows from the job.
            for index in lists[list].value.indices where lists[list].value[index].moment != .start {
                if lists[list].value[index].isPinned { pinned.append((list, index)) } else { restCount += 1 }
            }
        }
        pinned = pinned.suffix(room / 2)
        let count = min(restCount, room - pinned.count)
        var rest: [(list: Int, index: Int)] = []
        var place = 0
        for list in lists.indices where rest.count < count {
            for index in lists[list].value.indices
            where !lists[list].value[index].isPinned && lists[list].value[index].moment != .start {
                if rest.count < count, place == rest.count * restCount / count { rest.append((list, index)) }
                place += 1
            }
        }
        return (pinned + rest).map { (lists[$0.list].key, lists[$0.list].value[$0.index]) }
    }

    /// The lowest validation losses.
    var bestsToKeep: [RunCheckpoint.Best] {
        bests.bests.sorted { $0.key < $1.key }.flatMap { branch, list in
            list.map { RunCheckpoint.Best(branch: branch, step: $0.step, loss: $0.loss) }
        }
    }

    /// Stands where a checkpoint was made. Nothing must have happened to the navigator yet.
    ///
    /// - Parameters:
    ///   - states: those of the checkpoint, in its order.
    ///   - timeline: that of its moment.
    func restore(_ checkpoint: RunCheckpoint, _ states: [TrainingState], _ timeline: Timeline) {
        self.timeline = timeline
        entryCount = checkpoint.journalEntries
        for (kept, state) in zip(checkpoint.states, states) {
            checkpoints.restore(state, at: kept.moment, of: kept.branch, isPinned: kept.isPinned)
        }
        for best in checkpoint.bests { bests.note(best.loss, at: best.step, of: best.branch) }
        if let best, let index = checkpoint.states.lastIndex(where: { $0.moment.step == best.step }),
            lineage.holds(checkpoint.states[index].branch, at: best.step)
        {
            let kept = checkpoint.states[index]
            bestState = (
                kept.branch, CheckpointStore.Checkpoint(moment: kept.moment, state: states[index], isPinned: true)
            )
        }
        plans = Plans(waiting: checkpoint.waiting, made: checkpoint.made, nextNumber: checkpoint.planNumber)
        guard let state = states.first else { return }
        branchTrainer.jump(
            to: CheckpointStore.Checkpoint(moment: checkpoint.moment, state: state, isPinned: true),
            edits: timeline.lineage.edits)
    }
}
