import Canvas
import TrainProtocol

/// Which class is taken for which, as a matrix; behind it how many of a class are found and how many that are taken for it
/// are of it; beside it, where there is room, what becomes true of predictions of each probability.
///
/// ```
///                setosa  versicolor  virginica   recall  precision
/// setosa             12           .          .   1.0000     1.0000
/// versicolor          .          10          3   0.7692     0.9091
/// ```
struct ClassErrorsPicture {
    let errors: ClassErrors

    /// Columns of the calibration.
    private static let side = 34

    func draw(in rect: Rect, on frame: inout Frame) {
        var area = rect
        frame.put(
            groups: [
                [StyledText("accuracy ", .dim), StyledText(NumberFormat.fixed(errors.accuracy, decimals: 4), .strong)],
                [
                    StyledText("calibration error ", .dim),
                    StyledText(NumberFormat.fixed(errors.calibrationError, decimals: 4), .strong),
                ],
                [StyledText("rows: true, columns: predicted", .dim)],
            ], in: area.removeTop(1))
        if area.height > 6 { _ = area.removeTop(1) }
        if area.width >= 100, !errors.calibration.isEmpty {
            drawCalibration(in: area.removeRight(Self.side), on: &frame)
            _ = area.removeRight(2)
        }
        // Below the matrix where there is no room beside it.
        let below = area.height - errors.names.count - 3
        if rect.width < 100, below >= 9, !errors.calibration.isEmpty {
            drawCalibration(in: area.removeBottom(min(below, 16)), on: &frame)
            _ = area.removeBottom(1)
        }
        drawMatrix(in: area, on: &frame)
    }

    // MARK: The matrix

    /// Columns of a score, blanks before it included.
    private static let score = 11

    private func drawMatrix(in rect: Rect, on frame: inout Frame) {
        let indices = order(rows: rect.height - 1)
        let names = errors.names.map { frame.glyphs.text($0) }
        let label = min(max(4, names.map(\.width).max() ?? 0), max(6, rect.width / 4))
        let widest = errors.confusion.map { NumberFormat.grouped($0).width }.max() ?? 1
        // Every class has a column of the same width, for its name as far as that goes; where not all fit, the scores stay.
        let room = rect.width - label - 2 * Self.score
        let column = min(
            max(widest, min(12, names.map(\.width).max() ?? 1)) + 2, max(widest + 2, room / max(1, indices.count)))
        let shown = indices.count * column <= room ? indices : []
        var rows = rect
        let head = rows.removeTop(1)
        var x = head.x + label
        for index in shown {
            let text = names[index].truncated(to: column - 2)
            frame.write(text, x: x + column - text.width, y: head.y, role: .title, in: head)
            x += column
        }
        put("recall", .title, end: x + Self.score, in: head, on: &frame)
        put("precision", .title, end: x + 2 * Self.score, in: head, on: &frame)
        for index in indices where rows.height > 0 {
            let row = rows.removeTop(1)
            frame.write(names[index].truncated(to: label), x: row.x, y: row.y, role: .text, in: row)
            var x = row.x + label
            for predicted in shown {
                let count = errors[index, predicted]
                let role: Role = count == 0 ? .dim : predicted == index ? .good : .bad
                put(
                    count == 0 ? "·" : NumberFormat.grouped(count).description, role, end: x + column, in: row,
                    on: &frame)
                x += column
            }
            put(score(errors.recall(of: index)), .strong, end: x + Self.score, in: row, on: &frame)
            put(score(errors.precision(of: index)), .strong, end: x + 2 * Self.score, in: row, on: &frame)
        }
    }

    /// The classes, those with the most errors first where there is no room for all.
    private func order(rows: Int) -> [Int] {
        let all = Array(errors.names.indices)
        guard all.count > max(1, rows) else { return all }
        func misses(_ index: Int) -> Int { errors.rows(of: index) - errors[index, index] }
        return Array(all.sorted { (misses($1), $0) < (misses($0), $1) }.prefix(max(1, rows)))
    }

    private func score(_ value: Double?) -> String { NumberFormat.fixed(value, decimals: 4).description }

    private func put(_ text: String, _ role: Role, end: Int, in row: Rect, on frame: inout Frame) {
        frame.put(text, x: max(row.x, end - frame.glyphs.width(of: text)), role: role, in: row)
    }

    // MARK: Calibration

    private func drawCalibration(in rect: Rect, on frame: inout Frame) {
        var area = rect
        let what = errors.names.count == 2 ? "share that is \(errors.names[1])" : "share that is right"
        frame.put(what, role: .dim, in: area.removeTop(1))
        let foot = area.removeBottom(1)
        let label = "predicted probability"
        frame.put(label, x: max(foot.x, foot.maxX - frame.glyphs.width(of: label)), role: .dim, in: foot)
        let points = errors.calibration.map { Plot.Point(x: $0.probability, y: $0.share) }
        let plot = Plot(
            xRange: 0...1, yRange: 0...1,
            layers: [
                .line([Plot.Point(x: 0, y: 0), Plot.Point(x: 1, y: 1)], role: .ghost), .line(points, role: .metric),
                .points(points, mark: "◆", role: .metric),
            ], xTicks: [0, 0.5, 1].map { Plot.Tick(x: $0, label: NumberFormat.shortest($0)) })
        plot.draw(in: area, on: &frame)
    }
}
