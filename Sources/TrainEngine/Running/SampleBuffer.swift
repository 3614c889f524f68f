internal import TrainCore

/// Steps on their way to whoever watches: a list of bounded length in which every step is counted.
///
/// All entries but the last fold the same number of steps, one at first. When the list is full, neighbours are merged
/// and that number doubles, so a reader who comes late finds coarser samples but misses nothing, not even a spike.
struct SampleBuffer {
    static let capacity = 4096

    private(set) var samples: [Sample] = []
    /// Steps in a full entry.
    private var width = 1

    init() { samples.reserveCapacity(Self.capacity) }

    /// Adds the next step.
    mutating func append(step: Int, _ outcome: StepOutcome) {
        let metric = outcome.metric.isNaN ? Fold() : Fold(outcome.metric)
        if let last = samples.indices.last, samples[last].loss.count < width {
            samples[last].loss.add(outcome.loss)
            samples[last].metric.merge(metric)
            return
        }
        if samples.count == Self.capacity { halve() }
        samples.append(Sample(firstStep: step, loss: Fold(outcome.loss), metric: metric))
    }

    /// Merges neighbours: half as many entries, each of twice as many steps.
    private mutating func halve() {
        for pair in 0..<Self.capacity / 2 {
            var merged = samples[2 * pair]
            merged.loss.merge(samples[2 * pair + 1].loss)
            merged.metric.merge(samples[2 * pair + 1].metric)
            samples[pair] = merged
        }
        samples.removeLast(Self.capacity / 2)
        width *= 2
    }

    /// Forgets all entries and keeps the memory.
    mutating func clear() {
        samples.removeAll(keepingCapacity: true)
        width = 1
    }
}

/// The last steps' losses one by one, in a ring.
struct RecentRing {
    private var ring = [Float](repeating: 0, count: RecentLosses.capacity)
    private var lastStep = 0
    private var count = 0

    mutating func append(step: Int, loss: Float) {
        lastStep = step
        count = min(count + 1, ring.count)
        ring[step % ring.count] = loss
    }

    /// The losses in order, oldest first.
    var losses: RecentLosses {
        RecentLosses(
            lastStep: lastStep, losses: (0..<count).map { ring[(lastStep - count + 1 + $0) % ring.count] })
    }
}
