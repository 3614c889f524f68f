import Canvas
import RunModel
import TrainProtocol

/// What the selected hyperparameter was at each step, and the loss under it on the same axis: what a zoomed list of
/// hyperparameters has room for.
///
/// ```
///  learning rate                      0.01 at first, 2 edits
///   0.01┤⠤⠤⠤⠤⠤⠤⠤⠤⢤
///  0.005┤        ⠘⠒⠒⠒⠒⠒
/// ```
struct ValuePicture {
    let control: Control

    /// Rows that it needs.
    static let leastHeight = 7
    /// Rows from which on the loss has room, too.
    private static let heightWithLoss = 20

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState) {
        var rows = rect
        let isWithLoss = rows.height >= Self.heightWithLoss
        var upper = rows.removeTop(isWithLoss ? max(Self.leastHeight, rows.height / 3) : rows.height)
        drawHead(in: upper.removeTop(1), on: &frame, state: state)
        if control.value.number == nil {
            drawChanges(in: upper, on: &frame, state: state)
        } else {
            drawCurve(in: upper, on: &frame, state: state)
        }
        guard isWithLoss else { return }
        _ = rows.removeTop(1)
        frame.put("loss", role: .title, in: rows.removeTop(1))
        Chart(source: .loss, curve: .curve, range: state.view.chart.ranges[.loss], isFirst: false)
            .draw(in: rows, on: &frame, state: state)
    }

    /// The edits of it that led to where the run is.
    private func edits(_ state: DashboardState) -> [Edit] { state.run.edits.filter { $0.name == control.name } }

    private func drawHead(in row: Rect, on frame: inout Frame, state: DashboardState) {
        let edits = edits(state)
        let first = control.textWithUnit(edits.first?.old ?? control.value)
        let words = edits.isEmpty ? "no edit" : "\(first) at first, \(TableOverlay.count(edits.count, "edit"))"
        let x = frame.put(control.title, role: .title, in: row)
        let width = frame.glyphs.width(of: words)
        if x + 2 + width <= row.maxX { frame.put(words, x: row.maxX - width, role: .dim, in: row) }
    }

    /// A choice or a flag has no curve: its changes, the latest last.
    private func drawChanges(in rect: Rect, on frame: inout Frame, state: DashboardState) {
        var rows = rect
        for edit in edits(state).suffix(rect.height) {
            let step = SafeText("@\(edit.step)").padded(to: 9).description
            let change = StyledText(control.text(from: edit.old, to: edit.new), .edit)
            frame.put([StyledText(step + "  ", .dim), change], in: rows.removeTop(1))
        }
    }

    private func drawCurve(in rect: Rect, on frame: inout Frame, state: DashboardState) {
        let window = state.window
        let values = points(state)
        let finite = values.map(\.y).filter(\.isFinite)
        guard let low = finite.min(), let high = finite.max() else { return }
        // What is halved and doubled is compared by its ratios.
        let scale: NiceAxis.Scale = low > 0 && high >= 20 * low ? .logarithmic : .linear
        var plot = Plot(
            xRange: Double(window.lowerBound - 1)...Double(window.upperBound),
            yRange: NiceAxis.steadyRange(containing: low...high, previous: nil, scale: scale), scale: scale)
        plot.layers = [.line(values, role: .metric)]
        plot.markers = edits(state).filter { window.contains($0.step) }.suffix(32).map { edit in
            Plot.Marker(x: Double(edit.step), flag: SafeText("\(edit.number)"))
        }
        plot.draw(in: rect, on: &frame)
    }

    /// The value along the run: of a learning rate what the trainer used, which a schedule moves, too; of others what the
    /// edits say.
    private func points(_ state: DashboardState) -> [Plot.Point] {
        let window = state.window
        if control.hyperparameter.role == .learningRate {
            let used = state.history.series.samples(from: window.lowerBound, through: window.upperBound)
                .compactMap { sample in
                    sample.learningRate.map { Plot.Point(x: Double(sample.lastStep), y: Double($0)) }
                }
            if !used.isEmpty { return Self.steps(used, from: Double(window.lowerBound - 1)) }
        }
        let edits = edits(state)
        guard let last = control.value.number, let first = edits.first.map(\.old.number) ?? last else { return [] }
        var points = [Plot.Point(x: Double(window.lowerBound - 1), y: first)]
        // A ramp ends where the next edit begins, and goes no farther than the run is.
        let present = max(state.step, edits.last?.step ?? 0)
        let ends = edits.dropFirst().map { ($0.step, $0.old.number) } + [(present, last)]
        for (edit, (next, value)) in zip(edits, ends) {
            guard let old = edit.old.number, let new = edit.new.number else { continue }
            let isComplete = edit.over <= next - edit.step
            points.append(Plot.Point(x: Double(edit.step), y: old))
            points.append(
                Plot.Point(
                    x: Double(isComplete ? edit.step + edit.over : next), y: isComplete ? new : value ?? new))
        }
        return points + [Plot.Point(x: Double(present), y: last)]
    }

    /// Each value holds since the one before it.
    private static func steps(_ points: [Plot.Point], from start: Double) -> [Plot.Point] {
        var x = start
        return points.flatMap { point in
            defer { x = point.x }
            return [Plot.Point(x: x, y: point.y), point]
        }
    }
}
