import TrainCore
import TrainProtocol

/// Steps of one branch on their way to whoever watches: a list of bounded length in which every step is counted.
///
/// All entries but the last fold the same number of steps, one at first. When the list is full, neighbours are merged
/// and that number doubles, so a reader who comes late finds coarser samples but misses nothing, not even a spike.
struct SampleBuffer {
    static let capacity = 1024

    /// The branch that the steps are of.
    var branch: BranchID {
        didSet { open.branch = branch }
    }
    /// The full entries.
    private var full: [Sample] = []
    /// The entry that is being filled; empty (count 0) where nothing is.
    private var open: Sample
    /// Steps in a full entry.
    private var width = 1

    init(branch: BranchID = .first) {
        self.branch = branch
        open = Sample(branch: branch, firstStep: 0, loss: Fold(), metrics: MetricFolds(count: 1))
        full.reserveCapacity(Self.capacity)
    }

    /// Whether there is no step in it.
    var isEmpty: Bool { full.isEmpty && open.loss.count == 0 }

    /// All entries, in order.
    var samples: [Sample] { open.loss.count > 0 ? full + [open] : full }

    /// Adds the steps from `firstStep` on.
    mutating func append(firstStep: Int, _ outcomes: UnsafeBufferPointer<StepOutcome>) {
        // In a local, which stays in registers: this runs for every step.
        var entry = open
        for (offset, outcome) in outcomes.enumerated() {
            if entry.loss.count == 0 { entry.firstStep = firstStep + offset }
            entry.loss.add(outcome.loss)
            if !outcome.metric.isNaN { entry.metrics.add(outcome.metric, at: 0) }
            entry.lastStep = firstStep + offset
            entry.learningRate = outcome.learningRate
            guard entry.loss.count == width else { continue }
            full.append(entry)
            (entry.loss, entry.metrics) = (Fold(), MetricFolds(count: 1))
            if full.count == Self.capacity { halve() }
        }
        open = entry
    }

    /// Merges neighbours: half as many entries, each of twice as many steps.
    private mutating func halve() {
        for pair in 0..<Self.capacity / 2 {
            full[pair] = full[2 * pair]
            full[pair].merge(full[2 * pair + 1])
        }
        full.removeLast(Self.capacity / 2)
        width *= 2
    }

    /// Forgets all entries and keeps the memory, and the width that as many steps once more would come to: to begin
    /// with single ones and merge them again would cost a fast run as much as all else that watching does.
    mutating func clear() {
        let steps = full.count * width + open.loss.count
        full.removeAll(keepingCapacity: true)
        (open.loss, open.metrics) = (Fold(), MetricFolds(count: 1))
        width = 1
        while steps / width >= Self.capacity { width *= 2 }
    }
}

/// The last steps' losses one by one, in a ring.
struct RecentRing {
    private var ring = [Float](repeating: 0, count: RecentLosses.capacity)
    private var lastStep = 0
    private var count = 0

    /// Adds the steps from `firstStep` on, in place of those that were there from that step on.
    mutating func append(firstStep: Int, _ outcomes: UnsafeBufferPointer<StepOutcome>) {
        go(to: firstStep - 1)
        // Those that later ones would overwrite at once need not be written.
        for offset in max(0, outcomes.count - RecentLosses.capacity)..<outcomes.count {
            ring[(firstStep + offset) % RecentLosses.capacity] = outcomes[offset].loss
        }
        lastStep = firstStep + outcomes.count - 1
        count = min(count + outcomes.count, RecentLosses.capacity)
    }

    /// Forgets what came after a step of the past; all of it where the step is none of those kept.
    mutating func go(to step: Int) {
        count = step > lastStep ? 0 : max(0, count - (lastStep - step))
        lastStep = step
    }

    /// The losses in order, oldest first.
    var losses: RecentLosses {
        RecentLosses(
            lastStep: lastStep,
            losses: (0..<count).map { ring[(lastStep - count + 1 + $0) % RecentLosses.capacity] })
    }
}
