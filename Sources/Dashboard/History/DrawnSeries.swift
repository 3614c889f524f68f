import TrainEngine

/// A series as a chart draws it: what happened in each of its dot columns.
///
/// A stretch no wider than a column counts in the column of its middle; a wider one in all that it crosses. So there
/// are no gaps, and a spike stands once where it can.
struct DrawnSeries: Sendable, Equatable {
    /// Which of a sample's folds is drawn.
    enum Source: Sendable { case loss, metric }

    /// The columns, nil where no step has a finite value.
    private(set) var columns: [Column?]

    /// What happened in one column.
    struct Column: Sendable, Equatable {
        /// The least value.
        var low: Double
        /// The greatest value.
        var high: Double
        /// The mean.
        var mean: Double
    }

    /// The series over a window of steps, in `count` columns.
    init(_ stretches: [Sample], _ source: Source, window: ClosedRange<Int>, columns count: Int) {
        guard count > 0 else {
            columns = []
            return
        }
        var folds = Array(repeating: Fold(), count: count)
        let width = Double(window.upperBound - window.lowerBound + 1) / Double(count)
        func column(of step: Int) -> Int {
            min(count - 1, max(0, Int((Double(step - window.lowerBound) + 0.5) / width)))
        }
        for stretch in stretches {
            let fold = source == .loss ? stretch.loss : stretch.metric
            let first = max(stretch.firstStep, window.lowerBound)
            let last = min(stretch.lastStep, window.upperBound)
            guard fold.count > fold.notFinite, first <= last else { continue }
            if Double(stretch.loss.count) <= width {
                folds[column(of: first + (last - first) / 2)].merge(fold)
            } else {
                for index in column(of: first)...column(of: last) { folds[index].merge(fold) }
            }
        }
        columns = folds.map { fold in
            fold.mean.map { Column(low: Double(fold.min), high: Double(fold.max), mean: $0) }
        }
    }

    /// The exponential moving average over the columns' means, nil where a column is.
    ///
    ///     s <- b s + (1 - b) mean        drawn: s / (1 - b^n) after n columns
    ///
    /// Taken over what is drawn, not over steps, so the line is as smooth at a billion steps as at a thousand and a
    /// chart of the whole run shows the whole run's trend. Where a column is one step, it is the plain average over
    /// steps. The division undoes the start at 0, as in TensorBoard's smoothing.
    func smoothed(by factor: Double) -> [Double?] {
        var sum = 0.0
        var weight = 1.0
        return columns.map { column in
            guard let column else { return nil }
            sum = factor * sum + (1 - factor) * column.mean
            weight *= factor
            return sum / (1 - weight)
        }
    }

    /// A range of values that holds all but rare outliers above.
    ///
    /// The upper end is the 98th percentile of the columns' maxima and a tenth more, the first twentieth of the
    /// columns left out, for a run starts with losses that would flatten all that follows; or the true maximum
    /// where that is lower.
    var typicalRange: ClosedRange<Double>? {
        let known = columns.compactMap { $0 }
        guard let low = known.map(\.low).min(), let top = known.map(\.high).max() else { return nil }
        let settled = known.dropFirst(known.count < 20 ? 0 : max(1, known.count / 20)).map(\.high).sorted()
        let typical = settled[min(settled.count - 1, settled.count * 98 / 100)]
        return low...max(low, min(top, typical + 0.1 * (typical - low)))
    }
}
