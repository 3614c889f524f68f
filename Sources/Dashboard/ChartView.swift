import Canvas
import RunModel
import TrainProtocol

/// How the charts are drawn.
struct ChartView: Sendable, Equatable {
    /// What the y axis shows.
    var axis = Axis.fitted
    /// The factor of the moving average, one of ``smoothings``.
    var smoothing = 0.9
    /// What the x axis counts.
    var unit = Unit.step
    /// Which steps are shown.
    var span = Span.wholeRun
    /// The steps that a person looks at more closely, nil for those of the span.
    var zoom: ClosedRange<Int>?
    /// The step under the cursor, nil for none.
    var cursor: Int?
    /// Which of loss and metrics the first chart shows, from 0; the others show the next ones.
    var first = 0

    /// What each y axis shows, kept while it still suits so that the frame stands still.
    private(set) var ranges: [DrawnSeries.Source: ClosedRange<Double>] = [:]

    /// The factors to choose from; 0 draws every column's mean.
    static let smoothings = [0, 0.6, 0.9, 0.99]

    /// What a y axis shows.
    enum Axis: String, CaseIterable, Sendable {
        /// What the curves need.
        case fitted
        /// The same and zero, so that lengths compare as the values do.
        case fromZero = "from zero"
        /// What the curves need, equal ratios being equal lengths.
        case logarithmic
    }

    /// What an x axis counts.
    enum Unit: String, CaseIterable, Sendable { case step, epoch, second }

    /// Which steps a chart shows.
    enum Span: String, CaseIterable, Sendable {
        /// From the first step to the last one planned: nothing moves while the run goes on. Of a run of which little
        /// is done, to a half of that, a quarter, and so on: the curve is never a sliver.
        case wholeRun = "whole run"
        /// From the first step to the latest.
        case soFar = "run so far"
        /// As many of the latest steps as an epoch has.
        case lastEpoch = "last epoch's worth"
    }

    /// How values become heights.
    var scale: NiceAxis.Scale { axis == .logarithmic ? .logarithmic : .linear }

    /// Makes room for what is in the window now.
    mutating func follow(_ state: DashboardState) {
        let window = state.window
        let samples = state.history.series.samples(from: window.lowerBound, through: window.upperBound)
        let beside = state.branchesBeside.compactMap { state.history.branches[$0]?.samples[...] }
        let smoothing = smoothing
        let view = self
        let overlaid = { (source: DrawnSeries.Source) in
            state.view.overlaid.compactMap { run -> ClosedRange<Double>? in
                guard state.shows(source, of: run), let scale = view.scale(of: run, beside: state.progress) else {
                    return nil
                }
                let own = Self.window(window, scale: scale)
                let samples = run.history.series.samples(from: own.lowerBound, through: own.upperBound)
                return DrawnSeries(samples, source, window: own, columns: Self.rangeColumns, smoothing: smoothing)
                    .typicalRange
            }
        }
        // The ranges must not depend on the size of the screen, so they come from columns of their own.
        func range(
            _ source: DrawnSeries.Source, _ validation: (Evaluation) -> Double?, _ previous: ClosedRange<Double>?
        ) -> ClosedRange<Double>? {
            func typical(_ samples: Slice<SampleRing>) -> ClosedRange<Double>? {
                DrawnSeries(samples, source, window: window, columns: Self.rangeColumns, smoothing: smoothing)
                    .typicalRange
            }
            guard var values = typical(samples) ?? beside.lazy.compactMap(typical).first else { return previous }
            // Validation after the start, but not where it is running away.
            let start = window.lowerBound + (window.upperBound - window.lowerBound) / 20
            for evaluation in state.history.evaluations.elements
            where evaluation.step > start && evaluation.step <= window.upperBound {
                guard let value = validation(evaluation), value.isFinite, value <= 2 * values.upperBound else {
                    continue
                }
                values = min(values.lowerBound, value)...max(values.upperBound, value)
            }
            for other in overlaid(source) where other.upperBound <= 2 * values.upperBound {
                values = min(values.lowerBound, other.lowerBound)...max(values.upperBound, other.upperBound)
            }
            // Room for those that train beside the run, but not for one that is running away.
            for other in beside.compactMap(typical) where other.upperBound <= 2 * values.upperBound {
                values = min(values.lowerBound, other.lowerBound)...max(values.upperBound, other.upperBound)
            }
            if axis == .fromZero { values = min(0, values.lowerBound)...max(0, values.upperBound) }
            let fresh = NiceAxis.steadyRange(containing: values, previous: nil, scale: scale)
            // A linear frame that is mostly empty is given up sooner than the axis would.
            let isRoomy = previous.map { $0.length > 1.4 * fresh.length } ?? true
            if scale == .linear, isRoomy { return fresh }
            return NiceAxis.steadyRange(containing: values, previous: previous, scale: scale)
        }
        for source in state.chartSources.prefix(Layout.Place.charts.count) {
            ranges[source] = range(source, { source.value(of: $0) }, ranges[source])
        }
    }

    /// Lets the next ranges be new ones.
    mutating func forgetRanges() { ranges = [:] }

    /// Enough to tell rare outliers from the rest.
    private static let rangeColumns = 256

    /// The steps to draw: never empty.
    func window(step: Int, totalSteps: Int, stepsPerEpoch: Int) -> ClosedRange<Int> {
        if let zoom { return zoom }
        return switch span {
        case .wholeRun: 1...max(2, step, horizon(step: step, totalSteps: totalSteps, stepsPerEpoch: stepsPerEpoch))
        case .soFar: 1...max(2, step)
        case .lastEpoch: max(1, step - max(1, stepsPerEpoch) + 1)...max(2, step)
        }
    }
}

extension ChartView {
    /// The epochs that are always in sight.
    private static let epochsInSight = 5

    /// Where a chart of the whole run ends: at the last step planned, halved while the run would still fill no more
    /// than half of what is left.
    private func horizon(step: Int, totalSteps: Int, stepsPerEpoch: Int) -> Int {
        // Where nobody knows the end, the frame stands still until the curve has come to its edge.
        if totalSteps == 0, step > 0 {
            var end = 128
            while end < step, end < .max / 2 { end *= 2 }
            return end
        }
        guard stepsPerEpoch > 0 else { return totalSteps }
        var end = totalSteps
        let (inSight, isHuge) = stepsPerEpoch.multipliedReportingOverflow(by: Self.epochsInSight)
        let least = max(step, isHuge ? totalSteps : inSight / 2, 1)
        while end / 4 >= least { end /= 2 }
        return end
    }
}

extension ChartView {
    /// The fewest steps that are looked at.
    static let fewestSteps = 8

    /// Looks twice as closely at what is around a step, or half as closely, which at last shows all of the span again. The
    /// step keeps its place on the screen.
    mutating func zoom(closer: Bool, around step: Int, of whole: ClosedRange<Int>, from window: ClosedRange<Int>) {
        let length = Double(window.count)
        let next = closer ? max(Double(Self.fewestSteps), (length / 2).rounded()) : length * 2
        guard next < Double(whole.count) else {
            zoom = nil
            return
        }
        let place = (Double(step) - Double(window.lowerBound)) / max(1, length - 1)
        look(at: Int((Double(step) - place * (next - 1)).rounded()), steps: Int(next), of: whole)
    }

    /// Moves the closer look so that a step is in sight.
    mutating func follow(step: Int, of whole: ClosedRange<Int>) {
        guard let zoom, !zoom.contains(step) else { return }
        look(at: step < zoom.lowerBound ? step : step - zoom.count + 1, steps: zoom.count, of: whole)
    }

    private mutating func look(at first: Int, steps count: Int, of whole: ClosedRange<Int>) {
        let start = min(max(whole.lowerBound, first), max(whole.lowerBound, whole.upperBound - count + 1))
        zoom = start...min(start + count - 1, whole.upperBound)
    }
}

extension DrawnSeries.Source {
    /// What of an evaluation belongs to it.
    func value(of evaluation: Evaluation) -> Double? {
        switch self {
        case .loss: evaluation.loss
        case .metric(let index): evaluation.metrics.indices.contains(index) ? evaluation.metrics[index] : nil
        }
    }
}

extension DashboardState {
    /// What the charts show, the first one's first: the loss and every metric, by turns.
    var chartSources: [DrawnSeries.Source] {
        let all = [DrawnSeries.Source.loss] + description.metrics.indices.map { .metric($0) }
        let first = view.chart.first % all.count
        return Array(all[first...] + all[..<first])
    }

    /// The name of a series, whole or short.
    func name(of source: DrawnSeries.Source, short: Bool = false) -> String {
        guard case .metric(let index) = source, description.metrics.indices.contains(index) else { return "loss" }
        let name = description.metrics[index].name
        return short ? MetricsPane.shortened(name) : name
    }
}

extension ClosedRange<Double> {
    fileprivate var length: Double { upperBound - lowerBound }
}

extension CaseIterable where Self: Equatable {
    /// The next case, the first one after the last.
    var next: Self {
        let all = Array(Self.allCases)
        let index = all.firstIndex(of: self) ?? 0
        return all[(index + 1) % all.count]
    }
}
