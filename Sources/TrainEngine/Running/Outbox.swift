internal import Synchronization
internal import TrainCore

/// What the training queue has to tell, until somebody takes it. Bounded; neither side ever waits for the other for
/// longer than it takes to exchange two arrays.
final class Outbox: Sendable {
    private struct Contents {
        var events: [Event] = []
        var samples = SampleBuffer()
        var recent = RecentRing()
        var progress: Progress
        var hasNews = false
    }

    private let contents: Mutex<Contents>
    /// The buffer that the next drain puts in place of the full one. Only the reader touches it.
    private let spare = Mutex(SampleBuffer())
    private let onNews: @Sendable () -> Void

    /// - Parameter onNews: called from the training queue when there is something to drain, once until it is drained.
    init(progress: Progress, onNews: @escaping @Sendable () -> Void) {
        contents = Mutex(Contents(progress: progress))
        self.onNews = onNews
    }

    /// Puts steps and events in. With `mayDefer`, only if the reader is not just taking: false means try again later.
    func publish(
        _ outcomes: UnsafeBufferPointer<StepOutcome>, lastStep: Int, events: [Event], progress: Progress, mayDefer: Bool
    ) -> Bool {
        let add = { (contents: inout Contents) -> Bool in
            if !outcomes.isEmpty {
                contents.samples.append(firstStep: lastStep - outcomes.count + 1, outcomes)
                contents.recent.append(firstStep: lastStep - outcomes.count + 1, outcomes)
            }
            if !events.isEmpty { contents.events += events }
            contents.progress = progress
            defer { contents.hasNews = true }
            return !contents.hasNews
        }
        let isFirstNews: Bool
        if mayDefer {
            guard let added = contents.withLockIfAvailable({ add(&$0) }) else { return false }
            isFirstNews = added
        } else {
            isFirstNews = contents.withLock { add(&$0) }
        }
        if isFirstNews { onNews() }
        return true
    }

    /// Takes all that was put in since the last time.
    func drain() -> Bulletin {
        spare.withLock { spare in
            var events: [Event] = []
            let (recent, progress) = contents.withLock { contents in
                swap(&contents.events, &events)
                swap(&contents.samples, &spare)
                contents.hasNews = false
                return (contents.recent, contents.progress)
            }
            defer { spare.clear() }
            let samples = spare.samples
            return Bulletin(
                events: events, samples: samples, recent: samples.isEmpty ? nil : recent.losses, progress: progress)
        }
    }
}
