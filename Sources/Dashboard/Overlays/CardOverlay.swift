import Canvas
import RunModel
import TrainProtocol

/// What a run came to, when all its epochs are done: its scores side by side, and what to do next.
///
/// ```
/// ┏━ done ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ 60 epochs in 0:20.1 ━┓
/// ┃                      training    validation          test        ┃
/// ┃ loss                   0.0123        0.0648        0.0592        ┃
/// ┃ rmse                 9,085.89     20,841.67     22,310.02        ┃
/// ┃                                                                  ┃
/// ┃ best epoch 31, val loss 0.0629                                   ┃
/// ┃                                                                  ┃
/// ┃ w             write the model; traintui predict puts it to use   ┃
/// ┗━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┛
/// ```
struct CardOverlay: OverlayContent, Equatable {
    /// Esc and Enter leave it; every other key means what it always does.
    func press(_ key: Key, in state: inout DashboardState) -> [Effect] {
        state.view.overlay = nil
        switch key {
        case .enter, .character(" "): return []
        default: return update(&state, .key(key))
        }
    }

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState) {
        let scores = Self.scores(state)
        let remarks = Self.remarks(state)
        let steps = Self.steps(state)
        let height = 1 + scores.count + 1 + remarks.count + 1 + steps.count + 2
        let size = Size(width: min(72, rect.width - 2), height: min(height, rect.height))
        var area = frame.dialog(size, title: "done", facts: Self.facts(state), in: rect)
        // Rows that are left over part the scores, the remarks and what to do next.
        let spare = area.height - (height - 4)
        Self.heading.draw(in: area.removeTop(1), on: &frame)
        for row in scores { row.draw(in: area.removeTop(1), on: &frame) }
        if spare > 1 { _ = area.removeTop(1) }
        for line in remarks { frame.put(line, in: area.removeTop(1)) }
        if spare > 0 { _ = area.removeTop(1) }
        for step in steps { Self.draw(step, in: area.removeTop(1), on: &frame) }
    }

    func hints(_ state: DashboardState) -> [(keys: String, word: String)] {
        let canWrite = state.opening != .demonstration && state.objection(to: .save) == nil
        return (canWrite ? [("w", "write the model")] : []) + [("esc", "close"), ("q", "quit")]
    }

    // MARK: Scores

    /// A name and three numbers, each column's ends below one another.
    private struct Row {
        let name: String
        let cells: [StyledText]

        func draw(in rect: Rect, on frame: inout Frame) {
            let width = min(14, max(11, (rect.width - 12) / 3))
            var end = rect.maxX
            for cell in cells.reversed() {
                frame.put(cell.text, x: max(rect.x, end - frame.glyphs.width(of: [cell])), role: cell.role, in: rect)
                end -= width
            }
            let field = Rect(x: rect.x, y: rect.y, width: max(0, end - rect.x), height: 1)
            let isLong = frame.glyphs.width(of: name) > field.width
            frame.put(isLong ? MetricsPane.shortened(name) : name, role: .text, in: field)
        }
    }

    private static let heading = Row(
        name: "", cells: ["training", "validation", "test"].map { StyledText($0, .title) })

    private static func scores(_ state: DashboardState) -> [Row] {
        let training = [state.progress?.meanLoss] + (state.progress?.metrics ?? [])
        let validation = values(state.history.evaluations.elements.last)
        let test = values(state.run.test)
        func cell(_ values: [Double?], _ index: Int, _ role: Role) -> StyledText {
            let value = values.indices.contains(index) ? values[index] : nil
            return value == nil ? StyledText("—", .dim) : StyledText(NumberFormat.metric(value), role)
        }
        return (["loss"] + state.description.metrics.map(\.name)).enumerated().map { index, name in
            Row(
                name: name,
                cells: [
                    cell(training, index, .text), cell(validation, index, .validation), cell(test, index, .strong),
                ])
        }
    }

    private static func values(_ evaluation: Evaluation?) -> [Double?] {
        evaluation.map { [$0.loss] + $0.metrics } ?? []
    }

    // MARK: Words

    private static func facts(_ state: DashboardState) -> String {
        let time = state.progress.map { " in \(NumberFormat.duration(seconds: $0.trainingSeconds))" } ?? ""
        return (state.epochWords ?? "") + time
    }

    private static func remarks(_ state: DashboardState) -> [[StyledText]] {
        var lines: [[StyledText]] = []
        if let best = state.history.bestEvaluation {
            let epoch = state.history.epoch(endingAt: best.step).map { "epoch \($0)" } ?? "step \(best.step)"
            lines.append([
                StyledText("best \(epoch), ", .dim),
                StyledText("val loss \(NumberFormat.metric(best.loss))", .validation),
            ])
        }
        let refitted = state.log.entries.lazy.reversed().compactMap { entry in
            if case .refitting(let rows) = entry.kind { rows } else { nil }
        }.first
        if let refitted {
            let rows = NumberFormat.grouped(refitted)
            lines.append([StyledText("the test is of the model trained again on \(rows) rows, all others", .dim)])
        }
        // A race is over before the run is done; folds are not.
        let folds = state.standings.compactMap(\.validation)
        if folds.count > 1 {
            let mean = folds.reduce(0, +) / Double(folds.count)
            let squares = folds.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            let deviation = NumberFormat.metric((squares / Double(folds.count - 1)).squareRoot())
            lines.append([StyledText("mean of \(folds.count) folds, whose loss deviates by \(deviation)", .dim)])
        }
        if state.run.hasLookedAtTest {
            lines.append([StyledText("the test rows were looked at before; they are no longer unseen", .warning)])
        }
        return lines
    }

    /// What to do next, with the key or command for it, in ever fewer words.
    private static func steps(_ state: DashboardState) -> [(keys: String, words: [String])] {
        // Folds are models to score: nothing of them goes on.
        guard state.run.capabilities.allows(.set) else {
            return [("q", ["quit; the scores are printed then", "quit"])]
        }
        var ways: [(keys: String, words: [String])] = []
        if state.objection(to: .goToBest) == nil {
            ways.append(("R", ["go back to the best epoch, and on from there", "back to the best epoch"]))
        }
        if state.opening == .demonstration, state.objection(to: .undo) == nil {
            ways.append(("u", ["go back to before the last edit, and try another", "undo the last edit"]))
        }
        let on = ways.prefix(1) + [(":epochs +20", ["train on"])]
        guard state.opening == .demonstration else {
            return [("w", ["write the model; traintui predict puts it to use", "write the model"])] + on
        }
        let again = on.count > 1 ? [] : [(":goto 0", ["start again, and steer it"])]
        return on + again + [("q", ["your own: traintui --data FILE.csv --target COLUMN", "your own table: --data"])]
    }

    private static func draw(_ step: (keys: String, words: [String]), in rect: Rect, on frame: inout Frame) {
        frame.put(step.keys, role: .accent, in: rect)
        let field = Rect(x: rect.x + 14, y: rect.y, width: rect.width - 14, height: 1)
        let words = step.words.first { frame.glyphs.width(of: $0) <= field.width } ?? step.words.last ?? ""
        frame.put(words, in: field)
    }
}
