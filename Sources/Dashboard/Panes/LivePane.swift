import Canvas
import TrainEngine

/// The loss of the last steps, each a column, and where it stands.
struct LivePane: Pane {
    let place = Layout.Place.live

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState, face: Face) {
        let columns = max(0, rect.width - 4)
        let shown = Array(state.recent.losses.suffix(columns))
        let finite = shown.filter(\.isFinite)
        let title =
            shown.isEmpty ? "live loss" : "live loss, last \(shown.count) \(shown.count == 1 ? "step" : "steps")"
        var facts: [String] = []
        if let low = finite.min(), let high = finite.max() {
            facts.append("\(Reading.text(Double(low), face: face)) to \(Reading.text(Double(high), face: face))")
        }
        if let rate = state.progress?.stepsPerSecond {
            facts.append("\(NumberFormat.compact(rate, face: face)) steps/s")
        }
        let inside = box(
            rect, title: title, facts: facts, on: &frame, state: state, face: face)
        guard !shown.isEmpty else {
            frame.put(state.waitingWords, x: inside.x, y: inside.y, role: .dim, face: face, in: inside)
            return
        }
        var area = inside
        if area.height >= 2 { drawNumbers(shown, in: area.removeBottom(1), on: &frame, state: state, face: face) }
        let low = Double(finite.min() ?? 0)
        frame.sparkline(shown, in: area, range: low...Double(finite.max() ?? 0), role: .curve, face: face)
    }

    private func drawNumbers(
        _ shown: [Float], in row: Rect, on frame: inout Frame, state: DashboardState, face: Face
    ) {
        let finite = shown.filter(\.isFinite).map(Double.init)
        let mean = finite.isEmpty ? nil : finite.reduce(0, +) / Double(finite.count)
        let now = shown.last.map(Double.init)
        var groups: [[Piece]] = [
            [Piece("now ", .dim), Piece(Reading.text(now, width: 7, face: face), .accent)],
            [Piece("mean ", .dim), Piece(Reading.text(mean, width: 7, face: face), .strong)],
        ]
        if let best = state.history.bestLoss {
            let value = Reading.text(Double(best.value), width: 7, face: face)
            let at = " @\(best.isExact ? "" : "≤")\(best.step)"
            groups.append([Piece("best ", .dim), Piece(value, .good), Piece(at, .dim)])
        }
        frame.put(groups: groups, in: row, face: face)
    }
}

extension DashboardState {
    /// What a picture without data says.
    var waitingWords: String {
        switch runState {
        case .paused: "paused before the first step; space starts"
        case .stopped, .done: "there was no step"
        default: "waiting for the first step"
        }
    }
}

extension Frame {
    /// Writes groups of pieces into a row, three columns apart; a group that does not fit, and all behind it, are left
    /// out rather than cut, but for the first.
    mutating func put(groups: [[Piece]], in row: Rect, face: Face) {
        var x = row.x
        for (index, group) in groups.enumerated() where !group.isEmpty {
            guard index == 0 || x + group.width(face) <= row.maxX else { return }
            x = put(group, x: x, y: row.y, face: face, in: row) + 3
        }
    }
}
