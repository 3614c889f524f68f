import Canvas
import RunModel
import TrainProtocol

/// What the loss chart says at its cursor: "@700  loss 0.9755  mae 0.6238  lr 0.01", with every
/// metric of the run.
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
        let metrics = state.description.metrics.enumerated().map { index, metric in
            let name = metric.name
            let short = name.split(separator: "_").compactMap(\.first).map(String.init).joined()
            let mean = sample.flatMap { $0.metrics.indices.contains(index) ? $0.metrics[index].mean : nil }
            return "\(name.count > 12 ? short : name) \(NumberFormat.metric(mean))"
        }
        // Where there is no room for all of it the last metrics go first.
        let kept = (0...metrics.count).reversed().map { [step, loss] + metrics.prefix($0) + [rate] }
        let choices = (kept + [[step, loss]]).map { $0.compactMap(\.self).joined(separator: "  ") }
        return choices.first { glyphs.width(of: $0) <= room } ?? step
    }

    private static func text(_ rate: Double) -> String { NumberFormat.shortest(rate.tidied()).description }
}
