import Canvas
import Dashboard
import RunModel
import TrainProtocol

/// A chart of a report: the smoothed steps over the band of most of them, validation with its best, edits as numbered
/// lines. Its colours are the page's.
struct ReportChart {
    private let title: String
    private let curve: [Point]
    private let band: [(x: Double, low: Double, high: Double)]
    private let validation: [Point]
    private let best: Point?
    private let edits: [Edit]
    /// The last step.
    private let end: Double
    /// The values that the curve is about.
    private let typical: ClosedRange<Double>

    private struct Point { var x, y: Double }

    private static let (width, height) = (960.0, 360.0)
    private static let (left, right, top, bottom) = (64.0, 16.0, 18.0, 34.0)
    /// Columns of the curve: one for two pixels of an ordinary screen.
    private static let columns = 440

    /// - Parameter metric: which metric, nil for the loss.
    init(_ run: ReportedRun, metric: Int?) {
        title = metric.map { run.model.description.metrics[$0].name } ?? "loss"
        let history = run.model.history
        let end = max(2, history.series.lastStep ?? 2)
        let series = DrawnSeries(
            history.series.samples(from: 1, through: end), metric.map { .metric($0) } ?? .loss, window: 1...end,
            columns: Self.columns, smoothing: 0.9)
        let width = Double(end) / Double(Self.columns)
        let columns = series.columns.enumerated().compactMap { index, column in
            column.map { (x: (Double(index) + 0.5) * width, column: $0) }
        }
        self.end = Double(end)
        typical = series.typicalRange ?? 0...1
        curve = columns.map { Point(x: $0.x, y: $0.column.average) }
        band = columns.map { ($0.x, $0.column.middle.lowerBound, $0.column.middle.upperBound) }
        func value(_ evaluation: Evaluation) -> Double? {
            guard let metric else { return evaluation.loss }
            return evaluation.metrics.indices.contains(metric) ? evaluation.metrics[metric] : nil
        }
        validation = history.evaluations.elements.compactMap { evaluation in
            value(evaluation).map { Point(x: Double(evaluation.step), y: $0) }
        }
        best = history.bestEvaluation.flatMap { best in value(best).map { Point(x: Double(best.step), y: $0) } }
        edits = run.model.edits
    }

    /// Whether there is nothing to draw.
    var isEmpty: Bool { curve.isEmpty }

    /// The chart as an element of a page.
    var svg: String {
        let range = NiceAxis.steadyRange(containing: typical, previous: nil)
        func x(_ step: Double) -> Double {
            Self.left + (Self.width - Self.left - Self.right) * min(max(0, step / end), 1)
        }
        func y(_ value: Double) -> Double {
            let place = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
            return Self.height - Self.bottom - (Self.height - Self.top - Self.bottom) * min(max(0, place), 1)
        }
        func text(_ x: Double, _ y: Double, _ words: SafeText, _ anchor: String) -> String {
            "<text x=\"\(round(x))\" y=\"\(round(y))\" text-anchor=\"\(anchor)\">\(escaped(words.description))</text>"
        }
        func path(_ points: [(Double, Double)]) -> String {
            points.enumerated().map { "\($0 == 0 ? "M" : "L")\(round($1.0)) \(round($1.1))" }.joined()
        }
        let (floor, ceiling) = (Self.height - Self.bottom, Self.top)
        var parts: [String] = []
        let axis = NiceAxis(range: range, maximumTicks: 7)
        for tick in axis.ticks {
            parts.append("<path class=\"grid\" d=\"M\(Self.left) \(round(y(tick)))H\(Self.width - Self.right)\"/>")
            parts.append(text(Self.left - 8, y(tick) + 4, axis.label(for: tick), "end"))
        }
        let steps = NiceAxis(range: 0...end, maximumTicks: 8, wholeNumbers: true)
        for tick in steps.ticks { parts.append(text(x(tick), floor + 18, steps.label(for: tick), "middle")) }
        let upper = band.map { (x($0.x), y($0.high)) }
        let lower = band.reversed().map { (x($0.x), y($0.low)) }
        if !band.isEmpty { parts.append("<path class=\"band\" d=\"\(path(upper + lower))Z\"/>") }
        for edit in edits {
            let place = x(Double(edit.step))
            parts.append("<path class=\"edit\" d=\"M\(round(place)) \(ceiling)V\(floor)\"/>")
            parts.append(
                "<text class=\"flag\" x=\"\(round(place))\" y=\"\(ceiling - 5)\" text-anchor=\"middle\">\(edit.number)</text>"
            )
        }
        parts.append("<path class=\"curve\" d=\"\(path(curve.map { (x($0.x), y($0.y)) }))\"/>")
        if !validation.isEmpty {
            parts.append("<path class=\"validation\" d=\"\(path(validation.map { (x($0.x), y($0.y)) }))\"/>")
        }
        if let best {
            parts.append("<circle class=\"best\" cx=\"\(round(x(best.x)))\" cy=\"\(round(y(best.y)))\" r=\"4\"/>")
        }
        return """
            <svg role="img" aria-label="\(escaped(title)) by steps" viewBox="0 0 \(Int(Self.width)) \(Int(Self.height))">
            \(parts.joined(separator: "\n"))
            </svg>
            """
    }

    /// A tenth of a pixel is more than can be seen.
    private func round(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}

/// Text as it stands in a page.
func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
        .replacing("\"", with: "&quot;")
}
