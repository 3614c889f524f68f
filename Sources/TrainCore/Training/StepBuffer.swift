/// What came of steps, in the order in which they were taken, and every metric's value on the batch of each.
///
/// ```swift
/// let steps = StepBuffer(capacity: 1024, for: trainer)
/// while !trainer.isComplete {
///     steps.removeAll()
///     if let divergence = trainer.run(atMost: 1024, into: steps).divergence { throw divergence }
///     for (index, outcome) in steps.outcomes.enumerated() { print(outcome.loss, steps.metrics(ofStep: index)[0]) }
/// }
/// ```
///
/// A class because it owns memory, which is taken once and used again. Use one from one thread at a time.
public final class StepBuffer {
    /// How many steps there is room for.
    public let capacity: Int
    /// Values kept with each step: one for each of the job's metrics, in its order.
    public let metricCount: Int
    /// How many steps are in it.
    public internal(set) var count = 0

    private let outcomeMemory: UnsafeMutablePointer<StepOutcome>
    /// Steps x metrics.
    private let metricMemory: UnsafeMutablePointer<Float>

    /// An empty one.
    package init(capacity: Int, metricCount: Int) {
        precondition(capacity >= 0 && metricCount >= 0, "room for \(capacity) steps with \(metricCount) metrics")
        self.capacity = capacity
        self.metricCount = metricCount
        outcomeMemory = .allocate(capacity: capacity)
        metricMemory = .allocate(capacity: capacity * metricCount)
    }

    /// An empty one for a trainer's steps.
    public convenience init(capacity: Int, for trainer: Trainer) {
        self.init(capacity: capacity, metricCount: trainer.metrics.count)
    }

    deinit {
        outcomeMemory.deallocate()
        metricMemory.deallocate()
    }

    /// How many steps more there is room for.
    public var room: Int { capacity - count }

    /// What came of each step. Good until the buffer is changed or goes.
    public var outcomes: UnsafeBufferPointer<StepOutcome> { UnsafeBufferPointer(start: outcomeMemory, count: count) }

    /// The metrics' values on the batches, steps x ``metricCount``. Good until the buffer is changed or goes.
    public var metrics: UnsafeBufferPointer<Float> {
        UnsafeBufferPointer(start: metricMemory, count: count * metricCount)
    }

    /// The metrics' values on the batch of one of the steps, which are counted from 0 here.
    public func metrics(ofStep index: Int) -> UnsafeBufferPointer<Float> {
        precondition(index >= 0 && index < count, "step \(index) of \(count)")
        return UnsafeBufferPointer(start: metricMemory + index * metricCount, count: metricCount)
    }

    /// Takes all steps out. The memory stays.
    public func removeAll() { count = 0 }

    /// Takes the last steps out.
    package func removeLast(_ steps: Int) {
        precondition(steps >= 0 && steps <= count, "\(steps) of \(count) steps")
        count -= steps
    }

    /// Adds a step; there must be room for it, and a value for each metric.
    package func append(_ outcome: StepOutcome, metrics: some Collection<Float>) {
        precondition(room > 0 && metrics.count == metricCount, "a step that does not fit")
        (outcomeMemory + count).initialize(to: outcome)
        var next = metricMemory + count * metricCount
        for value in metrics {
            next.initialize(to: value)
            next += 1
        }
        count += 1
    }

    /// Where the next steps' outcomes and metrics belong. Whoever writes some there adds them to ``count``.
    var free: (outcomes: UnsafeMutablePointer<StepOutcome>, metrics: UnsafeMutablePointer<Float>) {
        (outcomeMemory + count, metricMemory + count * metricCount)
    }
}
