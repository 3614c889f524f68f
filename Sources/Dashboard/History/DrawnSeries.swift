package import RunModel
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
package struct DrawnSeries: Sendable, Equatable {
    /// Which of a sample's folds is drawn.
    package enum Source: Sendable, Hashable {
        case loss
        /// The metric of that index.
        case metric(Int)

        fileprivate var metric: Int? { if case .metric(let index) = self { index } else { nil } }
    }

    /// The columns, nil where no step has a finite value.
    package private(set) var columns: [Column?]

    /// What happened in one column.
    package struct Column: Sendable, Equatable {
        /// The least value.
        package var low: Double
        /// The greatest value.
        package var high: Double
        /// Where eight in ten of its steps lie. Of steps that came folded that is estimated from their mean and
        /// deviation, as if they were spread normally.
        package var middle: ClosedRange<Double>
        /// The moving average there.
        package var average: Double
    }

    /// The series over a window of steps, in `count` columns, averaged with a factor from 0 up to but not including 1.
    package init(
        _ samples: Slice<SampleRing>, _ source: Source, window: ClosedRange<Int>, columns count: Int,
        smoothing factor: Double
    ) {
        guard count > 0 else {
            columns = []
            return
        }
        var gathered = Array(repeating: Gathering(), count: count)
        var walk = Walk(window: window, columns: count, smoothing: factor)
        samples.forEachFold(ofMetric: source.metric) { first, last, fold in
            guard let place = walk.go(first, last, fold) else { return }
            for index in place.columns { gathered[index].add(fold, average: place.average) }
        }
        columns = gathered.map(\.column)
    }

    /// The moving average alone, in the same columns; it begins with the samples before those that are drawn.
    static func averages(
        _ samples: Slice<SampleRing>, after before: Slice<SampleRing>, _ source: Source, window: ClosedRange<Int>,
        columns count: Int, smoothing factor: Double
    ) -> [Double?] {
        guard count > 0 else { return [] }
        var gathered = Array(repeating: (sum: 0.0, count: 0), count: count)
        var walk = Walk(window: window, columns: count, smoothing: factor)
        for samples in [before, samples] {
            samples.forEachFold(ofMetric: source.metric) { first, last, fold in
                guard let place = walk.go(first, last, fold) else { return }
                for index in place.columns {
                    gathered[index].sum += place.average
                    gathered[index].count += 1
                }
            }
        }
        return gathered.map { $0.count > 0 ? $0.sum / Double($0.count) : nil }
    }

    /// The way along the samples: where each of them counts, and the moving average there.
    private struct Walk {
        private let window: ClosedRange<Int>
        private let count: Int
        private let factor: Double
        /// Steps to a column.
        private let width: Double
        private var sum = 0.0
        private var weight = 1.0
        /// Steps of which the column is known.
        private var known = (steps: 0...0, column: 0)

        init(window: ClosedRange<Int>, columns count: Int, smoothing factor: Double) {
            (self.window, self.count, self.factor) = (window, count, factor)
            width = Double(window.upperBound - window.lowerBound + 1) / Double(count)
            known = (window.lowerBound...window.lowerBound, place(of: window.lowerBound))
        }

        /// Nil for a sample that is not in the window or has no finite value.
        @inline(__always)
        mutating func go(
            _ firstStep: Int, _ lastStep: Int, _ fold: Fold
        ) -> (columns: ClosedRange<Int>, average: Double)? {
            let first = max(firstStep, window.lowerBound)
            let last = min(lastStep, window.upperBound)
            guard let mean = fold.mean, first <= last else { return nil }
            sum = factor * sum + (1 - factor) * mean
            weight *= factor
            let isNarrow = Double(lastStep - firstStep + 1) <= width
            let middle = column(of: first + (last - first) / 2)
            return (isNarrow ? middle...middle : column(of: first)...column(of: last), sum / (1 - weight))
        }

        /// Samples come in order, so most lie in the column of the one before.
        private mutating func column(of step: Int) -> Int {
            if known.steps.contains(step) { return known.column }
            let column = place(of: step)
            let wanted = Int(min(Double(column + 1) * width - 1, 9e18))
            let end = window.lowerBound + min(max(0, wanted), window.upperBound - window.lowerBound)
            known = (end > step && place(of: end) == column ? step...end : step...step, column)
            return column
        }

        private func place(of step: Int) -> Int {
            min(count - 1, max(0, Int((Double(step - window.lowerBound) + 0.5) / width)))
        }
    }

    /// What is known of a column on the way.
    private struct Gathering {
        private var fold = Fold()
        /// The values one by one; nil where some came folded.
        private var values: [Double]? = []
        private var sum = 0.0
        private var count = 0

        mutating func add(_ other: Fold, average: Double) {
            fold.merge(other)
            if other.count == 1 { values?.append(other.sum) } else { values = nil }
            sum += average
            count += 1
        }

        var column: Column? {
            guard count > 0 else { return nil }
            let (low, high) = (Double(fold.min), Double(fold.max))
            return Column(low: low, high: high, middle: middle(low...high), average: sum / Double(count))
        }

        private func middle(_ all: ClosedRange<Double>) -> ClosedRange<Double> {
            if let sorted = values?.sorted(), !sorted.isEmpty {
                return Self.quantile(0.1, sorted)...Self.quantile(0.9, sorted)
            }
            guard let mean = fold.mean, let deviation = fold.deviation else { return all }
            // Eight in ten values of a normal distribution lie within 1.28 deviations.
            let (low, high) = (mean - 1.2816 * deviation, mean + 1.2816 * deviation)
            return min(max(low, all.lowerBound), all.upperBound)...max(min(high, all.upperBound), all.lowerBound)
        }

        /// Between the two nearest values where none lies there (Hyndman and Fan's seventh, numpy's default).
        private static func quantile(_ part: Double, _ sorted: [Double]) -> Double {
            let place = part * Double(sorted.count - 1)
            let index = min(Int(place), sorted.count - 1)
            let next = min(index + 1, sorted.count - 1)
            return sorted[index] + (place - Double(index)) * (sorted[next] - sorted[index])
        }
    }

    /// A range of values for the curve: what the average comes to after the start, with some of the steps around it.
    ///
    /// The first twentieth of the columns is left out, for a run starts with losses that would flatten all that follows.
    /// The upper end is what three averages in four stay below and half as much more, or the greatest where that is
    /// lower: of a run that has just begun much is still its start.
    /// Where steps lie far from their average the range is three times that of the averages and no more: the curve is
    /// what is looked at.
    package var typicalRange: ClosedRange<Double>? {
        let known = columns.compactMap { $0 }
        let settled = known.dropFirst(known.count < 20 ? 0 : max(1, known.count / 20))
        guard !settled.isEmpty else { return nil }
        func sorted(_ value: (Column) -> Double) -> [Double] { settled.map(value).sorted() }
        let averages = sorted(\.average)
        let low = averages[0]
        let typical = averages[min(averages.count - 1, averages.count * 3 / 4)]
        let high = min(averages[averages.count - 1], typical + 0.5 * (typical - low))
        let bottom = min(low, sorted(\.middle.lowerBound)[settled.count / 2])
        let top = max(high, sorted(\.middle.upperBound)[settled.count / 2])
        // Of a curve that does not move yet nobody knows what is small.
        let length = high - low > 0.02 * abs(high) ? high - low : top - bottom
        return max(bottom, low - length)...min(top, high + length)
    }
}
