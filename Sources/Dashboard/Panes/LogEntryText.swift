import Canvas
import RunModel
import TrainProtocol

/// One entry of the log in words, a line a thought.
struct LogEntryText {
    /// The lines, none of them wrapped.
    let lines: [[StyledText]]

    init(_ state: DashboardState, index: Int) {
        let entry = state.log.entries[index]
        switch entry.kind {
        case .edit(let edit, let branch):
            lines = Self.lines(edit, on: branch, state)
        case .milestone(let milestone):
            lines = Self.lines(milestone, state)
        case .saved(let weights):
            let earlier = weights.step < entry.step ? "weights of step \(NumberFormat.grouped(weights.step))" : nil
            lines =
                [[StyledText("saved ", .good), StyledText(weights.path)]]
                + (earlier.map { [[StyledText($0, .dim)]] } ?? [])
        case .refitting(let rows):
            lines = [[StyledText("trained again on all \(NumberFormat.grouped(rows)) rows but the test's", .dim)]]
        case .test(let evaluation):
            lines = [[StyledText("test ", .dim), StyledText(NumberFormat.metric(evaluation.loss), .strong)]]
        case .moved(let move, let details):
            let left = "branch \(move.left.number) left at step \(NumberFormat.grouped(move.leftStep))"
            lines =
                [[StyledText(state.words(of: move, best: details.best, race: details.race))]]
                + (details.leftSomething ? [[StyledText(left, .dim)]] : [])
        case .race(let race):
            let values = race.entrants.map { state.values($0, of: race) }.joined(separator: ", ")
            let isMany = race.settings.count > 1
            let who = isMany ? "\(race.entrants.count) entrants" : values
            let title = race.areFolds ? "folds" : "race of \(state.title(of: race))"
            let halving = race.halvesEvery.map { ", halved every \(NumberFormat.grouped($0)) steps" } ?? ""
            lines = [[StyledText("\(title) \(who)\(halving)")]]
        case .tested(let test):
            lines = [[StyledText("learning rates tested: \(RatesOverlay.verdict(test))")]]
        case .hit(let breakpoint):
            lines = [
                [StyledText("paused at step \(NumberFormat.grouped(entry.step)): \(breakpoint.words)", .warning)]
            ]
        case .state(.diverged(let divergence)):
            lines = [[StyledText("diverged: \(divergence.reason)", .bad)]]
        case .state(.lost(let reason)):
            lines = [[StyledText("the training does not answer: \(reason)", .bad)]]
        case .state:
            lines = [[StyledText("done\(state.epochWords.map { ": \($0)" } ?? "")", .good)]]
        case .note(let text, let tone):
            let role: Role =
                switch tone {
                case .plain: .text
                case .warning: .warning
                case .bad: .bad
                }
            lines = [[StyledText(text, role)]]
        }
    }

    /// The lines, those after the first joined where they fit side by side, a first one that is too long broken at
    /// blanks.
    func wrapped(to width: Int, _ glyphs: GlyphSet) -> [[StyledText]] {
        let details = lines.dropFirst().reduce(into: [[StyledText]]()) { rows, line in
            if let last = rows.last, glyphs.width(of: last) + 3 + glyphs.width(of: line) <= width {
                rows[rows.count - 1] = last + [StyledText("   ")] + line
            } else {
                rows.append(line)
            }
        }
        return (lines.first.map { Self.broken($0, to: width, glyphs) } ?? []) + details
    }

    /// A line in rows that fit, where its last text can be broken.
    private static func broken(_ line: [StyledText], to width: Int, _ glyphs: GlyphSet) -> [[StyledText]] {
        guard glyphs.width(of: line) > width, let last = line.last else { return [line] }
        var rows: [[StyledText]] = []
        var row = Array(line.dropLast())
        for word in last.text.split(separator: " ") {
            let next = row.isEmpty || row.last?.text.last == " " ? String(word) : " \(word)"
            if !row.isEmpty, glyphs.width(of: row + [StyledText(next)]) > width {
                rows.append(row)
                row = [StyledText(word, last.role)]
            } else {
                row.append(StyledText(next, last.role))
            }
        }
        return rows + [row]
    }

    private static func lines(_ edit: Edit, on branch: BranchID, _ state: DashboardState) -> [[StyledText]] {
        let words = state.words(of: edit)
        // What is not in force is told, but not as something that holds.
        let isInForce = state.run.lineage.holds(edit: edit.number)
        let title = [
            StyledText("\(words.title) ", isInForce ? .text : .dim), StyledText(words.values, isInForce ? .edit : .dim),
        ]
        let applied = [StyledText("edit \(edit.number) applied at step \(edit.step)", .dim)]
        if let effect = state.run.effects[edit.number], effect.call != .tooEarly {
            return [title, applied] + ComparisonText(effect, state).lines
        }
        guard isInForce else { return [title, [StyledText("edit \(edit.number) on branch \(branch.number)", .dim)]] }
        return [title, applied]
    }

    /// "epochs 1-3  val 0.9978 best"; where the best is at an earlier one of these epochs, that too.
    private static func lines(_ milestone: EventLog.Milestone, _ state: DashboardState) -> [[StyledText]] {
        var line: [StyledText] = []
        if let first = milestone.first, let last = milestone.epoch {
            let words = first.epoch == last.epoch ? "epoch \(last.epoch)" : "epochs \(first.epoch)-\(last.epoch)"
            line.append(StyledText("\(words)  "))
            if milestone.evaluation == nil {
                line += [StyledText("loss ", .dim), StyledText(NumberFormat.metric(last.meanLoss))]
            }
        }
        guard let evaluation = milestone.evaluation else { return [line] }
        line += [StyledText("val ", .dim), StyledText(NumberFormat.metric(evaluation.loss), .validation)]
        guard let best = state.history.bestEvaluation, best.branch == evaluation.branch else { return [line] }
        if best.step == evaluation.step { return [line + [StyledText(" best", .good)]] }
        guard let start = milestone.first?.step, start <= best.step, best.step < evaluation.step else { return [line] }
        let value = StyledText(NumberFormat.metric(best.loss), .validation)
        return [line, [StyledText("best ", .dim), value, StyledText(" @\(best.step)", .dim)]]
    }
}
