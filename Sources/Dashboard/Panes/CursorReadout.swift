import Canvas
import TrainEngine

/// What the loss chart says at its cursor: "@700  loss 0.9755  mae 0.6238  lr 0.01".
enum CursorReadout {
    /// The words, as many of them as fit; nil where there is no cursor.
    static func text(_ state: DashboardState, within room: Int, face: Face) -> String? {
        guard let cursor = state.chart.cursor else { return nil }
        let stretch = state.history.series.stretches(from: cursor, through: cursor).first
        let steps = stretch?.loss.count ?? 1
        // What is kept of the distant past are means over some steps.
        let loss = "loss \(Reading.text(stretch?.loss.mean, face: face))" + (steps > 1 ? " of \(steps) steps" : "")
        let step = "@\(cursor)"
        let rate = state.learningRate(at: cursor).map { "lr \(state.schedule.isSeen ? "≈" : "")\(text($0))" }
        let metric = state.run.metrics.first.map { name in
            let short = name.split(separator: "_").compactMap(\.first).map(String.init).joined()
            return "\(name.count > 12 ? short : name) \(Reading.text(stretch?.metric.mean, face: face))"
        }
        let choices = [[step, loss, metric, rate], [step, loss, rate], [step, loss]].map { parts in
            parts.compactMap { $0 }.joined(separator: "  ")
        }
        return choices.first { face.text($0).width <= room } ?? step
    }

    private static func text(_ rate: Double) -> String { NumberFormat.shortest(rate.tidied()).description }
}

extension DashboardState {
    /// The learning rate that a step of the way taken was made with, as far as the edits and the schedule seen tell.
    func learningRate(at step: Int) -> Double? {
        let name = "learning_rate"
        let edits = ledger.appliedEdits.filter { edit, at in
            edit.name == name && history.way.holds(edit: edit.number, on: edit.branch, at: at)
        }
        let base: Double?
        if let (edit, at) = edits.last(where: { $0.step < step }) {
            let ramp = Ramp(old: edit.old, new: edit.new, step: at, over: edit.over)
            base = ramp?.value(at: step) ?? edit.new
        } else {
            base = edits.first?.edit.old ?? knobs.first { $0.name == name }?.value
        }
        return base.map { $0 * schedule.factor(at: step) }
    }
}
