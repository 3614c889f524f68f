import Foundation
import TrainEngine
import TrainProtocol

/// A run as another program logged it, sorted out: what its training and its validation came to, by steps and epochs.
struct LoggedRun {
    /// What to call it.
    let name: String
    /// The file or folder that it was in, an absolute path.
    let source: String
    /// The metrics, in the order of their names.
    private(set) var metrics: [RunDescription.Metric] = []
    /// Names that found no place any more.
    private(set) var leftOut: [String] = []
    /// When it was begun, in seconds since 1970; nil where the log does not say.
    let began: Double?
    /// How long it went on; 0 where the log does not say.
    let seconds: Double

    private let steps: [String: LoggedSeries]
    private let epochs: [String: LoggedSeries]
    private let validation: [String: LoggedSeries]
    private let validationCountsEpochs: Bool

    /// What a step's or an epoch's numbers were; a metric that was not logged there is NaN.
    private struct Numbers {
        var loss: Double?
        var rate: Double?
        var metrics: [Double]
    }

    /// Metrics of a run, at most.
    private static let mostMetrics = 32
    /// Samples of a run's chart, at most.
    private static let mostSamples = 4096

    /// - Parameters:
    ///   - series: the numbers with what they are; where two are the same, the one with more values counts.
    init(
        name: String, source: String, _ series: [(name: LoggedName, series: LoggedSeries)], began: Double? = nil,
        seconds: Double = 0
    ) {
        (self.name, self.source, self.began, self.seconds) = (name, source, began, seconds)
        let series = Self.withLoss(series.filter { !$0.name.meaning.isEmpty && !$0.series.points.isEmpty })
        func group(_ rows: LoggedName.Rows, _ counts: [LoggedName.Count]) -> [String: LoggedSeries] {
            let some = series.filter { $0.name.rows == rows && counts.contains($0.name.count) }
            return Dictionary(
                some.map { ($0.name.meaning, $0.series) },
                uniquingKeysWith: { $0.points.count >= $1.points.count ? $0 : $1 })
        }
        steps = group(.training, [.steps, .unsaid])
        epochs = group(.training, [.epochs])
        let byEpochs = [LoggedName.Rows.validation, .test].lazy.map { group($0, [.epochs]) }.first { !$0.isEmpty }
        let bySteps = [LoggedName.Rows.validation, .test].lazy.map { group($0, [.steps, .unsaid]) }.first {
            !$0.isEmpty
        }
        validationCountsEpochs = byEpochs != nil
        validation = byEpochs ?? bySteps ?? [:]
        let names = Set([steps, epochs, validation].flatMap(\.keys)).subtracting([
            LoggedName.loss, LoggedName.learningRate,
        ]).sorted()
        metrics = names.prefix(Self.mostMetrics).map {
            RunDescription.Metric(name: $0, higherIsBetter: LoggedName.isHigherBetter($0))
        }
        leftOut = Array(names.dropFirst(Self.mostMetrics))
    }

    /// Takes a number whose name has "loss" among other words for the loss where none is called just that.
    private static func withLoss(
        _ series: [(name: LoggedName, series: LoggedSeries)]
    ) -> [(name: LoggedName, series: LoggedSeries)] {
        let names = Set(series.map(\.name.meaning))
        guard !names.contains(LoggedName.loss) else { return series }
        let candidates = names.filter { LoggedName.words($0).contains("loss") }.sorted()
        guard let chosen = candidates.first(where: { $0.contains("total") }) ?? candidates.first else { return series }
        return series.map { entry in
            var entry = entry
            if entry.name.meaning == chosen { entry.name.meaning = LoggedName.loss }
            return entry
        }
    }

    /// Whether there is a loss: what has none is no training's log.
    var hasLoss: Bool { [steps, epochs, validation].contains { $0[LoggedName.loss] != nil } }

    // MARK: - Steps

    /// The steps of an epoch where epochs were counted: those of the training's numbers by the epochs that they went
    /// through; 1 where there are no such numbers.
    private var stepsPerEpoch: Int {
        let last = steps.values.compactMap(\.points.last?.step).max()
        let count = lastEpoch
        guard let last, count > 0 else { return 1 }
        return max(1, (last + (countsFromZero ? 1 : 0) + count - 1) / count)
    }

    private var lastEpoch: Int {
        let counted = Array(epochs.values) + (validationCountsEpochs ? Array(validation.values) : [])
        return (counted.compactMap(\.points.last?.step).max() ?? -1) + 1
    }

    /// Whether the first step is step 0.
    private var countsFromZero: Bool {
        let counted = Array(steps.values) + (validationCountsEpochs ? [] : Array(validation.values))
        return counted.contains { ($0.points.first?.step ?? 1) <= 0 }
    }

    /// A number by steps, counted from 1.
    private func placed(_ series: LoggedSeries?, countsEpochs: Bool) -> [(step: Int, value: Double)] {
        guard let series else { return [] }
        let (length, shift) = countsEpochs ? (stepsPerEpoch, 1) : (1, countsFromZero ? 1 : 0)
        return series.points.compactMap { step, value in
            let (sum, isTooFar) = step.addingReportingOverflow(shift)
            let (place, isFarther) = sum.multipliedReportingOverflow(by: length)
            return isTooFar || isFarther || !(1...(1 << 53)).contains(place) ? nil : (place, value)
        }
    }

    private func values(
        _ group: [String: LoggedSeries], countsEpochs: Bool
    ) -> [Int: Numbers] {
        var values: [Int: Numbers] = [:]
        let none = Numbers(metrics: metrics.map { _ in .nan })
        for (step, value) in placed(group[LoggedName.loss], countsEpochs: countsEpochs) {
            values[step, default: none].loss = value
        }
        for (step, value) in placed(group[LoggedName.learningRate], countsEpochs: countsEpochs) {
            values[step, default: none].rate = value
        }
        for (index, metric) in metrics.enumerated() {
            for (step, value) in placed(group[metric.name], countsEpochs: countsEpochs) {
                values[step, default: none].metrics[index] = value
            }
        }
        return values
    }

    // MARK: - The past

    /// The run as a list, a chart and a comparison know runs.
    var past: RunPast {
        let evaluations = values(validation, countsEpochs: validationCountsEpochs).sorted { $0.key < $1.key }
            .compactMap { step, value in
                value.loss.map { Evaluation(step: step, loss: $0, metrics: value.metrics) }
            }
        let atSteps = values(steps, countsEpochs: false)
        let atEpochs = values(epochs, countsEpochs: true)
        let hasSteps = atSteps.values.contains { $0.loss != nil }
        return RunPast(
            samples: Self.samples(hasSteps ? atSteps : atEpochs, metrics: metrics.count),
            epochs: epochs.isEmpty && !validationCountsEpochs
                ? self.epochs(endingAt: evaluations.map(\.step), atSteps) : epochs(atEpochs, evaluations),
            evaluations: evaluations)
    }

    /// The epochs that were counted.
    private func epochs(
        _ values: [Int: Numbers], _ evaluations: [Evaluation]
    ) -> [EpochReport] {
        let length = stepsPerEpoch
        // A validation that was counted by steps may lie within an epoch.
        let ends = evaluations.map(\.step).filter { $0 % length == 0 }
        return Set(values.keys).union(ends).sorted().map { step in
            let value = values[step]
            return EpochReport(
                epoch: step / length, step: step, meanLoss: value?.loss ?? .nan,
                metrics: value?.metrics ?? metrics.map { _ in .nan }, learningRate: value?.rate)
        }
    }

    /// Where nobody counted epochs, one ends with each validation; its mean is that of the losses since the last one.
    private func epochs(
        endingAt ends: [Int], _ values: [Int: Numbers]
    ) -> [EpochReport] {
        let steps = values.keys.sorted()
        var next = 0
        return ends.enumerated().map { index, end in
            var losses: [Double] = []
            var last: Numbers?
            while next < steps.count, steps[next] <= end {
                last = values[steps[next]]
                if let loss = last?.loss { losses.append(loss) }
                next += 1
            }
            return EpochReport(
                epoch: index + 1, step: end,
                meanLoss: losses.isEmpty ? .nan : losses.reduce(0, +) / Double(losses.count),
                metrics: last?.metrics ?? metrics.map { _ in .nan }, learningRate: last?.rate)
        }
    }

    /// The losses as a chart has them: each stands for the steps since the one before it, and where there are very many,
    /// neighbours are folded.
    private static func samples(
        _ values: [Int: Numbers], metrics: Int
    ) -> [Sample] {
        let losses = values.sorted { $0.key < $1.key }.filter { $0.value.loss != nil }
        let fold = max(1, (losses.count + mostSamples - 1) / mostSamples)
        var samples: [Sample] = []
        var before = 0
        for (index, (step, value)) in losses.enumerated() {
            var folds = MetricFolds(count: metrics)
            for (index, metric) in value.metrics.enumerated() where !metric.isNaN {
                folds.add(Float(metric), at: index)
            }
            let sample = Sample(
                firstStep: before + 1, lastStep: step, loss: Fold(Float(value.loss ?? .nan)), metrics: folds,
                learningRate: value.rate.map { Float($0) })
            if index % fold == 0 {
                samples.append(sample)
            } else {
                samples[samples.count - 1].merge(sample)
            }
            before = step
        }
        return samples
    }
}
