import Canvas

/// What the training's command prints: the last lines, the newest one at the bottom.
struct OutputPane: Pane {
    let place = Layout.Place.output

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState) {
        var rows = box(rect, title: "output", on: &frame, state: state)
        let lines = state.output ?? []
        guard !lines.isEmpty else {
            frame.put("nothing is printed yet", role: .dim, in: rows)
            return
        }
        for line in lines.suffix(max(0, rows.height)) { frame.put(line, role: .text, in: rows.removeTop(1)) }
    }
}
