import Canvas
import RunModel
import TrainProtocol

/// The loss of the run: every step as a dim band, the moving average through it, validation, and the edits.
struct LossPane: Pane {
    let place = Layout.Place.loss

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState) {
        let title = state.view.chart.isLogarithmic ? "loss, logarithmic" : "loss"
        let room = rect.width - frame.glyphs.width(of: title) - 10
        let readout = CursorReadout.text(state, within: room, frame.glyphs).map { [[StyledText($0, .dim)]] }
        let facts = readout ?? legend(state, frame.glyphs)
        let inside = box(rect, title: title, facts: facts, on: &frame, state: state)
        Self.chart(state).draw(in: inside, on: &frame, state: state)
    }

    /// A click puts the cursor there.
    func take(_ mouse: MouseEvent, in rect: Rect, state: inout DashboardState) -> [Effect] {
        guard let step = Self.chart(state).step(atColumn: mouse.x, in: inside(rect), state: state) else { return [] }
        if mouse.action == .press { state.putCursor(step) }
        return []
    }

    private static func chart(_ state: DashboardState) -> Chart {
        Chart(
            source: .loss, curve: .curve, range: state.view.chart.lossRange, validation: \.loss,
            best: \.bestEvaluation, isLabelled: true)
    }

    /// What the marks mean; what can be guessed comes first, for it goes first.
    private func legend(_ state: DashboardState, _ glyphs: GlyphSet) -> [[StyledText]] {
        var parts: [[StyledText]] = []
        func add(_ mark: String, _ role: Role, _ words: String) {
            parts.append([StyledText(mark + " ", role), StyledText(words, .dim)])
        }
        if state.view.chart.span != .wholeRun { parts.append([StyledText(state.view.chart.span.rawValue, .dim)]) }
        add("░", .band, "10-90 %")
        add("━", .curve, state.view.chart.averageName)
        if let twin = state.twin { add(glyphs == .ascii ? "+" : "╌", .ghost, "without edit \(twin.edit)") }
        for (place, run) in state.view.overlaid.enumerated() {
            add(String(DashboardState.letter(place)), .ghost, SafeText(run.name).truncated(to: 14).description)
        }
        if state.description.isValidated {
            add("◇", .validation, "validation")
            add("◆", .validation, "best")
        } else {
            parts.append([StyledText("no validation", .dim)])
        }
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
        Self.chart(state).draw(in: inside, on: &frame, state: state)
    }

    /// A click puts the cursor there.
    func take(_ mouse: MouseEvent, in rect: Rect, state: inout DashboardState) -> [Effect] {
        guard let step = Self.chart(state).step(atColumn: mouse.x, in: inside(rect), state: state) else { return [] }
        if mouse.action == .press { state.putCursor(step) }
        return []
    }

    private static func chart(_ state: DashboardState) -> Chart {
        Chart(
            source: .metric(0), curve: .metric, range: state.view.chart.metricRange, validation: \.metrics.first,
            best: { history in
                history.evaluations.elements.last { $0.metrics.first == history.bestMetrics.first }
            }, isLabelled: false)
    }
}

extension ChartView {
    /// What the bright line is.
    var averageName: String { smoothing == 0 ? "mean" : "ema \(NumberFormat.shortest(smoothing))" }
}
