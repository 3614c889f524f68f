import Canvas
import RunModel
import TrainProtocol

/// The first row: what is trained, its state, how good it is at its best, and of what kind it is.
struct HeaderPane: Pane {
    let place = Layout.Place.header

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState) {
        let run = state.description
        let glyphs = frame.glyphs
        let (word, role) = state.stateWord
        // As wide as the longest word, so that what follows keeps its place.
        let stateWord = "● " + word.rightPadded(to: 10)
        let name = " traintui  "
        var best = Self.best(state)
        let weights = run.weights.map { "\(NumberFormat.grouped($0)) weights" } ?? ""
        // The last ones give way first.
        var kind = [run.model, state.optimizer, weights, run.seed.map { "seed \($0)" } ?? ""].filter { !$0.isEmpty }
        let fixed = glyphs.width(of: name + stateWord) + 4
        func needed() -> Int {
            let kindWidth = kind.isEmpty ? 0 : glyphs.width(of: kind.joined(separator: " · ")) + 3
            return fixed + glyphs.width(of: run.title) + glyphs.width(of: best) + kindWidth
        }
        while needed() > rect.width, !kind.isEmpty { kind.removeLast() }
        if needed() > rect.width { best = [] }

        var x = frame.put(name, role: .strong, in: rect)
        let title = Rect(x: x, y: rect.y, width: rect.maxX - x - glyphs.width(of: stateWord) - 4, height: 1)
        if title.width > 0 { x = frame.put(run.title, in: title) + 3 }
        x = frame.put(stateWord, x: x, role: role, in: rect)
        frame.put(best, x: x, in: rect)
        guard !kind.isEmpty else { return }
        let tail = kind.joined(separator: " · ") + " "
        frame.put(tail, x: rect.maxX - glyphs.width(of: tail), role: .dim, in: rect)
    }

    /// "   best val 0.9848 @1029"; nothing before the first evaluation.
    private static func best(_ state: DashboardState) -> [StyledText] {
        guard let best = state.history.bestEvaluation else { return [] }
        return [
            StyledText("   best val ", .dim), StyledText(NumberFormat.metric(best.loss), .validation),
            StyledText(" @\(best.step)", .dim),
        ]
    }
}
