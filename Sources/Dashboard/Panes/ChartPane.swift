import Canvas
import RunModel
import TrainProtocol

/// The loss of the run or a metric: every step as a quiet band, the moving average through it, validation, and the edits.
/// There is one chart or several, one for each of the loss and the metrics as far as there is room.
struct ChartPane: Pane {
    /// Which of the charts it is, from 0.
    let index: Int

    var place: Layout.Place { Layout.Place.charts[index] }

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState) {
        guard let source = source(state) else { return }
        let title = Self.title(source, in: rect, state, frame.glyphs)
        let room = rect.width - frame.glyphs.width(of: title) - 12
        let readout = index > 0 ? nil : CursorReadout.text(state, within: room, frame.glyphs)
        let facts = readout.map { [[StyledText($0, .dim)]] } ?? legend(source, state, frame.glyphs)
        let inside = box(rect, title: title, facts: facts, on: &frame, state: state)
        chart(source, state).draw(in: inside, on: &frame, state: state)
    }

    /// A click puts the cursor there, the wheel looks more closely at what is under it.
    func take(_ mouse: MouseEvent, in rect: Rect, state: inout DashboardState) -> [Effect] {
        guard let source = source(state), inside(rect).contains(x: mouse.x, y: mouse.y),
            let step = chart(source, state).step(atColumn: mouse.x, in: inside(rect), state: state)
        else { return [] }
        switch mouse.action {
        case .press: state.putCursor(step)
        case .wheelUp: state.zoomChart(closer: true, around: step)
        case .wheelDown: state.zoomChart(closer: false, around: step)
        }
        return []
    }

    /// What it shows, nil where the run has not so many metrics.
    private func source(_ state: DashboardState) -> DrawnSeries.Source? {
        let all = state.chartSources
        return all.indices.contains(index) ? all[index] : nil
    }

    private func chart(_ source: DrawnSeries.Source, _ state: DashboardState) -> Chart {
        Chart(
            source: source, curve: source == .loss ? .curve : .metric, range: state.view.chart.ranges[source],
            isFirst: index == 0)
    }

    /// "loss, from zero"; a metric's short name where the whole one has no room.
    private static func title(
        _ source: DrawnSeries.Source, in rect: Rect, _ state: DashboardState, _ glyphs: GlyphSet
    ) -> String {
        let axis = state.view.chart.axis
        let words = axis == .fitted ? "" : ", \(axis.rawValue)"
        let name = state.name(of: source)
        let isLong = glyphs.width(of: name + words) + 10 > rect.width
        return (isLong ? state.name(of: source, short: true) : name) + words
    }

    /// What the marks mean; what can be guessed comes first, for it goes first.
    private func legend(
        _ source: DrawnSeries.Source, _ state: DashboardState, _ glyphs: GlyphSet
    ) -> [[StyledText]] {
        let chart = state.view.chart
        var parts: [[StyledText]] = []
        func add(_ mark: String, _ role: Role, _ words: String) {
            parts.append([StyledText(mark + " ", role), StyledText(words, .dim)])
        }
        if index == 0 {
            if let zoom = chart.zoom {
                parts.append([StyledText("\(NumberFormat.grouped(zoom.count)) steps", .dim)])
            } else if chart.span != .wholeRun {
                parts.append([StyledText(chart.span.rawValue, .dim)])
            }
        }
        add("░", .band, "10-90 %")
        add("━", source == .loss ? .curve : .metric, chart.averageName)
        guard index == 0 else { return parts }
        if let twin = state.twin { add(glyphs == .ascii ? "+" : "╌", .ghost, "without edit \(twin.edit)") }
        if state.isValidated {
            add("◇", .validation, "validation")
            add("◆", .validation, "best")
        } else {
            parts.append([StyledText("no validation", .dim)])
        }
        for (place, run) in state.view.overlaid.enumerated() {
            let name = SafeText(run.name).truncated(to: 14).description
            add(String(DashboardState.letter(place)), DashboardState.role(place), name)
        }
        return parts
    }
}

extension ChartView {
    /// What the bright line is.
    var averageName: String { smoothing == 0 ? "mean" : "ema \(NumberFormat.shortest(smoothing))" }
}
