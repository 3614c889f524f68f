import RunModel
import TrainProtocol

/// A series as a chart draws it: what happened in each of its dot columns.
///
/// A sample no wider than a column counts in the column of its middle; a wider one in all that it crosses. So there
/// are no gaps, and a spike stands once where it can.
///
/// The moving average goes over the samples, with the mean of each as one point, bias-corrected as in TensorBoard:
///
///     s <- b s + (1 - b) mean        average: s / (1 - b^n) after n samples
///
/// While a sample is a step it is the plain average over steps. A long run has one or two thousand samples, whatever
/// its length, so the line stays as smooth as it was (TensorBoard, too, smooths over the points it kept).
struct DrawnSeries: Sendable, Equatable {
    /// Which of a sample's folds is drawn.
    enum Source: Sendable, Equatable {
        case loss
        /// The metric of that index.
        case metric(Int)

        fileprivate func fold(of sample: Sample) -> Fold? {
            switch self {
            case .loss: sample.loss
            case .metric(let index): sample.metrics.indices.contains(index) ? sample.metrics[index] : nil
            }
        }
    }

    /// The columns, nil where no step has a finite value.
    private(set) var columns: [Column?]

    /// What happened in one column.
    struct Column: Sendable, Equatable {
        /// The least value.
        var low: Double
        /// The greatest value.
        var high: Double
        /// The moving average there.
        var average: Double
    }

    /// The series over a window of steps, in `count` columns, averaged with a factor from 0 up to but not including 1.
    init(
        _ samples: [Sample], _ source: Source, window: ClosedRange<Int>, columns count: Int, smoothing factor: Double
    ) {
        guard count > 0 else {
            columns = []
            return
        }
        var folds = Array(repeating: Fold(), count: count)
        var averages = Array(repeating: (sum: 0.0, count: 0), count: count)
        var sum = 0.0
        var weight = 1.0
        let width = Double(window.upperBound - window.lowerBound + 1) / Double(count)
        func column(of step: Int) -> Int {
            min(count - 1, max(0, Int((Double(step - window.lowerBound) + 0.5) / width)))
        }
        for sample in samples {
            let first = max(sample.firstStep, window.lowerBound)
            let last = min(sample.lastStep, window.upperBound)
            guard let fold = source.fold(of: sample), let mean = fold.mean, first <= last else { continue }
            sum = factor * sum + (1 - factor) * mean
            weight *= factor
            let isNarrow = Double(sample.steps) <= width
            let middle = column(of: first + (last - first) / 2)
            for index in isNarrow ? middle...middle : column(of: first)...column(of: last) {
                folds[index].merge(fold)
                averages[index].sum += sum / (1 - weight)
                averages[index].count += 1
            }
        }
        columns = zip(folds, averages).map { fold, average in
            guard average.count > 0 else { return nil }
            return Column(
                low: Double(fold.min), high: Double(fold.max), average: average.sum / Double(average.count))
        }
    }

    /// A range of values that holds all but rare outliers above.
    ///
    /// The upper end is what nine columns in ten stay below and a quarter more, the first twentieth of the columns
    /// left out, for a run starts with losses that would flatten all that follows; or the true maximum where that
    /// is lower.
    var typicalRange: ClosedRange<Double>? {
        let known = columns.compactMap { $0 }
        guard let low = known.map(\.low).min(), let top = known.map(\.high).max() else { return nil }
        let settled = known.dropFirst(known.count < 20 ? 0 : max(1, known.count / 20)).map(\.high).sorted()
        let typical = settled[min(settled.count - 1, settled.count * 9 / 10)]
        return low...max(low, min(top, typical + 0.25 * (typical - low)))
    }
}
