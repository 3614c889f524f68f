import Canvas
import RunModel
import TrainProtocol

/// The rows of a step, or those of all that the model gets most wrong: what is true, what is predicted, and each row's
/// part of the loss, the greatest first.
///
/// ```
/// ╭─ batch ────────────────── 32 rows  loss 9.1276  step 1,234 ─╮
/// │   line   share                 loss   price  predicted  area │
/// │  1,204    61 %  ━━━━━━━━━━  178.1301  999.00     12.41  33.5 │
/// │     17   2.4 %  ╸╌╌╌╌╌╌╌╌╌    7.0120   18.20     15.55  28.0 │
/// ╰──────────────────────────────────────────────────────────────╯
/// ```
struct BatchLook: InsideLook {
    func title(_ state: DashboardState) -> String { state.view.inside.showsWorst ? "worst rows" : "batch" }

    func facts(_ findings: Findings) -> [String] {
        guard case .rows(let rows) = findings.content else { return [] }
        let count = "\(NumberFormat.grouped(rows.count)) \(rows.count == 1 ? "row" : "rows")"
        guard case .batch = findings.inspection else {
            return [count, "mean loss \(NumberFormat.metric(rows.loss))", "@\(findings.step)"]
        }
        let penalty = rows.penalty > 0 ? "penalty \(NumberFormat.metric(rows.penalty))" : ""
        return [count, penalty, "loss \(NumberFormat.metric(rows.loss + rows.penalty))", "step \(findings.step + 1)"]
    }

    func draw(_ findings: Findings, in rect: Rect, on frame: inout Frame, state: DashboardState) {
        guard case .rows(let found) = findings.content else { return }
        var area = rect
        let selected = min(max(0, state.view.inside.selection), max(0, found.rows.count - 1))
        let isFocused = state.view.focus == .batch
        var room = max(0, area.height - 1)
        func first() -> Int { max(0, min(selected - room / 2, found.rows.count - room)) }
        var table = RowTable(
            found, rows: first()..<min(found.rows.count, first() + room), width: rect.width, frame.glyphs)
        // What has no column is told of the selected row, where the pane has the whole screen.
        if state.view.isZoomed, isFocused, table.hidden > 0, area.height >= 12, found.rows.indices.contains(selected) {
            let lines = RowTable.lines(found, selected, width: rect.width, frame.glyphs).prefix(area.height / 3)
            for line in lines.reversed() { frame.put(line, in: area.removeBottom(1)) }
            _ = area.removeBottom(1)
            room = max(0, area.height - 1)
            table = RowTable(
                found, rows: first()..<min(found.rows.count, first() + room), width: rect.width, frame.glyphs)
        }
        table.drawHead(in: area.removeTop(1), on: &frame)
        for index in table.rows {
            let isSelected = isFocused && index == selected
            table.draw(index, isSelected: isSelected, in: area.removeTop(1), on: &frame)
        }
    }
}

/// Rows as a table, with as many of their cells as there is room for.
struct RowTable {
    /// The rows that are shown.
    let rows: Range<Int>
    /// The cells that have no column.
    let hidden: Int

    private let found: InspectedRows
    private var columns: [Column] = []

    /// A column of the table.
    private struct Column {
        let title: String
        let width: Int
        let isRight: Bool
        let cell: (InspectedRows.Row) -> StyledText
    }

    /// Columns of the bar that shows a row's share, and of the blank behind it.
    private static let barWidth = 10
    /// Columns between two columns.
    private static let gap = 2
    private static let (narrowest, widest) = (8, 24)

    init(_ found: InspectedRows, rows: Range<Int>, width: Int, _ glyphs: GlyphSet) {
        self.found = found
        self.rows = rows
        let uses = Set(found.rows.map(\.use))
        var room = width
        var columns: [Column] = []
        var isFull = false
        func add(_ title: String, _ cell: @escaping (InspectedRows.Row) -> StyledText) -> Bool {
            let cells = found.rows[rows].map { cell($0).text }
            let isRight = cells.allSatisfy { Self.isNumber($0) }
            let title = glyphs.text(title).truncated(to: isRight ? 12 : 16).description
            let widest = ([title] + cells).map { glyphs.width(of: $0) }.max() ?? 0
            var own = min(widest, Self.widest)
            // The last text may be cut, a number never.
            if !isRight, room - Self.gap >= Self.narrowest { own = min(own, room - Self.gap) }
            guard !isFull, columns.isEmpty || room >= own + Self.gap else {
                isFull = true
                return false
            }
            columns.append(Column(title: title, width: own, isRight: isRight, cell: cell))
            room -= own + (columns.count > 1 ? Self.gap : 0)
            return true
        }
        _ = add("line") { StyledText(NumberFormat.grouped($0.number), .dim) }
        if uses.count > 1 { _ = add("use") { StyledText($0.use.word, .dim) } }
        if width >= 56 { _ = add("share") { StyledText(NumberFormat.percent($0.share), .text) } }
        if width >= 72 {
            columns.append(Column(title: "", width: Self.barWidth, isRight: false) { _ in StyledText("") })
            room -= Self.barWidth + Self.gap
        }
        _ = add("loss") { StyledText(NumberFormat.metric($0.loss), .strong) }
        for (index, name) in found.targets.enumerated() {
            _ = add(name) { StyledText(Self.text($0.targets[index]), .validation) }
            _ = add("predicted") { row in
                let isWrong =
                    if case .text = row.targets[index] { row.targets[index] != row.predictions[index] } else { false }
                return StyledText(Self.text(row.predictions[index]), isWrong ? .bad : .curve)
            }
        }
        var shown = 0
        for (index, name) in found.columns.enumerated() {
            guard add(name, { StyledText($0.cells.indices.contains(index) ? Self.text($0.cells[index]) : "", .dim) })
            else { break }
            shown += 1
        }
        hidden = found.columns.count - shown
        self.columns = columns
    }

    func drawHead(in row: Rect, on frame: inout Frame) {
        draw(in: row, on: &frame) { StyledText($0.title, .title) }
    }

    func draw(_ index: Int, isSelected: Bool, in row: Rect, on frame: inout Frame) {
        if isSelected { frame.fill(row, with: Cell(" ", role: .selection)) }
        let greatest = found.rows.compactMap(\.share).first ?? 0
        draw(in: row, on: &frame) { column in
            let cell = column.cell(found.rows[index])
            return isSelected ? StyledText(cell.text, .selection) : cell
        }
        guard greatest > 0, let share = found.rows[index].share else { return }
        var x = row.x
        for column in columns {
            if column.title.isEmpty, column.width == Self.barWidth {
                frame.bar(share / greatest, in: Rect(x: x, y: row.y, width: column.width, height: 1))
            }
            x += column.width + Self.gap
        }
    }

    private func draw(in row: Rect, on frame: inout Frame, _ cell: (Column) -> StyledText) {
        var x = row.x
        for column in columns where x < row.maxX {
            let cell = cell(column)
            let field = Rect(x: x, y: row.y, width: min(column.width, row.maxX - x), height: 1)
            let start = column.isRight ? max(x, x + column.width - frame.glyphs.width(of: [cell])) : x
            frame.put(cell.text, x: start, role: cell.role, in: field)
            x += column.width + Self.gap
        }
    }

    /// All cells of a row with their names, one after the other.
    static func lines(_ found: InspectedRows, _ index: Int, width: Int, _ glyphs: GlyphSet) -> [[StyledText]] {
        var lines: [[StyledText]] = [[]]
        for (name, cell) in zip(found.columns, found.rows[index].cells) {
            let text = Self.text(cell)
            let group = [StyledText(name + " ", .dim), StyledText(text.isEmpty ? "—" : text, .text)]
            let gap = [StyledText("   ")]
            if lines[lines.count - 1].isEmpty {
                lines[lines.count - 1] = group
            } else if glyphs.width(of: lines[lines.count - 1] + gap + group) <= width {
                lines[lines.count - 1] += gap + group
            } else {
                lines.append(group)
            }
        }
        return lines
    }

    // MARK: Words

    private static func text(_ cell: InspectedRows.Cell) -> String {
        switch cell {
        case .number(let number):
            // A price has no decimals where nobody wrote any.
            number.magnitude < 1e15 && number == number.rounded()
                ? NumberFormat.grouped(Int(number)).description : NumberFormat.metric(number).description
        case .text(let text): text
        }
    }

    /// Whether a cell is to end where the others end.
    private static func isNumber(_ text: String) -> Bool {
        text.allSatisfy { $0.isNumber || "+-−.,%e <—".contains($0) } || text == "nan" || text == "inf"
    }
}

extension InspectedRows.Row.Use {
    fileprivate var word: String {
        switch self {
        case .training: "train"
        case .validation: "val"
        case .test: "test"
        }
    }
}
