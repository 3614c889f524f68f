import TrainCore
import TrainProtocol

/// Following a journal, entry by entry, before the run goes its own way.
extension TrainingLoop {
    /// What comes next in the journal; nil where there is none, or it has come to its end.
    var nextEntry: JournalEntry? { replay?.outcome.difference == nil ? replay?.next : nil }

    /// Whether the journal decides what happens.
    var isFollowing: Bool { nextEntry != nil }

    /// Does what the journal tells of this step. A person's pause holds the journal up, too.
    func followJournal() {
        guard let replay, isFollowing else { return }
        do throws(Replay.Difference) {
            while let entry = nextEntry, state.takesSteps || state == .done {
                if let steps = stepsOfRaceToFollow, steps > 0 { return }
                if navigator.race == nil {
                    try replay.makeSureOfWay(to: entry)
                    guard entry.step == trainer.position.step else {
                        if trainer.isComplete { throw replay.allEpochsAreDone(before: entry) }
                        return
                    }
                }
                try replay.follow { (entry) throws(Timeline.Refusal) in
                    noteFollowed(entry)
                    try perform(entry)
                }
            }
        } catch {
            endReplay(with: error)
        }
        guard !isFollowing else { return }
        if replay.outcome.difference == nil, comingBack == nil {
            tell(.notice("the journal ends here: identical; from here on the run can be steered"))
        }
        endFollowing()
    }

    /// The steps that the race under way still has before it as the journal has it; nil where none is followed.
    var stepsOfRaceToFollow: Int? {
        guard case .raceEnded(_, _, let tips)? = nextEntry, let race = navigator.race else { return nil }
        return race.isOver ? 0 : max(0, (tips.map(\.moment.step).max() ?? 0) - race.step)
    }

    /// The run goes its own way from here on: it is not the journal's.
    func endReplay(with difference: Replay.Difference) {
        replay?.end(with: difference)
        let unwritten = options.journal == nil ? "" : "; what comes now is written to no journal"
        tell(.notice("different from the journal \(difference)\(unwritten)"))
        endFollowing()
    }

    private func endFollowing() {
        // What is not the journal's run cannot be told as what comes after it.
        navigator.isRecording = replay?.outcome.difference == nil
        tell(.capabilities(capabilities))
        handle(.following(false))
        standAsBefore()
    }
}
