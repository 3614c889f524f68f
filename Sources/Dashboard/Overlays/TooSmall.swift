import Canvas
import TrainProtocol

/// What a screen says that is too small for the dashboard.
enum TooSmall {
    /// Draws it in the middle.
    ///
    /// - Parameter state: what the run does.
    static func draw(on frame: inout Frame, _ state: DashboardState) {
        draw("the dashboard", "\(words(state))   q quits", on: &frame)
    }

    /// Draws it in the middle.
    ///
    /// - Parameters:
    ///   - what: what there is no room for.
    ///   - last: the last line.
    static func draw(_ what: String, _ last: String, on frame: inout Frame) {
        let least = Layout.leastSize
        let lines: [(String, Role)] = [
            ("too small for \(what)", .strong),
            ("\(frame.size.width) x \(frame.size.height), needed \(least.width) x \(least.height)", .text),
            (last, .dim),
        ]
        var area = frame.bounds.centered(Size(width: frame.size.width, height: lines.count))
        for (text, role) in lines {
            let row = area.removeTop(1)
            let cut = frame.glyphs.text(text).truncated(to: row.width)
            frame.write(cut, x: row.x + (row.width - cut.width) / 2, y: row.y, role: role)
        }
    }

    private static func words(_ state: DashboardState) -> String {
        switch state.runState {
        case .paused: state.isRaceOver ? "the race is over" : "waits for space"
        case .done: "done"
        case .diverged: "diverged"
        case .connecting, .lost: "no answer"
        default: "training goes on"
        }
    }
}
