internal import TrainCore

/// Following a journal, entry by entry, before the run goes its own way.
extension TrainingLoop {
    /// What comes next in the journal; nil where there is none, or it has come to its end.
    var nextEntry: JournalEntry? { replay?.outcome.difference == nil ? replay?.next : nil }

    /// Does what the journal tells of this step.
    func followJournal() {
        guard let replay, nextEntry != nil, isFollowing else { return }
        do throws(Replay.Difference) {
            while let entry = nextEntry, isFollowing {
                if stepsOfRaceToFollow == 0 {
                    try follow(replay)
                    continue
                }
                if course.track != nil { return }
                try replay.makeSureOfWay(to: entry)
                guard entry.step == trainer.position.step else {
                    if trainer.isComplete { throw replay.allEpochsAreDone(before: entry) }
                    return
                }
                try follow(replay)
            }
        } catch {
            endReplay(with: error)
        }
        guard nextEntry == nil else { return }
        if replay.outcome.difference == nil {
            tell(.notice("the journal ends here: identical; from here on the run can be steered"))
        }
        if state != .done { enter(.paused) }
    }

    /// The steps that the race under way still has before it as the journal has it; nil where none is followed.
    var stepsOfRaceToFollow: Int? {
        guard case .raceEnded(_, _, let tips)? = nextEntry, let track = course.track else { return nil }
        let step = track.entrants.map(\.walker.trainer.position.step).max() ?? 0
        return track.isOver ? 0 : max(0, (tips.map(\.position.step).max() ?? 0) - step)
    }

    /// The run goes its own way from here on: it is not the journal's.
    func endReplay(with difference: Replay.Difference) {
        replay?.end(with: difference)
        tell(.notice("different from the journal \(difference)"))
    }

    /// Why a command cannot be carried out while the journal decides what happens; nil where it can.
    func objectionOfJournal(to command: Command) -> String? {
        guard nextEntry != nil else { return nil }
        switch command {
        case .pause, .resume, .step, .runEpoch, .set(Pace.name, _), .showTwin, .hideTwin, .testLearningRates,
            .onDivergence, .pauseWhen, .clearBreakpoints, .evaluate, .save, .stop:
            return nil
        case .set, .ramp, .plan, .cancelPlan, .undo, .redo, .goToStep, .goToBest, .goToBranch, .race, .adopt, .endRace:
            return "the run follows its journal; at the journal's end it can be steered"
        }
    }

    /// Whether it goes on where it can; a person's pause holds the journal up, too.
    private var isFollowing: Bool {
        switch state {
        case .training, .racing, .done: true
        case .paused, .evaluating, .diverged, .stopped: false
        }
    }

    private func follow(_ replay: Replay) throws(Replay.Difference) {
        guard let entry = replay.next else { return }
        // What was done before is out before the run goes elsewhere.
        flush()
        let wasComplete = trainer.isEpochComplete
        try replay.follow()
        switch entry {
        case .edited:
            followEdit()
            if state == .done, !trainer.isComplete { enter(goingOn) }
            if trainer.isEpochComplete, !wasComplete { endEpoch() }
        case .branchedOff, .returned:
            comeFromElsewhere()
            if !trainer.isComplete { enter(goingOn) }
        case .raceBegan:
            flush()
            endTwin()
            enter(goingOn)
        case .raceEnded(_, _, let tips):
            forgetOthers(tips.map(\.branch))
            comeFromElsewhere()
            if trainer.isComplete { enter(.done) } else { enter(goingOn) }
        case .epochEnded, .checked, .ended:
            break
        }
    }
}
