import TrainProtocol

extension Sequence<JournalEntry> {
    /// The steps that a ``Replay`` of these entries takes, unless it ends before; for showing how far it is.
    package var stepCount: Int {
        var timeline = Timeline()
        var count = 0
        for entry in self {
            count &+= Swift.max(0, entry.step - timeline.step)
            do throws(Timeline.Refusal) { try timeline.apply(entry) } catch { return count }
            if case .raceEnded(.some, let start, _) = entry { count &+= timeline.step - start }
        }
        return count
    }
}
