import Canvas
import TrainEngine

/// The loss of the run: every step as a dim band, the moving average through it, validation, and the edits.
struct LossPane: Pane {
    let place = Layout.Place.loss

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState, face: Face) {
        let title = state.chart.isLogarithmic ? "loss, logarithmic" : "loss"
        let facts = state.chart.cursor == nil ? legend(state) : [readout(state, face: face)]
        let inside = box(rect, title: title, facts: facts, on: &frame, state: state, face: face)
        let chart = Chart(
            source: .loss, curve: .curve, range: state.chart.lossRange,
            validation: state.history.evaluations.elements.map { Plot.Point(x: Double($0.step), y: $0.loss) },
            isLabelled: true)
        chart.draw(in: inside, on: &frame, state: state, face: face)
    }

    /// What the marks mean.
    private func legend(_ state: DashboardState) -> [String] {
        var parts = ["raw", state.chart.averageName]
        parts.append(state.run.validationRows > 0 ? "◆ validation" : "no validation")
        if state.chart.span != .wholeRun { parts.insert(state.chart.span.rawValue, at: 0) }
        return parts
    }

    /// What the chart says at the cursor.
    private func readout(_ state: DashboardState, face: Face) -> String {
        guard let cursor = state.chart.cursor else { return "" }
        let half = max(0, (state.window.upperBound - state.window.lowerBound) / 200)
        let fold = state.history.series.loss(from: cursor - half, through: cursor + half)
        let isKnown = fold.mean != nil
        let low = Reading.text(isKnown ? Double(fold.min) : nil, face: face)
        let high = Reading.text(isKnown ? Double(fold.max) : nil, face: face)
        return "@\(cursor)  mean \(Reading.text(fold.mean, face: face))  \(low) to \(high)"
    }
}

/// The first metric of the run, drawn as the loss is.
struct MetricChartPane: Pane {
    let place = Layout.Place.metricChart

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState, face: Face) {
        let inside = box(
            rect, title: state.run.metrics.first ?? "", facts: ["raw  \(state.chart.averageName)"], on: &frame,
            state: state, face: face)
        let validation = state.history.evaluations.elements.compactMap { evaluation in
            evaluation.metrics.first.map { Plot.Point(x: Double(evaluation.step), y: $0) }
        }
        let chart = Chart(
            source: .metric, curve: .metric, range: state.chart.metricRange, validation: validation, isLabelled: false)
        chart.draw(in: inside, on: &frame, state: state, face: face)
    }
}

extension ChartView {
    /// What the bright line is.
    var averageName: String { smoothing == 0 ? "mean" : "ema \(NumberFormat.shortest(smoothing))" }
}

/// What the charts have in common: from the history to a plot.
private struct Chart {
    /// Which series.
    let source: DrawnSeries.Source
    /// What the moving average means.
    let curve: Role
    /// The y axis, nil while there is nothing to show.
    let range: ClosedRange<Double>?
    /// The validation points.
    let validation: [Plot.Point]
    /// Whether edits are named and not only marked.
    let isLabelled: Bool

    /// Markers beyond this many would be a hedge; the latest are drawn.
    private static let mostMarkers = 32

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState, face: Face) {
        guard let range else {
            let text = face.text(state.waitingWords).truncated(to: rect.width, ellipsis: face.ellipsis)
            let spot = rect.centered(Size(width: text.width, height: 1))
            frame.write(text, x: spot.x, y: spot.y, role: .dim, in: rect)
            return
        }
        let window = state.window
        let start = Double(window.lowerBound - 1)
        let end = Double(window.upperBound)
        var plot = Plot(
            xRange: start...end, yRange: range, scale: state.chart.scale,
            placeholder: face.text(state.waitingWords), face: face)
        let count = max(1, (rect.width - 7) * (face == .ascii ? 1 : 2))
        let stretches = state.history.series.stretches(from: window.lowerBound, through: window.upperBound)
        let series = DrawnSeries(stretches, source, window: window, columns: count, smoothing: state.chart.smoothing)
        let width = (end - start) / Double(count)
        plot.layers = layers(series, start: start, width: width, state: state)
        plot.markers = markers(state, face: face)
        if state.chart.unit == .epoch { plot.xTicks = epochTicks(state, columns: rect.width) }
        if let cursor = state.chart.cursor {
            let column = Int((Double(cursor) - start - 0.5) / width)
            let average = series.columns.indices.contains(column) ? series.columns[column]?.average : nil
            plot.cursor = Plot.Cursor(x: Double(cursor), y: average)
        }
        plot.draw(in: rect, on: &frame)
    }

    private func layers(
        _ series: DrawnSeries, start: Double, width: Double, state: DashboardState
    ) -> [Plot.Layer] {
        let band = series.columns.enumerated().compactMap { index, column in
            column.map {
                let x = start + Double(index) * width
                return Plot.Span(x0: x, x1: x + width, min: $0.low, max: $0.high)
            }
        }
        let line = series.columns.enumerated().compactMap { index, column in
            column.map { Plot.Point(x: start + (Double(index) + 0.5) * width, y: $0.average) }
        }
        guard !band.isEmpty else { return [] }
        return [.band(band), .line(line, role: curve), .points(validation)]
    }

    private func markers(_ state: DashboardState, face: Face) -> [Plot.Marker] {
        let window = state.window
        let way = state.history.way
        let edits = state.ledger.appliedEdits.filter { edit, step in
            window.contains(step) && way.holds(edit: edit.number, on: edit.branch, at: step)
        }
        var markers = edits.suffix(Self.mostMarkers).map { edit, step in
            let knob = state.knob(named: edit.name)
            let values = state.words(of: edit.name, from: edit.old, to: edit.new, over: edit.over).values
            let label = isLabelled ? "\(knob?.shortTitle ?? edit.name) \(values.replacing(" → ", with: "→"))" : ""
            return Plot.Marker(x: Double(step), label: face.text(label))
        }
        if case .diverged(let step, _)? = state.runState {
            markers.append(Plot.Marker(x: Double(step), label: face.text(isLabelled ? "diverged" : ""), role: .bad))
        }
        return markers
    }

    /// Ticks at the ends of epochs: every one, every second, fifth, tenth, ... as there is room.
    private func epochTicks(_ state: DashboardState, columns: Int) -> [Plot.Tick] {
        guard let progress = state.progress, progress.stepsPerEpoch > 0 else { return [] }
        let most = max(2, columns / 8)
        var stride = 1
        for factor in [2, 5, 10, 20, 50, 100, 1_000, 10_000, 100_000, 1_000_000]
        where progress.epochs / stride > most {
            stride = factor
        }
        let ended = Double(progress.step) - Double(progress.stepInEpoch)
        let past = state.history.epochs.elements.filter { $0.epoch < progress.epoch }.map {
            ($0.epoch, Double($0.step))
        }
        // Epochs to come are as long as this one; no more of them than can be labelled are looked at.
        let first = progress.epoch + (stride - progress.epoch % stride) % stride
        let coming = Swift.stride(from: first, through: progress.epochs, by: stride).prefix(2 * most).map { epoch in
            (epoch, ended + Double(epoch - progress.epoch + 1) * Double(progress.stepsPerEpoch))
        }
        let shown = Double(state.window.lowerBound)...Double(state.window.upperBound)
        return (past + coming).filter { $0.0 % stride == 0 && shown.contains($0.1) }
            .map { Plot.Tick(x: $0.1, label: SafeText(String($0.0))) }
    }
}
