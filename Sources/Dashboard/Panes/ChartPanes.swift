import Canvas
import RunModel
import TrainProtocol

/// The loss of the run: every step as a dim band, the moving average through it, validation, and the edits.
struct LossPane: Pane {
    let place = Layout.Place.loss

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState) {
        let title = state.view.chart.isLogarithmic ? "loss, logarithmic" : "loss"
        let room = rect.width - frame.glyphs.width(of: title) - 10
        let facts = CursorReadout.text(state, within: room, frame.glyphs).map { [$0] } ?? legend(state, frame.glyphs)
        let inside = box(rect, title: title, facts: facts, on: &frame, state: state)
        let chart = Chart(
            source: .loss, curve: .curve, range: state.view.chart.lossRange, validation: \.loss, isLabelled: true)
        chart.draw(in: inside, on: &frame, state: state)
    }

    /// What the marks mean.
    private func legend(_ state: DashboardState, _ glyphs: GlyphSet) -> [String] {
        var parts = ["raw", state.view.chart.averageName]
        parts.append(state.description.isValidated ? "◆ validation" : "no validation")
        if let twin = state.twin { parts.insert("\(glyphs == .ascii ? "+" : "╌") without edit \(twin.edit)", at: 0) }
        if state.view.chart.span != .wholeRun { parts.insert(state.view.chart.span.rawValue, at: 0) }
        return parts
    }
}

/// The first metric of the run, drawn as the loss is.
struct MetricChartPane: Pane {
    let place = Layout.Place.metricChart

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState) {
        let inside = box(
            rect, title: state.description.metrics.first?.name ?? "", facts: ["raw  \(state.view.chart.averageName)"],
            on: &frame,
            state: state)
        let chart = Chart(
            source: .metric(0), curve: .metric, range: state.view.chart.metricRange, validation: \.metrics.first,
            isLabelled: false)
        chart.draw(in: inside, on: &frame, state: state)
    }
}

extension ChartView {
    /// What the bright line is.
    var averageName: String { smoothing == 0 ? "mean" : "ema \(NumberFormat.shortest(smoothing))" }
}
