import TrainCore
import TrainProtocol

/// Steps of one branch on their way to whoever watches: a list of bounded length in which every step is counted.
///
/// All entries but the first and the last fold the same number of steps, one at first, and end at a multiple of it. When
/// the list is full, neighbours are merged and that number doubles, so a reader who comes late finds coarser samples but
/// misses nothing, not even a spike. Branches on the same batches are folded at the same steps, so that they can be
/// compared.
struct SampleBuffer {
    /// Full, it has no fewer than half as many: as many as a large chart has dots side by side.
    static let capacity = 512

    /// The branch that the steps are of.
    var branch: BranchID
    /// How many metrics the steps have.
    let metricCount: Int
    /// The entries, without their metrics.
    private var entries: [Sample] = []
    /// The entries' metrics, entries x metrics. They lie by themselves, so that a step takes nothing from the heap
    /// however many they are.
    private var metrics: [Fold] = []
    /// Steps in an entry that is full, a power of two.
    private var width = 1

    init(branch: BranchID = .first, metricCount: Int) {
        self.branch = branch
        self.metricCount = metricCount
        entries.reserveCapacity(Self.capacity)
        metrics.reserveCapacity(Self.capacity * metricCount)
    }

    /// Whether there is no step in it.
    var isEmpty: Bool { entries.isEmpty }

    /// All entries, in order.
    var samples: [Sample] {
        entries.indices.map { index in
            var sample = entries[index]
            sample.metrics = MetricFolds(count: metricCount)
            for metric in 0..<metricCount { sample.metrics[metric] = metrics[index * metricCount + metric] }
            return sample
        }
    }

    /// Adds the steps from `firstStep` on.
    mutating func append(firstStep: Int, _ steps: StepBuffer) {
        precondition(steps.metricCount == metricCount, "steps of \(steps.metricCount) metrics, not \(metricCount)")
        var next = 0
        while next < steps.count {
            let before = stepsBehindMultiple(firstStep + next - 1)
            if entries.isEmpty || before == 0 { begin(atStep: firstStep + next) }
            let end = min(steps.count, next + width - before)
            fold(next..<end, of: steps)
            entries[entries.count - 1].lastStep = firstStep + end - 1
            entries[entries.count - 1].learningRate = steps.outcomes[end - 1].learningRate
            next = end
            if entries.count == Self.capacity, stepsBehindMultiple(firstStep + end - 1) == 0 { halve() }
        }
    }

    /// Folds some of the steps into the last entry.
    private mutating func fold(_ range: Range<Int>, of steps: StepBuffer) {
        let (outcomes, values, metricCount) = (steps.outcomes, steps.metrics, metricCount)
        let last = entries.count - 1
        let firstMetric = last * metricCount
        var metricsLeft = 0..<metricCount
        // Side by side, the two take no longer than one: most runs have these.
        if metricCount > 0,
            Fold.add(
                finite: range, to: &entries[last].loss, and: &metrics[firstMetric],
                { (outcomes[$0].loss, values[$0 * metricCount]) })
        {
            metricsLeft.removeFirst()
        } else {
            for index in range { entries[last].loss.add(outcomes[index].loss) }
        }
        for metric in metricsLeft {
            for index in range {
                let value = values[index * metricCount + metric]
                if !value.isNaN { metrics[firstMetric + metric].add(value) }
            }
        }
    }

    /// Adds an empty entry.
    private mutating func begin(atStep step: Int) {
        entries.append(Sample(branch: branch, firstStep: step, loss: Fold()))
        for _ in 0..<metricCount { metrics.append(Fold()) }
    }

    /// How many steps a step is behind the last multiple of the width.
    private func stepsBehindMultiple(_ step: Int) -> Int { step & (width - 1) }

    /// Merges neighbours that lie between two multiples of twice the width: half as many entries, or one more.
    private mutating func halve() {
        width *= 2
        var last = 0
        for index in 1..<entries.count {
            if (entries[index].firstStep - 1) / width == (entries[last].firstStep - 1) / width {
                entries[last].merge(entries[index])
                for metric in 0..<metricCount {
                    metrics[last * metricCount + metric].merge(metrics[index * metricCount + metric])
                }
            } else {
                last += 1
                entries[last] = entries[index]
                for metric in 0..<metricCount {
                    metrics[last * metricCount + metric] = metrics[index * metricCount + metric]
                }
            }
        }
        let removed = entries.count - last - 1
        entries.removeLast(removed)
        metrics.removeLast(removed * metricCount)
    }

    /// Forgets all entries and keeps the memory, and the width that as many steps once more would come to: to begin
    /// with single ones and merge them again would cost a fast run as much as all else that watching does.
    mutating func clear() {
        let steps = entries.reduce(0) { $0 + $1.loss.count }
        entries.removeAll(keepingCapacity: true)
        metrics.removeAll(keepingCapacity: true)
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
        let first = max(0, outcomes.count - RecentLosses.capacity)
        let place = (firstStep + first) % RecentLosses.capacity
        let turn = min(outcomes.count, first + RecentLosses.capacity - place)
        ring.withUnsafeMutableBufferPointer { ring in
            for index in first..<turn { ring[place + index - first] = outcomes[index].loss }
            for index in turn..<outcomes.count { ring[index - turn] = outcomes[index].loss }
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
