import Canvas
import TrainProtocol

/// The processes that train together: those first that are lost or behind.
struct ProcessesPane: Pane {
    let place = Layout.Place.processes

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState) {
        let processes = state.progress?.processes ?? []
        let lost = processes.count { $0.state == .lost }
        let facts = [lost == 0 ? "" : "\(lost) lost", "\(processes.count)"]
        var rows = box(rect, title: "processes", facts: facts, on: &frame, state: state)
        let latest = processes.map(\.step).max() ?? 0
        let ordered = processes.sorted {
            ($0.state == .lost ? 0 : 1, $0.step, $0.rank) < ($1.state == .lost ? 0 : 1, $1.step, $1.rank)
        }
        let digits = processes.map { "\($0.rank)".count }.max() ?? 1
        for process in ordered where rows.height > 0 {
            let row = rows.removeTop(1)
            let (word, role) = Self.word(process, latest: latest)
            frame.put("\(process.rank)".leftPadded(to: digits), role: .dim, in: row)
            // The step ends in one column, whatever is said behind it.
            let step = NumberFormat.grouped(process.step)
            let wordStart = row.maxX - min(12, row.width / 3)
            let stepStart = wordStart - 2 - step.width
            let host = Rect(x: row.x + digits + 2, y: row.y, width: stepStart - row.x - digits - 3, height: 1)
            if host.width > 2 { frame.put(process.host, role: .text, in: host.intersection(row)) }
            frame.write(step, x: stepStart, y: row.y, role: .strong, in: row)
            frame.put(word, x: wordStart, role: role, in: row)
        }
    }

    private static func word(_ process: ProcessProgress, latest: Int) -> (String, Role) {
        switch process.state {
        case .lost: ("lost", .bad)
        case .done: ("done", .dim)
        case .there:
            process.step == latest ? ("", .dim) : ("\(NumberFormat.grouped(latest - process.step)) behind", .dim)
        }
    }
}
