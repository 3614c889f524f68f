import Canvas
import RunModel
import TrainProtocol

/// The epochs' outcomes as a table, newest first, for where the metrics have room to spare.
enum EpochTable {
    /// Columns of one value.
    private static let width = 10

    /// Draws as many rows as fit, below a blank one; nothing where there is no room for a row.
    static func draw(in area: Rect, on frame: inout Frame, state: DashboardState) {
        let epochs = state.history.epochs.elements
        guard area.height >= 3, !epochs.isEmpty else { return }
        var rows = area
        _ = rows.removeTop(1)
        let evaluations = Dictionary(state.history.evaluations.elements.map { ($0.step, $0) }, uniquingKeysWith: { $1 })
        var titles = ["loss"] + state.description.metrics.map(\.name)
        if state.isValidated { titles += titles.map { "val \($0)" } }

        let head = rows.removeTop(1)
        frame.put("epoch", role: .dim, in: head)
        put(titles.map { StyledText($0, .dim) }, in: head, on: &frame)
        for report in epochs.reversed().prefix(rows.height) {
            let row = rows.removeTop(1)
            frame.put(String(report.epoch).leftPadded(to: 5), in: row)
            var cells = ([report.meanLoss] + report.metrics).map { StyledText(NumberFormat.metric($0)) }
            if state.isValidated {
                let evaluation = evaluations[report.step]
                let values: [Double?] = evaluation.map { [$0.loss] + $0.metrics } ?? [nil]
                let isBest = evaluation != nil && evaluation == state.history.bestEvaluation
                cells += values.map { StyledText(NumberFormat.metric($0), isBest ? .good : .validation) }
            }
            put(cells, in: row, on: &frame)
        }
    }

    /// Right-aligned cells, as many as fit.
    private static func put(_ cells: [StyledText], in row: Rect, on frame: inout Frame) {
        let columns = min(cells.count, max(0, (row.width - 6) / (width + 2)))
        let room = columns > 0 ? min(24, (row.width - 6) / columns) : 0
        for (index, cell) in cells.prefix(columns).enumerated() {
            let right = row.x + 6 + (index + 1) * room
            let text = frame.glyphs.text(cell.text).truncated(to: room - 2)
            frame.write(text, x: right - text.width, y: row.y, role: cell.role, in: row)
        }
    }
}
