import Canvas
import RunModel
import TrainProtocol

/// The loss of the last steps, each a column, and where it stands.
struct LivePane: Pane {
    let place = Layout.Place.live

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState) {
        let columns = max(0, rect.width - 4)
        let shown = state.latestLosses.suffix(columns)
        let finite = shown.filter(\.isFinite)
        let title =
            "live loss" + (state.liveEntrant.map { " of entrant \($0.name)" } ?? "") + Self.span(shown, state)
        var facts: [String] = []
        if let low = finite.min(), let high = finite.max() {
            facts.append("\(NumberFormat.metric(Double(low))) to \(NumberFormat.metric(Double(high)))")
        }
        if let rate = state.progress?.stepsPerSecond {
            facts.append("\(NumberFormat.compact(rate)) steps/s")
        }
        let inside = box(rect, title: title, facts: facts, on: &frame, state: state)
        guard !shown.isEmpty else {
            frame.put(state.waitingWords, role: .dim, in: inside)
            return
        }
        var area = inside
        if area.height >= 2 { drawNumbers(Array(shown), in: area.removeBottom(1), on: &frame, state: state) }
        let low = Double(finite.min() ?? 0)
        frame.sparkline(Array(shown), in: area, range: low...Double(finite.max() ?? 0), role: .curve)
    }

    /// ", last 97 steps"; nothing of branches beside the run, whose steps may have come folded.
    private static func span(_ shown: ArraySlice<Float>, _ state: DashboardState) -> String {
        guard state.liveEntrant == nil, !shown.isEmpty else { return "" }
        return ", last \(shown.count) \(shown.count == 1 ? "step" : "steps")"
    }

    private func drawNumbers(_ shown: [Float], in row: Rect, on frame: inout Frame, state: DashboardState) {
        let finite = shown.filter(\.isFinite).map(Double.init)
        let mean = finite.isEmpty ? nil : finite.reduce(0, +) / Double(finite.count)
        let now = shown.last.map(Double.init)
        var groups: [[StyledText]] = [
            [StyledText("now ", .dim), StyledText(NumberFormat.metric(now, width: 7), .accent)],
            [StyledText("mean ", .dim), StyledText(NumberFormat.metric(mean, width: 7), .strong)],
        ]
        if state.liveEntrant == nil, let best = state.history.bestLoss {
            let value = NumberFormat.metric(Double(best.value), width: 7)
            let at = " @\(best.isExact ? "" : "≤")\(best.step)"
            groups.append([StyledText("best ", .dim), StyledText(value, .strong), StyledText(at, .dim)])
        }
        frame.put(groups: groups, in: row)
    }
}

extension DashboardState {
    /// Whose losses are shown during a race, in which the run itself waits; nil for the run, also where it is the mean of
    /// folds.
    fileprivate var liveEntrant: Standing? { race?.areFolds == false ? selectedEntrant : nil }

    /// The last steps' losses one by one. After going back further than the engine keeps them, they are those that are
    /// still known step by step. During a race they are the selected entrant's, as they came: the run itself waits.
    fileprivate var latestLosses: [Float] {
        if let branch = liveEntrant?.branch, let samples = history.branches[branch]?.samples {
            return samples.suffix(RecentLosses.capacity).compactMap { $0.loss.mean.map(Float.init) }
        }
        guard recent.losses.isEmpty, step > 0 else { return recent.losses }
        let known = history.series.samples(from: max(1, step - RecentLosses.capacity + 1), through: step)
        return known.reversed().prefix { $0.steps == 1 }.reversed().compactMap { $0.loss.mean.map(Float.init) }
    }

    /// What a picture without data says.
    var waitingWords: String {
        switch runState {
        case .connecting: return "connecting"
        case .lost(let reason): return "the training does not answer: \(reason)"
        case .paused where step > 0: return "back at step \(NumberFormat.grouped(step)); space goes on"
        case .paused: return "space starts"
        case .stopped, .done: return step > 0 ? "at step \(NumberFormat.grouped(step))" : "there was no step"
        default: return step > 0 ? "waiting for the next step" : "waiting for the first step"
        }
    }
}
