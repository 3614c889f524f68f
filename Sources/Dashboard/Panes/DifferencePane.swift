import Canvas
import RunModel
import TrainProtocol

/// What trains side by side as differences from one of them, which is the zero line, on the same steps as the loss above
/// it; in the title what it comes to.
///
/// ```
/// ╭─ edit 1 helps: train −0.023 ± 0.006 after 1,015 steps ──────────────╮
/// │  0┤╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌⠦⢤⣠╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌  │
/// │   │                            ⠉⠉⠓⠒⠒⠤⠤⠔⠒⠒⠚⠒⠒⠲⠤⠴⠦⠔⠑⠒⠒⠒⠚⠙⠒⠤ run   │
/// ╰─────────────────────────────────────────────────────────────────────╯
/// ```
struct DifferencePane: Pane {
    let place = Layout.Place.difference

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState) {
        guard let comparing = state.comparing else { return }
        guard rect.height >= 3 else {
            let row = rect.inset(horizontally: 1, vertically: 0)
            frame.put(Self.fitting(comparing.headline, in: row.width, frame.glyphs), in: row)
            return
        }
        let headline = Self.fitting(comparing.headline, in: rect.width - 6, frame.glyphs)
        let room = rect.width - frame.glyphs.width(of: headline) - 10
        let facts = Self.facts(comparing, state).filter { frame.glyphs.width(of: $0) <= room }
        let inside = box(rect, title: "", facts: facts.first.map { [$0] } ?? [], on: &frame, state: state)
        var title = Rect(x: rect.x + 1, y: rect.y, width: rect.width - 2, height: 1)
        title.x = frame.put([StyledText("─ ", .border)], in: title)
        frame.put(headline + [StyledText(" ")], in: title)
        plot(comparing, columns: inside.width, state, frame.glyphs).draw(in: inside, on: &frame)
    }

    /// The first that fits; the last one where none does.
    private static func fitting(_ choices: [[StyledText]], in width: Int, _ glyphs: GlyphSet) -> [StyledText] {
        choices.first { glyphs.width(of: $0) <= width } ?? choices.last ?? []
    }

    /// What is drawn, in ever fewer words.
    private static func facts(_ comparing: Comparing, _ state: DashboardState) -> [[StyledText]] {
        let measure = comparing.metric.map { MetricsPane.shortened(state.description.metrics[$0].name) } ?? "loss"
        let zero = [StyledText("0 ", .axis), StyledText(comparing.zero, .dim)]
        let batches = comparing.isPaired ? "on the same batches" : "on other batches"
        return [
            zero + [StyledText("  \(measure) more than it, \(batches)", .dim)],
            zero + [StyledText("  \(measure)", .dim)],
            zero,
        ]
    }

    // MARK: The picture

    private func plot(_ comparing: Comparing, columns: Int, _ state: DashboardState, _ glyphs: GlyphSet) -> Plot {
        let window = state.window
        let (start, end) = (Double(window.lowerBound - 1), Double(window.upperBound))
        let curves = comparing.rivals.compactMap { rival in
            state.history.difference(
                of: rival.branch, from: comparing.control.branch, after: comparing.fork, metric: comparing.metric
            ).map { (rival: rival, curve: DifferenceCurve($0)) }
        }
        var plot = Plot(
            xRange: start...end, yRange: Self.range(curves.map(\.curve)), xTicks: [],
            placeholder: "waiting for the first steps side by side")
        guard !curves.isEmpty else { return plot }
        var zero = comparing.control.stroke
        zero.end = ""
        let ends = [Double(comparing.fork), end].map { Plot.Point(x: $0, y: 0) }
        plot.layers = [.line(ends, role: comparing.control.role, stroke: zero)]
        // One band: more would hide the lines.
        if let last = curves.last { plot.layers.append(.band(last.curve.band(within: plot.yRange))) }
        for (rival, curve) in curves { plot.layers.append(.line(curve.line, role: rival.role, stroke: rival.stroke)) }
        return plot
    }

    /// Room for zero and for the curves, but not for one that is running away.
    private static func range(_ curves: [DifferenceCurve]) -> ClosedRange<Double> {
        let reaches = curves.map { max($0.range.upperBound, -$0.range.lowerBound) }.sorted()
        guard let least = reaches.first else { return -1...1 }
        let limit = 4 * reaches[(reaches.count - 1) / 2]
        var (low, high) = (0.0, 0.0)
        for curve in curves where max(curve.range.upperBound, -curve.range.lowerBound) <= max(least, limit) {
            (low, high) = (min(low, curve.range.lowerBound), max(high, curve.range.upperBound))
        }
        // Zero is inside and not an edge.
        let margin = max(0.2 * (high - low), 1e-9)
        return NiceAxis.steadyRange(containing: min(low, -margin)...max(high, margin), previous: nil)
    }
}
