package import TrainProtocol

/// Where a run's checkpoints go. Its closures are called on the training queue and do not wait, but for the last write.
package struct CheckpointSink: Sendable {
    /// The seconds between two; nil to choose them.
    package var seconds: Double?
    /// Whether one is still being written: then none is made.
    package var isBusy: @Sendable () -> Bool
    /// Takes one, and what the run does, which is written meanwhile. The last one is written when the call returns.
    package var write: @Sendable (_ checkpoint: RunCheckpoint, _ standing: RunState, _ isLast: Bool) -> Void
    /// Nanoseconds that the last write took.
    package var cost: @Sendable () -> UInt64

    /// A place.
    package init(
        every seconds: Double? = nil, isBusy: @escaping @Sendable () -> Bool,
        write: @escaping @Sendable (_ checkpoint: RunCheckpoint, _ standing: RunState, _ isLast: Bool) -> Void,
        cost: @escaping @Sendable () -> UInt64
    ) {
        self.seconds = seconds
        self.isBusy = isBusy
        self.write = write
        self.cost = cost
    }
}
