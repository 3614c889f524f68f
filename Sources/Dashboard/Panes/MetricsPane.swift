import Canvas
import RunModel
import TrainProtocol

/// Mean loss and metrics of the epoch with their trend, and the latest validation.
struct MetricsPane: Pane {
    let place = Layout.Place.metrics

    /// Rows that the pane has to show.
    static func rows(_ state: DashboardState) -> Int {
        let values = 1 + state.description.metrics.count
        return state.isValidated ? 2 * values : values + 1
    }

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState) {
        if rect.height < 3 {
            let rows = training(state) + (state.isValidated ? validation(state) : [])
            // The two losses first: they are what a narrow line has room for.
            let order = [0, 1 + state.description.metrics.count] + (1..<(1 + state.description.metrics.count))
            let groups = order.filter(rows.indices.contains).map { rows[$0].group(frame.glyphs) }
            frame.put(groups: groups, in: rect.inset(horizontally: 1, vertically: 0))
            return
        }
        let facts = state.progress?.epoch.map { "epoch \($0)" } ?? ""
        var rows = box(rect, title: "metrics", facts: [facts], on: &frame, state: state)
        for row in training(state) { row.draw(in: rows.removeTop(1), on: &frame) }
        guard state.isValidated else {
            let row = rows.removeTop(1)
            let whole = state.noValidation
            frame.put(frame.glyphs.width(of: whole) > row.width ? "no validation" : whole, role: .dim, in: row)
            EpochTable.draw(in: rows, on: &frame, state: state)
            return
        }
        for row in validation(state) { row.draw(in: rows.removeTop(1), on: &frame) }
        EpochTable.draw(in: rows, on: &frame, state: state)
    }

    /// The running means of this epoch, with the trend of the steps.
    private func training(_ state: DashboardState) -> [Row] {
        var rows = [Row(name: "mean loss", value: state.progress?.meanLoss, trend: state.trend())]
        for (index, metric) in state.description.metrics.enumerated() {
            let values = state.progress?.metrics ?? []
            let trend = state.trend(ofMetric: index)
            rows.append(
                Row(
                    name: metric.name, value: values.indices.contains(index) ? values[index] : nil, trend: trend,
                    metric: metric.name))
        }
        return rows
    }

    /// The latest evaluation, against the best.
    private func validation(_ state: DashboardState) -> [Row] {
        let latest = state.history.evaluations.elements.last
        let best = state.history.bestEvaluation
        var rows = [Row(name: "val loss", value: latest?.loss, best: best?.loss, isValidation: true)]
        for (index, name) in state.description.metrics.map(\.name).enumerated() {
            let value = latest.flatMap { $0.metrics.indices.contains(index) ? $0.metrics[index] : nil }
            let best = state.history.bestMetrics.indices.contains(index) ? state.history.bestMetrics[index] : nil
            // A training elsewhere may tell its validation loss alone.
            if let latest, latest.loss.isFinite, value?.isNaN == true, best == nil { continue }
            rows.append(Row(name: "val \(name)", value: value, best: best, isValidation: true, metric: name))
        }
        return rows
    }

    /// "accuracy", whichever it is; "r2" of "r2_score"; else the words' initials, "mae".
    static func shortened(_ metric: String) -> String {
        let words = metric.split(separator: "_")
        if words.last == "accuracy" { return "accuracy" }
        if words.count == 2, words[1] == "score" { return String(words[0]) }
        return words.compactMap(\.first).map(String.init).joined()
    }

    /// One value and what to think of it.
    private struct Row {
        var name: String
        var value: Double?
        /// What the latest steps have more than as many before them.
        var trend: Double? = nil
        var best: Double? = nil
        var isValidation = false
        var metric: String? = nil

        /// Columns of the values, and of the remark behind them.
        static let valueWidth = 8
        static let remarkWidth = 9

        /// The name; a metric has a shorter one where its validation's would not fit: the same metric has the same name in
        /// both rows.
        func name(within columns: Int, _ glyphs: GlyphSet) -> String {
            guard let metric, glyphs.width(of: "val \(metric)") > columns else { return name }
            return (isValidation ? "val " : "") + MetricsPane.shortened(metric)
        }

        func draw(in row: Rect, on frame: inout Frame) {
            var rest = row
            let remark = rest.removeRight(row.width < 30 ? 0 : Self.remarkWidth)
            let value = rest.removeRight(Self.valueWidth + 2)
            frame.put(name(within: rest.width, frame.glyphs), role: .dim, in: rest)
            frame.put([StyledText(NumberFormat.metric(self.value, width: Self.valueWidth), valueRole)], in: value)
            frame.put([self.remark], in: remark)
        }

        func group(_ glyphs: GlyphSet) -> [StyledText] {
            let words = remark
            let value = StyledText(NumberFormat.metric(self.value), valueRole)
            return [StyledText("\(name(within: 9, glyphs)) ", .dim), value]
                + (words.text.isEmpty ? [] : [StyledText(" \(words.text)", words.role)])
        }

        private var valueRole: Role { value == nil ? .dim : isValidation ? .validation : .strong }

        private var remark: StyledText {
            if isValidation {
                guard let value, let best else { return StyledText("") }
                return value == best ? StyledText("best", .good) : StyledText("", .dim)
            }
            guard let value, value.isFinite, let difference = trend else { return StyledText("") }
            let arrow = difference > 0 ? "▲" : difference < 0 ? "▼" : "="
            let size = NumberFormat.metric(difference.magnitude)
            // Neither good nor bad: there is no control.
            return StyledText("\(arrow) \(size)", .dim)
        }
    }
}

extension DashboardState {
    /// By how much the mean over the last epoch's worth of steps, or the last half of the run where that is less, is more
    /// than over as many steps before: like is compared with like. Nil while there are too few.
    fileprivate func trend(ofMetric metric: Int? = nil) -> Double? {
        let count = min(progress?.stepsPerEpoch ?? step / 2, step / 2)
        guard count >= Self.fewestSteps else { return nil }
        func mean(after start: Int, through end: Int) -> Double? {
            history.series.samples(from: start + 1, through: end)
                .fold(ofMetric: metric, from: start + 1, through: end).mean
        }
        guard let after = mean(after: step - count, through: step),
            let before = mean(after: step - 2 * count, through: step - count)
        else { return nil }
        return after - before
    }

    /// Below this many steps a difference of means is noise.
    private static let fewestSteps = 20
}
