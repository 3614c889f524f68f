import Canvas
import RunModel
import TrainProtocol

/// The leader board of a race, in place of the edits: who leads stands first, each beside the stroke of its curve.
struct RacePane: Pane {
    let place = Layout.Place.race

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState) {
        guard let race = state.race else { return }
        let control = state.control(named: race.name)
        let name = control?.title ?? race.name
        let facts = "step \(NumberFormat.grouped(state.latestStep))"
        let title = race.areFolds ? "folds" : "race · \(name)"
        var rows = box(rect, title: title, facts: [facts], on: &frame, state: state)
        let standings = state.standings
        let texts = standings.map { frame.glyphs.text(ValueChange.value($0.value).text(control)) }
        let columns = Columns(width: rows.width, value: texts.map(\.width).max() ?? 0)
        if Self.hasHead(rows, standings) {
            columns.drawHead(control?.shortTitle ?? name, in: rows.removeTop(1), on: &frame)
        }
        let (selected, first) = Self.selected(standings, room: rows.height, state)
        for index in standings.indices.dropFirst(first) where rows.height > 0 {
            columns.draw(
                standings[index], value: texts[index], isSelected: index == selected, in: rows.removeTop(1), on: &frame)
        }
    }

    /// A click selects, the wheel selects the next ones.
    func take(_ mouse: MouseEvent, in rect: Rect, state: inout DashboardState) -> [Effect] {
        switch mouse.action {
        case .wheelUp: state.selectEntrant(-1)
        case .wheelDown: state.selectEntrant(1)
        case .press:
            let standings = state.standings
            var rows = inside(rect)
            if Self.hasHead(rows, standings) { _ = rows.removeTop(1) }
            let index = Self.selected(standings, room: rows.height, state).first + mouse.y - rows.y
            if rows.contains(x: mouse.x, y: mouse.y), standings.indices.contains(index) {
                state.view.raceSelection = standings[index].branch
            }
        }
        return []
    }

    private static func hasHead(_ rows: Rect, _ standings: [DashboardState.Standing]) -> Bool {
        rows.height > standings.count || rows.height > 3
    }

    /// The index of the selected one, which is always in sight, and of the first one that is.
    private static func selected(
        _ standings: [DashboardState.Standing], room: Int, _ state: DashboardState
    ) -> (index: Int, first: Int) {
        let selected = standings.firstIndex { $0.branch == state.selectedEntrant?.branch } ?? 0
        return (selected, max(0, min(selected - room / 2, standings.count - room)))
    }

    /// Where the numbers of a row stand: as many of them as there is room for.
    private struct Columns {
        private static let stroke = 4
        /// Columns of loss, validation loss and pace, the blanks before them included.
        private static let widths = [9, 9, 8]
        /// Columns of the values.
        let value: Int
        /// How many of loss, validation loss and pace are shown.
        let numbers: Int

        init(width: Int, value: Int) {
            self.value = max(2, min(value, max(2, width / 3)))
            let rest = width - 2 - 2 - Self.stroke - 1 - self.value
            numbers = (0...Self.widths.count).last { Self.widths.prefix($0).reduce(0, +) <= rest } ?? 0
        }

        /// Where the values begin.
        private var start: Int { 2 + 2 + Self.stroke + 1 }

        func drawHead(_ title: String, in row: Rect, on frame: inout Frame) {
            let room = Rect(x: row.x + start, y: row.y, width: value, height: 1)
            frame.put(title, role: .dim, in: room)
            for (index, title) in ["loss", "val", "steps/s"].prefix(numbers).enumerated() {
                put(title, .dim, at: index, in: row, on: &frame)
            }
        }

        func draw(
            _ standing: DashboardState.Standing, value text: SafeText, isSelected: Bool, in row: Rect,
            on frame: inout Frame
        ) {
            let highlight: Role? = isSelected ? .selection : nil
            if let highlight { frame.fill(row, with: Cell(" ", role: highlight)) }
            let line = BranchLine.entrant(standing.branch, digit: standing.digit)
            frame.put(isSelected ? "▸ " : "  ", role: highlight ?? .accent, in: row)
            frame.put("\(standing.digit)", x: row.x + 2, role: highlight ?? line.role, in: row)
            let sample = Rect(x: row.x + 4, y: row.y, width: Self.stroke, height: 1).intersection(row)
            var stroke = line.stroke
            stroke.end = ""
            let points = [0.0, 1.0].map { Plot.Point(x: $0, y: 0.5) }
            Plot(
                xRange: 0...1, yRange: 0...1, layers: [.line(points, role: highlight ?? line.role, stroke: stroke)]
            ).draw(in: sample, on: &frame)
            let room = Rect(x: row.x + start, y: row.y, width: value, height: 1).intersection(row)
            frame.write(text.truncated(to: value), x: room.x, y: row.y, role: highlight ?? .strong, in: room)
            if let divergence = standing.divergence {
                let x = row.x + start + value + 2
                frame.put("diverged: \(divergence)", x: x, role: highlight ?? .bad, in: row)
                return
            }
            let cells = [
                StyledText(NumberFormat.metric(standing.loss)),
                StyledText(NumberFormat.metric(standing.validation), .validation),
                StyledText(NumberFormat.compact(standing.stepsPerSecond), .dim),
            ]
            for (index, cell) in cells.prefix(numbers).enumerated() {
                put(cell.text, highlight ?? cell.role, at: index, in: row, on: &frame)
            }
        }

        private func put(_ text: String, _ role: Role, at index: Int, in row: Rect, on frame: inout Frame) {
            let right = row.x + start + value + Self.widths[...index].reduce(0, +)
            let text = frame.glyphs.text(text).truncated(to: Self.widths[index] - 1)
            frame.write(text, x: right - text.width, y: row.y, role: role, in: row)
        }
    }
}
