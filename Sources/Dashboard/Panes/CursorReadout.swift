import Canvas
import RunModel
import TrainProtocol

/// What the loss chart says at its cursor: "@700  loss 0.9755  mae 0.6238  lr 0.01".
enum CursorReadout {
    /// The words, as many of them as fit; nil where there is no cursor.
    static func text(_ state: DashboardState, within room: Int, _ glyphs: GlyphSet) -> String? {
        guard let cursor = state.view.chart.cursor else { return nil }
        let sample = state.history.series.samples(from: cursor, through: cursor).first
        let steps = sample?.loss.count ?? 1
        // What is kept of the distant past are means over some steps.
        let loss = "loss \(NumberFormat.metric(sample?.loss.mean))" + (steps > 1 ? " of \(steps) steps" : "")
        let step = "@\(cursor)"
        let rate = sample?.learningRate.map { "lr \(text(Double($0)))" }
        let metric = state.description.metrics.first.map { metric in
            let name = metric.name
            let short = name.split(separator: "_").compactMap(\.first).map(String.init).joined()
            return "\(name.count > 12 ? short : name) \(NumberFormat.metric(sample?.metrics.first?.mean))"
        }
        let choices = [[step, loss, metric, rate], [step, loss, rate], [step, loss]].map { parts in
            parts.compactMap { $0 }.joined(separator: "  ")
        }
        return choices.first { glyphs.width(of: $0) <= room } ?? step
    }

    private static func text(_ rate: Double) -> String { NumberFormat.shortest(rate.tidied()).description }
}
