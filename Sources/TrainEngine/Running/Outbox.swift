import Synchronization
import TrainCore
import TrainProtocol

/// What the training queues have to tell, until somebody takes it. Bounded; no side ever waits for another for longer
/// than it takes to exchange some arrays.
final class Outbox: Sendable {
    /// What was put in and not yet taken.
    struct News {
        fileprivate var events: [Event] = []
        fileprivate var samples: [SampleBuffer] = []
        fileprivate var recent = RecentRing()
        fileprivate var isRecentNew = false
        fileprivate var progress: Progress
        /// Where other branches stand, by their numbers.
        fileprivate var others: [BranchID: BranchProgress] = [:]
        fileprivate var isNew = false
    }

    private let news: Mutex<News>
    /// What was taken out, for the process that may go on with the run; nil where none may. It is locked before the news.
    private let kept = Mutex<PastRecorder?>(nil)
    /// The buffers that the next drain puts in place of the full ones. Only the reader touches them.
    private let spare = Mutex<[SampleBuffer]>([])
    private let onNews: @Sendable () -> Void

    /// - Parameter onNews: called from a training queue when there is something to drain, once until it is drained.
    init(progress: Progress, onNews: @escaping @Sendable () -> Void) {
        news = Mutex(News(progress: progress))
        self.onNews = onNews
    }

    /// Puts something in. With `mayDefer`, only if nobody else is just at it: false means try again later.
    @discardableResult
    func publish(mayDefer: Bool = false, _ add: (inout News) -> Void) -> Bool {
        let isFirstNews: Bool? =
            mayDefer
            ? news.withLockIfAvailable { $0.isFirst(after: add) } : news.withLock { $0.isFirst(after: add) }
        if isFirstNews == true { onNews() }
        return isFirstNews != nil
    }

    /// Takes all that was put in since the last time.
    func drain() -> EngineUpdate {
        kept.withLock { kept in
            let update = take()
            kept?.see(update.samples, update.events)
            return update
        }
    }

    /// From here on what is taken out is kept, behind what a recorder has.
    func keepPast(_ recorder: PastRecorder) { kept.withLock { $0 = recorder } }

    /// All that was put in and is worth keeping, as a timeline has it.
    func past(of timeline: Timeline) -> RunPast {
        kept.withLock { kept in
            // What nobody has taken yet is seen by a copy: it will be taken.
            var copy = kept ?? PastRecorder(RunPast())
            news.withLock { news in copy.see(news.samples.flatMap(\.samples), news.events) }
            kept?.forget(allBut: timeline)
            return copy.past(of: timeline)
        }
    }

    private func take() -> EngineUpdate {
        spare.withLock { spare in
            var events: [Event] = []
            let (recent, progress, others) = news.withLock { news in
                swap(&news.events, &events)
                // As many are to be expected once more, and it is the reader who has time to make room for them.
                news.events.reserveCapacity(min(events.count, 1024))
                swap(&news.samples, &spare)
                news.isNew = false
                defer { news.isRecentNew = false }
                return (news.isRecentNew ? news.recent : nil, news.progress, news.others)
            }
            defer {
                // The memory of one or two is worth keeping; a race's is not.
                spare.removeLast(max(0, spare.count - 2))
                for index in spare.indices { spare[index].clear() }
            }
            return EngineUpdate(
                events: events, samples: spare.flatMap(\.samples), recent: recent?.losses, progress: progress,
                others: others.values.sorted { $0.branch < $1.branch })
        }
    }
}

extension Outbox.News {
    /// Whether what is put in now is the first of its kind since the last drain.
    fileprivate mutating func isFirst(after add: (inout Outbox.News) -> Void) -> Bool {
        add(&self)
        defer { isNew = true }
        return !isNew
    }

    /// Adds steps of a branch, of which `lastStep` is the last.
    mutating func add(_ steps: StepBuffer, of branch: BranchID, lastStep: Int) {
        guard steps.count > 0 else { return }
        let index: Int
        if let own = samples.firstIndex(where: { $0.branch == branch }) {
            index = own
        } else if let free = samples.firstIndex(where: { $0.isEmpty }) {
            index = free
            samples[index].branch = branch
        } else {
            index = samples.count
            samples.append(SampleBuffer(branch: branch, metricCount: steps.metricCount))
        }
        samples[index].append(firstStep: lastStep - steps.count + 1, steps)
    }

    /// Adds steps of the branch that the run is on.
    mutating func addOfRun(_ steps: StepBuffer, of branch: BranchID, lastStep: Int) {
        guard steps.count > 0 else { return }
        add(steps, of: branch, lastStep: lastStep)
        recent.append(firstStep: lastStep - steps.count + 1, steps.outcomes)
        isRecentNew = true
    }

    /// Adds what happened, and says where the run stands now.
    mutating func add(_ events: [Event], progress: Progress) {
        for event in events {
            if case .moved(let move) = event {
                recent.go(to: move.step)
                isRecentNew = true
            }
        }
        self.events += events
        self.progress = progress
    }

    /// Adds what happened on another branch.
    mutating func add(_ events: [Event], other: BranchProgress) {
        self.events += events
        others[other.branch] = other
    }

    /// Adds what happened beside the run.
    mutating func add(_ event: Event) { events.append(event) }

    /// Forgets where another branch stands.
    mutating func forget(_ branch: BranchID) { others[branch] = nil }
}
