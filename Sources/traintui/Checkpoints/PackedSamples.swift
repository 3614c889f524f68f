import TrainProtocol

/// Samples of a chart as 32-bit words, in which a checkpoint's file keeps them: every number by its bits.
///
/// A sample is its branch, first and last step, its learning rate with whether there is one, and a fold of the losses and
/// of each metric: count, values that were not finite, sum, sum of squares, least and greatest value.
enum PackedSamples {
    private static let head = 8
    private static let fold = 10

    static func pack(_ samples: [Sample], metrics: Int) -> [Float] {
        var words: [UInt32] = []
        words.reserveCapacity(samples.count * (head + fold * (1 + metrics)))
        func add(_ value: UInt64) {
            words += [UInt32(truncatingIfNeeded: value), UInt32(truncatingIfNeeded: value >> 32)]
        }
        func add(_ fold: Fold) {
            add(UInt64(truncatingIfNeeded: fold.count))
            add(UInt64(truncatingIfNeeded: fold.notFinite))
            add(fold.sum.bitPattern)
            add(fold.squares.bitPattern)
            words += [fold.min.bitPattern, fold.max.bitPattern]
        }
        for sample in samples {
            for number in [sample.branch.number, sample.firstStep, sample.lastStep] {
                add(UInt64(truncatingIfNeeded: number))
            }
            words += [sample.learningRate?.bitPattern ?? 0, sample.learningRate == nil ? 0 : 1]
            add(sample.loss)
            for metric in 0..<metrics { add(metric < sample.metrics.count ? sample.metrics[metric] : Fold()) }
        }
        return words.map { Float(bitPattern: $0) }
    }

    /// The samples; nil where the words are none, or steps not in order.
    static func unpack(_ packed: [Float], metrics: Int) -> [Sample]? {
        let words = packed.map(\.bitPattern)
        let width = head + fold * (1 + metrics)
        guard metrics >= 0, words.count % width == 0 else { return nil }
        var samples: [Sample] = []
        samples.reserveCapacity(words.count / width)
        var last: [Int: Int] = [:]
        for start in stride(from: 0, to: words.count, by: width) {
            var next = start
            func take() -> Int {
                defer { next += 2 }
                return Int(truncatingIfNeeded: UInt64(words[next]) | UInt64(words[next + 1]) << 32)
            }
            func takeFold() -> Fold? {
                var fold = Fold()
                (fold.count, fold.notFinite) = (take(), take())
                fold.sum = Double(bitPattern: UInt64(bitPattern: Int64(take())))
                fold.squares = Double(bitPattern: UInt64(bitPattern: Int64(take())))
                (fold.min, fold.max) = (Float(bitPattern: words[next]), Float(bitPattern: words[next + 1]))
                next += 2
                return (0...(1 << 53)).contains(fold.count) && (0...fold.count).contains(fold.notFinite) ? fold : nil
            }
            let (branch, first, end) = (take(), take(), take())
            guard branch > 0, first > last[branch] ?? 0, (first...(1 << 53)).contains(end), words[next + 1] < 2 else {
                return nil
            }
            last[branch] = end
            let rate: Float? = words[next + 1] == 1 ? Float(bitPattern: words[next]) : nil
            next += 2
            guard let loss = takeFold() else { return nil }
            var folds: [Fold] = []
            for _ in 0..<metrics {
                guard let fold = takeFold() else { return nil }
                folds.append(fold)
            }
            samples.append(
                Sample(
                    branch: BranchID(branch), firstStep: first, lastStep: end, loss: loss, metrics: MetricFolds(folds),
                    learningRate: rate))
        }
        return samples
    }
}
