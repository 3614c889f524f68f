import Canvas
import TrainEngine

/// The first row: what is trained, and the state of it.
struct HeaderPane: Pane {
    let place = Layout.Place.header

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState, face: Face) {
        let run = state.run
        let (word, role) = state.stateWord
        // As wide as the longest word, so that what follows keeps its place.
        let stateWidth = 2 + 10
        var about = [run.title, run.model, "\(NumberFormat.grouped(run.weights)) weights", state.optimizer]
        var asides = ["seed \(run.seed)", state.theme]
        let name = " traintui  "
        func room() -> Int {
            let right = stateWidth + asides.reduce(0) { $0 + 3 + face.text($1).width } + 1
            return rect.width - face.text(name).width - right - 2
        }
        func needed() -> Int { face.text(about.joined(separator: " · ")).width }
        while needed() > room(), !asides.isEmpty { asides.removeLast() }
        while needed() > room(), about.count > 1 { about.removeLast() }

        let x = frame.put(name, x: rect.x, y: rect.y, role: .strong, face: face, in: rect)
        let left = Rect(x: rect.x, y: rect.y, width: x - rect.x + max(0, room()), height: 1)
        frame.put(
            [Piece(about[0], .text)] + about.dropFirst().map { Piece(" · \($0)", .dim) }, x: x, y: rect.y, face: face,
            in: left)

        let tail = asides.map { "   \($0)" }.joined() + " "
        let tailStart = rect.maxX - face.text(tail).width
        frame.put(tail, x: tailStart, y: rect.y, role: .dim, face: face, in: rect)
        frame.put("● \(word)", x: tailStart - stateWidth, y: rect.y, role: role, face: face, in: rect)
    }
}
