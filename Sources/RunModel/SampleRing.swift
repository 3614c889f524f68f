package import TrainProtocol

/// Samples in order, of which the oldest makes room when there would be too many.
///
/// To add one, to take the last ones away and to look at a part costs nothing of what is held: parts are slices. Steps
/// and losses lie in one block, the metrics in another, so a sample holds no memory of its own however many metrics it
/// has. Samples of fewer metrics than others have no values of the rest.
package struct SampleRing: RandomAccessCollection, ExpressibleByArrayLiteral, Sendable, Equatable {
    /// The most that is held.
    let capacity: Int
    /// The samples held from `oldest` on, around the end; it grows until it is full. Once its oldest one is not the
    /// first it stays full, and holds what was taken away until that is overwritten.
    private var rows: [Row] = []
    /// The rows' metrics, rows x metrics.
    private var metrics: [Fold] = []
    private var metricCount = 0
    private var oldest = 0
    /// How many are held.
    package private(set) var count = 0

    /// A sample without its metrics.
    fileprivate struct Row {
        var branch: BranchID
        var firstStep: Int
        var lastStep: Int
        var loss: Fold
        var learningRate: Float?
    }

    /// An empty ring.
    init(capacity: Int) { self.capacity = capacity }

    /// Samples that may become any number.
    package init(_ samples: some Sequence<Sample>) {
        self.init(capacity: .max)
        for sample in samples { append(sample) }
    }

    /// The same, written out.
    package init(arrayLiteral samples: Sample...) { self.init(samples) }

    /// A copy of samples of another ring, to which any number may be added.
    fileprivate init(copying samples: Slice<SampleRing>) {
        self.init(capacity: .max)
        let base = samples.base
        (metricCount, count) = (base.metricCount, samples.count)
        // They lie in one piece, or in one before the end of the ring and one after it.
        let start = samples.isEmpty ? 0 : base.place(of: samples.startIndex)
        let end = Swift.min(start + count, base.rows.count)
        rows.reserveCapacity(count)
        metrics.reserveCapacity(count * metricCount)
        for piece in [start..<end, 0..<count - (end - start)] {
            rows += base.rows[piece]
            metrics += base.metrics[piece.lowerBound * metricCount..<piece.upperBound * metricCount]
        }
    }

    /// The oldest one's: 0.
    package var startIndex: Int { 0 }
    /// As many as are held.
    package var endIndex: Int { count }

    /// A sample, the oldest one at 0.
    package subscript(index: Int) -> Sample {
        let place = place(of: index)
        let row = rows[place]
        var folds = MetricFolds(count: metricCount)
        for metric in 0..<metricCount { folds[metric] = metrics[place * metricCount + metric] }
        return Sample(
            branch: row.branch, firstStep: row.firstStep, lastStep: row.lastStep, loss: row.loss, metrics: folds,
            learningRate: row.learningRate)
    }

    /// The last step of the oldest one, nil where there is none.
    var lastStepOfFirst: Int? { count == 0 ? nil : rows[place(of: 0)].lastStep }

    /// The first step of the last one, nil where there is none.
    var firstStepOfLast: Int? { count == 0 ? nil : rows[place(of: count - 1)].firstStep }

    /// The last step, nil where there is none.
    var lastStep: Int? { count == 0 ? nil : rows[place(of: count - 1)].lastStep }

    // MARK: Changing

    /// Adds one at the end, in place of the oldest one where it is full.
    mutating func append(_ sample: Sample) {
        makeRoom(forMetrics: sample.metrics.count)
        if count == capacity { oldest = place(of: 1) } else { count += 1 }
        put(sample, at: place(of: count - 1))
    }

    /// Adds the steps of one to the last one's, which they follow.
    mutating func mergeIntoLast(_ next: Sample) {
        let last = place(of: count - 1)
        rows[last].lastStep = next.lastStep
        rows[last].loss.merge(next.loss)
        rows[last].learningRate = next.learningRate
        for metric in 0..<Swift.min(metricCount, next.metrics.count) {
            metrics[last * metricCount + metric].merge(next.metrics[metric])
        }
    }

    /// Adds those of another ring at the end.
    mutating func append(_ other: SampleRing) {
        if count == 0, capacity == other.capacity {
            self = other
        } else if oldest == 0, other.oldest == 0, metricCount == other.metricCount, other.count <= capacity - count {
            rows += other.rows
            metrics += other.metrics
            count += other.count
        } else {
            for sample in other { append(sample) }
        }
    }

    /// Leaves of the first and the last one what lies in a range; both must have a part there.
    mutating func shorten(to steps: ClosedRange<Int>) {
        for index in count > 0 ? [0, count - 1] : [] {
            guard let part = self[index].part(steps) else { continue }
            put(part, at: place(of: index))
        }
    }

    /// Makes all of them samples of a branch.
    mutating func rename(_ branch: BranchID) { for index in rows.indices { rows[index].branch = branch } }

    /// Takes so many away from the end.
    mutating func removeLast(_ removed: Int) {
        precondition(removed >= 0 && removed <= count, "there are not so many samples")
        count -= removed
        if count == 0 { oldest = 0 }
        if oldest == 0 {
            rows.removeLast(rows.count - count)
            metrics.removeLast(metrics.count - count * metricCount)
        }
    }

    private mutating func put(_ sample: Sample, at place: Int) {
        let row = Row(
            branch: sample.branch, firstStep: sample.firstStep, lastStep: sample.lastStep, loss: sample.loss,
            learningRate: sample.learningRate)
        if place == rows.count {
            rows.append(row)
            for _ in 0..<metricCount { metrics.append(Fold()) }
        } else {
            rows[place] = row
        }
        for metric in 0..<metricCount {
            metrics[place * metricCount + metric] = metric < sample.metrics.count ? sample.metrics[metric] : Fold()
        }
    }

    /// Sees to it that every row has so many metrics. All samples of a run have as many, so there is but the first time.
    private mutating func makeRoom(forMetrics wanted: Int) {
        guard wanted > metricCount else { return }
        var wider: [Fold] = []
        for place in rows.indices {
            wider += metrics[place * metricCount..<(place + 1) * metricCount]
            wider += Array(repeating: Fold(), count: wanted - metricCount)
        }
        (metrics, metricCount) = (wider, wanted)
    }

    private func place(of index: Int) -> Int {
        precondition(index >= 0 && index < count, "there is no such sample")
        // Both are less than the capacity, which may be the largest number there is.
        return index < capacity - oldest ? oldest + index : index - (capacity - oldest)
    }

    /// Two are the same where the samples in them are, wherever they lie.
    package static func == (left: SampleRing, right: SampleRing) -> Bool {
        left.capacity == right.capacity && left.elementsEqual(right)
    }
}

/// Looking at samples of a ring without a copy of any.
extension Slice<SampleRing> {
    /// Those that hold steps of a range.
    package func holding(_ steps: ClosedRange<Int>) -> Slice<SampleRing> {
        let first = base.halved(indices) { $0.lastStep >= steps.lowerBound }
        return base[first..<Swift.max(first, base.halved(indices) { $0.firstStep > steps.upperBound })]
    }

    /// The steps of a range; of samples across its ends the parts that lie inside.
    package func parts(of steps: ClosedRange<Int>) -> SampleRing {
        var parts = SampleRing(copying: holding(steps))
        parts.shorten(to: steps)
        return parts
    }

    /// Goes through the losses, or through the values of a metric where there are any.
    package func forEachFold(
        ofMetric metric: Int? = nil, _ body: (_ firstStep: Int, _ lastStep: Int, _ fold: Fold) -> Void
    ) {
        base.forEachFold(ofMetric: metric, of: indices, body)
    }

    /// The losses of a range folded into one, or the values of a metric; samples across its ends count where their
    /// middle lies.
    package func fold(ofMetric metric: Int? = nil, from first: Int, through last: Int) -> Fold {
        var all = Fold()
        forEachFold(ofMetric: metric) { firstStep, lastStep, fold in
            let middle = firstStep + (lastStep - firstStep + 1) / 2
            if middle >= first, middle <= Swift.max(first, last) { all.merge(fold) }
        }
        return all
    }
}

extension SampleRing {
    /// The first of some of which something is true that is true of all after it; their end where there is none.
    fileprivate func halved(_ part: Range<Int>, _ isTrue: (Row) -> Bool) -> Int {
        var (low, high) = (part.lowerBound, part.upperBound)
        while low < high {
            let middle = low + (high - low) / 2
            if isTrue(rows[place(of: middle)]) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    fileprivate func forEachFold(ofMetric metric: Int?, of part: Range<Int>, _ body: (Int, Int, Fold) -> Void) {
        if let metric, metric >= metricCount { return }
        for index in part {
            let place = place(of: index)
            let fold = metric.map { metrics[place * metricCount + $0] } ?? rows[place].loss
            body(rows[place].firstStep, rows[place].lastStep, fold)
        }
    }
}
