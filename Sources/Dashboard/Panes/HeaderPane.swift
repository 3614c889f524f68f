import Canvas
import RunModel
import TrainProtocol

/// The first row: what is trained, and the state of it.
struct HeaderPane: Pane {
    let place = Layout.Place.header

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState) {
        let run = state.description
        let glyphs = frame.glyphs
        let (word, role) = state.stateWord
        // As wide as the longest word, so that what follows keeps its place.
        let stateWidth = 2 + 10
        let weights = run.weights.map { "\(NumberFormat.grouped($0)) weights" } ?? ""
        var about = [run.title, run.model, weights, state.optimizer].filter { !$0.isEmpty }
        var asides = run.seed.map { ["seed \($0)", state.view.theme] } ?? [state.view.theme]
        let name = " traintui  "
        func room() -> Int {
            let right = stateWidth + asides.reduce(0) { $0 + 3 + glyphs.width(of: $1) } + 1
            return rect.width - glyphs.width(of: name) - right - 2
        }
        func needed() -> Int { glyphs.width(of: about.joined(separator: " · ")) }
        while needed() > room(), !asides.isEmpty { asides.removeLast() }
        while needed() > room(), about.count > 1 { about.removeLast() }

        let x = frame.put(name, role: .strong, in: rect)
        let left = Rect(x: rect.x, y: rect.y, width: x - rect.x + max(0, room()), height: 1)
        frame.put(
            [StyledText(about[0], .text)] + about.dropFirst().map { StyledText(" · \($0)", .dim) }, x: x, in: left)

        let tail = asides.map { "   \($0)" }.joined() + " "
        let tailStart = rect.maxX - glyphs.width(of: tail)
        frame.put(tail, x: tailStart, role: .dim, in: rect)
        frame.put("● \(word)", x: tailStart - stateWidth, role: role, in: rect)
    }
}
