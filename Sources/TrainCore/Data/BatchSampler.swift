import CKernels

/// Which rows make a batch: a pure function of (seed, epoch, step), whoever asks and however often.
struct BatchSampler {
    let sampling: Sampling
    let rows: Int
    private let philox: Philox
    /// The order of the epoch that was last asked for, where rows are shuffled.
    private var order: [UInt32] = []
    private var orderedEpoch = 0

    init(sampling: Sampling, rows: Int, seed: UInt64) {
        self.sampling = sampling
        self.rows = rows
        philox = Philox(seed: seed, stream: .batches)
    }

    /// Writes `count` row numbers to `indices`, which has room for `count` rounded up to 64.
    ///
    /// - Parameters:
    ///   - epoch: from 1.
    ///   - step: the step within the epoch, from 0.
    ///   - rowsSeen: rows that the epoch's earlier batches took.
    mutating func draw(epoch: Int, step: Int, rowsSeen: Int, count: Int, into indices: UnsafeMutablePointer<Int32>) {
        switch sampling {
        case .random:
            kernels.draw_rows(
                philox.key.0, philox.key.1, UInt32(truncatingIfNeeded: epoch), UInt32(truncatingIfNeeded: step),
                UInt32(rows), indices, count)
        case .sequential:
            for i in 0..<count { indices[i] = Int32(rowsSeen + i) }
        case .shuffle:
            if orderedEpoch != epoch {
                permute(count: rows, philox: philox, epoch: UInt32(truncatingIfNeeded: epoch), into: &order)
                orderedEpoch = epoch
            }
            for i in 0..<count { indices[i] = Int32(order[rowsSeen + i]) }
        }
    }
}
