import Canvas
import TrainProtocol

/// What the table's columns were taken for, and what becomes of them: the first thing to see of a table of one's own.
///
/// ```
/// ┏━ train.csv ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ 981 rows, 5 columns ━┓
/// ┃ column     role      becomes     gaps  shape   corr  why      ┃
/// ┃ survived   yes/no    the target        █▅            only no… ┃
/// ┃ sex        category  1 feature         █▅    0.5434  2 values ┃
/// ┃                                                               ┃
/// ┃ 628 rows to train on, 157 for validation, 196 for the test    ┃
/// ┗━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┛
/// ```
struct TableOverlay: OverlayContent, Equatable {
    /// Columns scrolled past.
    var scroll = 0
    /// Whether a narrow screen shows numbers rather than reasons; nil for what there is to see: numbers once there are steps.
    var showsNumbers: Bool?
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
        case .left, .right, .character("h"), .character("l"):
            next.showsNumbers = !(showsNumbers ?? (state.step > 0))
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
        let closing = Self.closing(table, state, room: rect.height)
        let list = ColumnList(
            table, state.findings, showsNumbers: showsNumbers ?? (state.step > 0), width: rect.width - 6, frame.glyphs)
        let rows = found(table)
        let size = Size(
            width: min(max(list.width, closing.map { frame.glyphs.width(of: $0) }.max() ?? 0) + 4, rect.width - 2),
            height: min(table.columns.count + closing.count + 4, rect.height))
        let room = max(0, size.height - closing.count - 4)
        let first = min(scroll, max(0, rows.count - room))
        let last = min(rows.count, first + room)
        let whole = "\(Self.count(table.rows, "row")), \(Self.count(rows.count, "column"))"
        let facts = room < rows.count ? "\(first + 1)-\(last) of \(rows.count) columns" : whole
        var area = frame.dialog(size, title: search.titled(table.source), facts: facts, in: rect)
        for line in closing.reversed() { frame.put(line, in: area.removeBottom(1)) }
        _ = area.removeBottom(1)
        list.drawHead(in: area.removeTop(1), on: &frame)
        for column in rows[first..<last] { list.draw(column, in: area.removeTop(1), on: &frame) }
    }

    func hints(_ state: DashboardState) -> [(keys: String, word: String)] {
        (state.waitsAtStart ? [("space", "train"), ("esc", "look around first")] : [("esc", "close")])
            + [("↑ ↓", "scroll"), search.hint]
            + (state.description.table?.hasReasonsAndNumbers == true ? [("← →", "reasons, numbers")] : [])
    }

    /// The columns that are searched for.
    private func found(_ table: TableDescription) -> [TableDescription.Column] {
        table.columns.filter { search.holds($0.name, $0.role, $0.reason) }
    }

    /// What is predicted, the rows, and how long it is going to be watched.
    private static func closing(_ table: TableDescription, _ state: DashboardState, room: Int) -> [[StyledText]] {
        let (training, validation, test) = (table.trainingRows, table.validationRows, table.testRows)
        var shares = ["\(count(training, "row")) to train on"]
        if validation > 0 { shares.append("\(NumberFormat.grouped(validation)) for validation") }
        if test > 0 { shares.append("\(NumberFormat.grouped(test)) for the test") }
        var lines = [[StyledText(shares.joined(separator: ", "), .text)]]
        if case .importance(let found)? = state.findings?.content, room >= 18 {
            let score = "\(found.measure) \(NumberFormat.fixed(found.score, decimals: 4))"
            let rows = found.use == .training ? "training rows" : "validation rows"
            lines.append([StyledText("importance: what \(score) (\(rows)) loses without the column", .dim)])
        }
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

    static func count(_ number: Int, _ noun: String) -> String {
        "\(NumberFormat.grouped(number)) \(noun)\(number == 1 ? "" : "s")"
    }
}

extension DashboardState {
    /// Whether nothing was trained yet, and nothing will be until somebody asks.
    var waitsAtStart: Bool { runState == .paused && progress?.step == 0 }
}

extension TableDescription {
    fileprivate var hasReasonsAndNumbers: Bool {
        columns.contains { $0.shape != nil } && columns.contains { !$0.reason.isEmpty }
    }

    fileprivate var rows: Int { trainingRows + validationRows + testRows }
}
