import Canvas
import TrainEngine

/// The loss of the run: every step as a dim band, the moving average through it, validation, and the edits.
struct LossPane: Pane {
    let place = Layout.Place.loss

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState, face: Face) {
        let title = state.chart.isLogarithmic ? "loss, logarithmic" : "loss"
        let room = rect.width - face.text(title).width - 10
        let facts = CursorReadout.text(state, within: room, face: face).map { [$0] } ?? legend(state, face: face)
        let inside = box(rect, title: title, facts: facts, on: &frame, state: state, face: face)
        let chart = Chart(
            source: .loss, curve: .curve, range: state.chart.lossRange, validation: \.loss, isLabelled: true)
        chart.draw(in: inside, on: &frame, state: state, face: face)
    }

    /// What the marks mean.
    private func legend(_ state: DashboardState, face: Face) -> [String] {
        var parts = ["raw", state.chart.averageName]
        parts.append(state.run.validationRows > 0 ? "◆ validation" : "no validation")
        if let twin = state.twin { parts.insert("\(face == .ascii ? "+" : "╌") without edit \(twin.edit)", at: 0) }
        if state.chart.span != .wholeRun { parts.insert(state.chart.span.rawValue, at: 0) }
        return parts
    }
}

/// The first metric of the run, drawn as the loss is.
struct MetricChartPane: Pane {
    let place = Layout.Place.metricChart

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState, face: Face) {
        let inside = box(
            rect, title: state.run.metrics.first ?? "", facts: ["raw  \(state.chart.averageName)"], on: &frame,
            state: state, face: face)
        let chart = Chart(
            source: .metric, curve: .metric, range: state.chart.metricRange, validation: \.metrics.first,
            isLabelled: false)
        chart.draw(in: inside, on: &frame, state: state, face: face)
    }
}

extension ChartView {
    /// What the bright line is.
    var averageName: String { smoothing == 0 ? "mean" : "ema \(NumberFormat.shortest(smoothing))" }
}
