import Canvas
import RunModel
import TrainProtocol

/// The leader board of a race, in place of the story: who leads stands first, each beside the stroke of its curve, with its
/// losses since the race began as a sparkline.
struct RacePane: Pane {
    let place = Layout.Place.race

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState) {
        guard let race = state.race else { return }
        let step = "step \(NumberFormat.grouped(state.latestStep))"
        let standings = state.standings
        let facts = [step, Self.halving(race, standings, state)]
        let title = race.areFolds ? "folds" : "race · \(state.title(of: race))"
        var rows = box(rect, title: title, facts: facts, on: &frame, state: state)
        let texts = standings.map { frame.glyphs.text(state.values(race.entrants[$0.place - 1], of: race)) }
        let columns = Columns(
            width: rows.width, value: texts.map(\.width).max() ?? 0,
            isValidated: standings.contains { $0.validation != nil })
        if Self.hasHead(rows, standings) {
            let names = race.settings.map { state.control(named: $0.name)?.shortTitle ?? $0.name }
            columns.drawHead(names.joined(separator: "  "), in: rows.removeTop(1), on: &frame)
        }
        let sparklines = Sparklines(standings, race: race, columns: columns.sparkline, state)
        let (selected, first) = Self.selected(standings, room: rows.height, state)
        for index in standings.indices.dropFirst(first) where rows.height > 0 {
            let row = rows.removeTop(1)
            columns.draw(standings[index], value: texts[index], isSelected: index == selected, in: row, on: &frame)
            guard standings[index].isRacing else { continue }
            let area = columns.sparklineArea(in: row)
            frame.sparkline(
                sparklines.values[index], in: area, range: sparklines.range,
                role: index == selected ? .selection : .curve)
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

    /// "8 left, cut at 1,200"; nothing of a race in which all go on.
    private static func halving(_ race: Race, _ standings: [DashboardState.Standing], _ state: DashboardState) -> String
    {
        guard let steps = race.halvesEvery else { return "" }
        let left = standings.filter(\.isRacing).count
        guard left > 1 else { return "1 left" }
        let next = race.step + ((state.latestStep - race.step) / steps + 1) * steps
        return "\(left) left, cut at \(NumberFormat.grouped(next))"
    }

    /// The entrants' losses since the race began, in so many columns and on one scale: that of whoever leads.
    private struct Sparklines {
        var values: [[Float]] = []
        var range = 0.0...1.0

        init(_ standings: [DashboardState.Standing], race: Race, columns: Int, _ state: DashboardState) {
            guard columns > 0, state.latestStep > race.step else {
                values = standings.map { _ in [] }
                return
            }
            let window = race.step + 1...state.latestStep
            values = standings.map { standing in
                guard let branch = state.history.branches[standing.branch] else { return [] }
                let series = DrawnSeries(
                    branch.samples[...].holding(window), .loss, window: window, columns: columns, smoothing: 0.95)
                return series.columns.compactMap { $0.map { Float($0.average) } }
            }
            let racing = zip(standings, values).filter { $0.0.isRacing }.map(\.1)
            let least = racing.compactMap { $0.min() }.min() ?? 0
            let greatest = racing.prefix((racing.count + 1) / 2).compactMap { $0.max() }.max() ?? 1
            // The highest column leaves an eighth of the row blank, which keeps it apart from the row above.
            let top = max(least, greatest)
            values = values.map { $0.map { min($0, top) } }
            range = Double(least)...Double(top) + (Double(top) - Double(least)) / 6
        }
    }

    /// Where the numbers of a row stand: as many of them as there is room for.
    private struct Columns {
        private static let stroke = 4
        /// Columns of loss and validation loss, the blanks before them included.
        private static let widths = [9, 9]
        private static let mostSparkline = 24
        /// Columns of the values.
        let value: Int
        /// How many of loss and validation loss are shown.
        let numbers: Int
        /// Columns of the sparkline, 0 where there is no room.
        let sparkline: Int

        init(width: Int, value: Int, isValidated: Bool) {
            self.value = max(2, min(value, max(2, width / 3)))
            var rest = width - 2 - 2 - Self.stroke - 1 - self.value
            numbers =
                (0...(isValidated ? Self.widths.count : 1)).last { Self.widths.prefix($0).reduce(0, +) <= rest } ?? 0
            rest -= Self.widths.prefix(numbers).reduce(0, +)
            sparkline = rest >= 6 ? min(Self.mostSparkline, rest - 2) : 0
        }

        /// Where the values begin.
        private var start: Int { 2 + 2 + Self.stroke + 1 }

        func sparklineArea(in row: Rect) -> Rect {
            let x = row.x + start + value + Self.widths.prefix(numbers).reduce(0, +) + 2
            return Rect(x: x, y: row.y, width: sparkline, height: 1).intersection(row)
        }

        func drawHead(_ title: String, in row: Rect, on frame: inout Frame) {
            let room = Rect(x: row.x + start, y: row.y, width: value, height: 1)
            frame.put(title, role: .dim, in: room)
            for (index, title) in ["loss", "val"].prefix(numbers).enumerated() {
                put(title, .dim, at: index, in: row, on: &frame)
            }
        }

        func draw(
            _ standing: DashboardState.Standing, value text: SafeText, isSelected: Bool, in row: Rect,
            on frame: inout Frame
        ) {
            let highlight: Role? = isSelected ? .selection : nil
            if let highlight { frame.fill(row, with: Cell(" ", role: highlight)) }
            let line = BranchLine.entrant(standing.branch, place: standing.place)
            let ownRole: Role = standing.isRacing ? line.role : .dim
            frame.put(isSelected ? "▸ " : "  ", role: highlight ?? .accent, in: row)
            frame.put("\(standing.name)", x: row.x + 2, role: highlight ?? ownRole, in: row)
            let sample = Rect(x: row.x + 4, y: row.y, width: Self.stroke, height: 1).intersection(row)
            var stroke = line.stroke
            stroke.end = ""
            let points = [0.0, 1.0].map { Plot.Point(x: $0, y: 0.5) }
            Plot(
                xRange: 0...1, yRange: 0...1, layers: [.line(points, role: highlight ?? ownRole, stroke: stroke)]
            ).draw(in: sample, on: &frame)
            let room = Rect(x: row.x + start, y: row.y, width: value, height: 1).intersection(row)
            frame.write(
                text.truncated(to: value), x: room.x, y: row.y,
                role: highlight ?? (standing.isRacing ? .strong : .dim), in: room)
            let x = row.x + start + value + 2
            if let divergence = standing.divergence {
                frame.put("diverged: \(divergence)", x: x, role: highlight ?? .bad, in: row)
                return
            }
            let loss = NumberFormat.metric(standing.loss)
            if let step = standing.droppedAt {
                let words = "\(loss)  out at \(NumberFormat.grouped(step))"
                frame.put(words, x: x + Self.widths[0] - 3 - loss.width, role: highlight ?? .dim, in: row)
                return
            }
            let cells = [
                StyledText(loss), StyledText(NumberFormat.metric(standing.validation), .validation),
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
