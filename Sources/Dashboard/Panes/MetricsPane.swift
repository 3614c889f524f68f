import Canvas
import TrainEngine

/// Mean loss and metrics of the epoch with their trend, and the latest validation.
struct MetricsPane: Pane {
    let place = Layout.Place.metrics

    /// Rows that the pane has to show.
    static func rows(_ state: DashboardState) -> Int {
        let values = 1 + state.run.metrics.count
        return state.run.validationRows > 0 ? 2 * values : values + 1
    }

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState, face: Face) {
        if rect.height < 3 {
            let rows = training(state) + (state.run.validationRows > 0 ? validation(state) : [])
            // The two losses first: they are what a narrow line has room for.
            let order = [0, 1 + state.run.metrics.count] + (1..<(1 + state.run.metrics.count))
            let groups = order.filter(rows.indices.contains).map { rows[$0].group(face) }
            frame.put(groups: groups, in: rect.inset(horizontally: 1, vertically: 0), face: face)
            return
        }
        let facts = state.progress.map { "epoch \($0.epoch)" } ?? ""
        var rows = box(rect, title: "metrics", facts: [facts], on: &frame, state: state, face: face)
        for row in training(state) { row.draw(in: rows.removeTop(1), on: &frame, face: face) }
        guard state.run.validationRows > 0 else {
            let row = rows.removeTop(1)
            frame.put("no validation: \(state.validationNote)", x: row.x, y: row.y, role: .dim, face: face, in: row)
            EpochTable.draw(in: rows, on: &frame, state: state, face: face)
            return
        }
        for row in validation(state) { row.draw(in: rows.removeTop(1), on: &frame, face: face) }
        EpochTable.draw(in: rows, on: &frame, state: state, face: face)
    }

    /// The running means of this epoch, against the last epoch's.
    private func training(_ state: DashboardState) -> [Row] {
        let last = state.history.epochs.elements.last { $0.epoch < state.progress?.epoch ?? 0 }
        var rows = [Row(name: "mean loss", value: state.progress?.meanLoss, before: last?.meanLoss)]
        for (index, name) in state.run.metrics.enumerated() {
            let values = state.progress?.metrics ?? []
            let before = last.flatMap { $0.metrics.indices.contains(index) ? $0.metrics[index] : nil }
            rows.append(
                Row(
                    name: name, value: values.indices.contains(index) ? values[index] : nil, before: before,
                    risesWhenBetter: state.run.higherIsBetter.indices.contains(index)
                        && state.run.higherIsBetter[index], metric: name))
        }
        return rows
    }

    /// The latest evaluation, against the best.
    private func validation(_ state: DashboardState) -> [Row] {
        let latest = state.history.evaluations.elements.last
        let best = state.history.bestEvaluation
        var rows = [Row(name: "val loss", value: latest?.loss, best: best?.loss, isValidation: true)]
        for (index, name) in state.run.metrics.enumerated() {
            let value = latest.flatMap { $0.metrics.indices.contains(index) ? $0.metrics[index] : nil }
            let best = state.history.bestMetrics.indices.contains(index) ? state.history.bestMetrics[index] : nil
            rows.append(Row(name: "val \(name)", value: value, best: best, isValidation: true, metric: name))
        }
        return rows
    }

    /// One value and what to think of it.
    private struct Row {
        var name: String
        var value: Double?
        var before: Double? = nil
        var risesWhenBetter = false
        var best: Double? = nil
        var isValidation = false
        var metric: String? = nil

        /// Columns of the values, and of the remark behind them.
        static let valueWidth = 8
        static let remarkWidth = 9

        /// The name; a metric's words are shortened to their initials, "mae", where its validation's would not fit: the
        /// same metric has the same name in both rows.
        func name(within columns: Int, face: Face) -> String {
            guard let metric, face.text("val \(metric)").width > columns else { return name }
            return (isValidation ? "val " : "")
                + metric.split(separator: "_").compactMap(\.first).map(String.init).joined()
        }

        func draw(in row: Rect, on frame: inout Frame, face: Face) {
            var rest = row
            let remark = rest.removeRight(row.width < 30 ? 0 : Self.remarkWidth)
            let value = rest.removeRight(Self.valueWidth + 2)
            frame.put(name(within: rest.width, face: face), x: rest.x, y: rest.y, role: .dim, face: face, in: rest)
            let text = Reading.text(self.value, width: Self.valueWidth, face: face)
            frame.put(text, x: value.x, y: value.y, role: valueRole, face: face, in: value)
            let words = self.remark(face)
            frame.put(words.text, x: remark.x, y: remark.y, role: words.role, face: face, in: remark)
        }

        func group(_ face: Face) -> [Piece] {
            let words = remark(face)
            let value = [
                Piece("\(name(within: 9, face: face)) ", .dim), Piece(Reading.text(self.value, face: face), valueRole),
            ]
            return words.text.isEmpty ? value : value + [Piece(" \(words.text)", words.role)]
        }

        private var valueRole: Role { value == nil ? .dim : isValidation ? .validation : .strong }

        private func remark(_ face: Face) -> Piece {
            if isValidation {
                guard let value, let best else { return Piece("") }
                return value == best ? Piece("best", .good) : Piece("", .dim)
            }
            guard let value, let before, value.isFinite else { return Piece("") }
            let difference = value - before
            let isBetter = risesWhenBetter ? difference > 0 : difference < 0
            let arrow = difference > 0 ? "▲" : difference < 0 ? "▼" : "="
            let size = Reading.text(difference.magnitude, face: face)
            return Piece("\(arrow) \(size)", difference == 0 ? .dim : isBetter ? .good : .warning)
        }
    }
}
