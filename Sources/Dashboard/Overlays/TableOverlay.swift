import Canvas
import TrainProtocol

/// What the table's columns were taken for, and what becomes of them: the first thing to see of a table of one's own.
///
/// ```
/// ┏━ train.csv ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ 981 rows, 5 columns ━┓
/// ┃ column          role        becomes     gaps  why             ┃
/// ┃ survived        yes/no      the target        only no and yes ┃
/// ┃ sex             category    1 feature         2 values        ┃
/// ┃                                                               ┃
/// ┃ 628 rows to train on, 157 for validation, 196 for the test    ┃
/// ┗━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┛
/// ```
struct TableOverlay: OverlayContent, Equatable {
    /// Columns scrolled past.
    var scroll = 0
    /// What is searched for.
    var search = ListSearch()

    var takesEscape: Bool { search.isOn }

    func press(_ key: Key, in state: inout DashboardState) -> [Effect] {
        let last = max(0, (state.description.table.map(found)?.count ?? 0) - 1)
        var next = self
        if next.search.press(key) {
            next.scroll = 0
            state.view.overlay = .table(next)
            return []
        }
        switch key {
        case .down, .character("j"): next.scroll = min(last, scroll + 1)
        case .up, .character("k"): next.scroll = max(0, scroll - 1)
        case .pageDown: next.scroll = min(last, scroll + 10)
        case .pageUp: next.scroll = max(0, scroll - 10)
        case .home: next.scroll = 0
        case .end: next.scroll = last
        case .character(" "), .enter:
            state.view.overlay = nil
            return state.waitsAtStart ? state.ask(.resume) : []
        case .character("d"), .character("q"):
            state.view.overlay = nil
            return []
        default: return []
        }
        state.view.overlay = .table(next)
        return []
    }

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState) {
        guard let table = state.description.table else { return }
        let all = table.columns.map { Row($0) }
        let rows = found(table).map { Row($0) }
        let closing = Self.closing(table, state)
        let widths = Self.widths(all, frame.glyphs)
        let width = widths.reduce(0, +) + 2 * (widths.count - 1)
        let size = Size(
            width: min(max(width, closing.map { frame.glyphs.width(of: $0) }.max() ?? 0) + 4, rect.width - 2),
            height: min(all.count + closing.count + 4, rect.height))
        let room = max(0, size.height - closing.count - 4)
        let first = min(scroll, max(0, rows.count - room))
        let last = min(rows.count, first + room)
        let whole = "\(Self.count(table.rows, "row")), \(Self.count(rows.count, "column"))"
        let facts = room < rows.count ? "\(first + 1)-\(last) of \(rows.count) columns" : whole
        var area = frame.dialog(size, title: search.titled(table.source), facts: facts, in: rect)
        for line in closing.reversed() { frame.put(line, in: area.removeBottom(1)) }
        _ = area.removeBottom(1)
        Row.heading.draw(widths, in: area.removeTop(1), on: &frame)
        for row in rows[first..<last] { row.draw(widths, in: area.removeTop(1), on: &frame) }
    }

    func hints(_ state: DashboardState) -> [(keys: String, word: String)] {
        (state.waitsAtStart ? [("space", "train"), ("esc", "look around first")] : [("esc", "close")])
            + [("↑ ↓", "scroll"), search.hint]
    }

    /// The columns that are searched for.
    private func found(_ table: TableDescription) -> [TableDescription.Column] {
        table.columns.filter { search.holds($0.name, $0.role, $0.reason) }
    }

    /// What is predicted, the rows, and how long it is going to be watched.
    private static func closing(_ table: TableDescription, _ state: DashboardState) -> [[StyledText]] {
        let (training, validation, test) = (table.trainingRows, table.validationRows, table.testRows)
        var shares = ["\(count(training, "row")) to train on"]
        if validation > 0 { shares.append("\(NumberFormat.grouped(validation)) for validation") }
        if test > 0 { shares.append("\(NumberFormat.grouped(test)) for the test") }
        var lines = [[StyledText(shares.joined(separator: ", "), .text)]]
        if !table.task.isEmpty { lines.insert([StyledText(table.task, .text)], at: 0) }
        if let progress = state.progress, progress.pace > 0, let epochs = progress.epochs,
            let steps = progress.stepsPerEpoch
        {
            let seconds = NumberFormat.duration(seconds: (Double(epochs * steps) / progress.pace).rounded())
            let pace = NumberFormat.grouped(Int(progress.pace))
            lines.append([
                StyledText("takes \(seconds) at \(pace) steps a second; ", .dim), StyledText("f", .accent),
                StyledText(" goes as fast as it can", .dim),
            ])
        }
        return lines
    }

    private static func count(_ number: Int, _ noun: String) -> String {
        "\(NumberFormat.grouped(number)) \(noun)\(number == 1 ? "" : "s")"
    }

    /// A line of the table: name, role, what becomes of it, gaps, why.
    private struct Row {
        let cells: [StyledText]

        static let heading = Row(
            cells: ["column", "role", "becomes", "gaps", "why"].map { StyledText($0, .title) })

        init(cells: [StyledText]) { self.cells = cells }

        init(_ column: TableDescription.Column) {
            let (becomes, role): (String, Role) =
                switch column.use {
                case .target: ("the target", .accent)
                case .leftOut: ("left out", .dim)
                case .features(let number): (TableOverlay.count(number, "feature"), .text)
                }
            let isUsed = column.use != .leftOut
            cells = [
                StyledText(column.name, isUsed ? .text : .dim), StyledText(column.role, isUsed ? .text : .dim),
                StyledText(becomes, role),
                StyledText(column.gaps > 0 ? NumberFormat.grouped(column.gaps) : "", .warning),
                StyledText(column.reason, .dim),
            ]
        }

        /// Names begin at one edge; counts end at one; the last cell takes what is left.
        func draw(_ widths: [Int], in rect: Rect, on frame: inout Frame) {
            var x = rect.x
            for (place, cell) in cells.enumerated() where x < rect.maxX {
                let width = place == cells.count - 1 ? rect.maxX - x : min(widths[place], rect.maxX - x)
                let field = Rect(x: x, y: rect.y, width: width, height: 1)
                let start = place == 3 ? max(x, x + width - frame.glyphs.width(of: [cell])) : x
                frame.put(cell.text, x: start, role: cell.role, in: field)
                x += width + 2
            }
        }
    }

    private static func widths(_ rows: [Row], _ glyphs: GlyphSet) -> [Int] {
        (0..<Row.heading.cells.count).map { place in
            let widest = ([Row.heading] + rows).map { glyphs.width(of: [$0.cells[place]]) }.max() ?? 0
            return place == 0 ? min(widest, 28) : widest
        }
    }
}

extension DashboardState {
    /// Whether nothing was trained yet, and nothing will be until somebody asks.
    var waitsAtStart: Bool { runState == .paused && progress?.step == 0 }
}

extension TableDescription {
    fileprivate var rows: Int { trainingRows + validationRows + testRows }
}
