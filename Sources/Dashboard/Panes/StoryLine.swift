import Canvas
import RunModel
import TrainProtocol

/// One line of the story in words: what happened, and what came of it.
struct StoryLine {
    /// What happened, in ever fewer words.
    private(set) var choices: [[StyledText]]
    /// What came of it, in ever fewer words; none where nobody knows.
    private(set) var outcomes: [[StyledText]] = []
    /// What else there is to say where there is room.
    private(set) var remark: [StyledText] = []

    /// - Parameter entries: those of the log that it tells of, more than one where edits were made in one go.
    init(_ state: DashboardState, _ entries: ClosedRange<Int>) {
        let entry = state.log.entries[entries.upperBound]
        switch entry.kind {
        case .edit(let edit, let branch):
            let edits = state.log.entries[entries].compactMap { entry in
                if case .edit(let edit, _) = entry.kind { edit } else { nil }
            }
            choices = []
            tell(edits, last: edit, on: branch, state)
        case .milestone(let milestone):
            choices = [Self.words(milestone)]
            remark = Self.best(milestone, state)
        case .saved(let weights):
            choices = [[StyledText("saved ", .good), StyledText(weights.path)]]
            if weights.step < entry.step {
                remark = [StyledText("the weights of step \(NumberFormat.grouped(weights.step))", .dim)]
            }
        case .refitting(let rows):
            choices = [[StyledText("trained again on all \(NumberFormat.grouped(rows)) rows but the test's", .dim)]]
        case .test(let evaluation):
            choices = [[StyledText("test ", .dim), StyledText(NumberFormat.metric(evaluation.loss), .strong)]]
        case .moved(let move, let details):
            choices = Self.words(of: move, best: details.best, race: details.race, state)
            if details.leftSomething { remark = [StyledText("branch \(move.left.number) left", .dim)] }
        case .race(let race):
            let values = race.entrants.map { state.values($0, of: race) }.joined(separator: ", ")
            let who = race.settings.count > 1 ? "\(race.entrants.count) entrants" : values
            let title = race.areFolds ? "folds" : "race of \(state.title(of: race))"
            choices = [[StyledText("\(title) "), StyledText(who, .edit)]]
            if let steps = race.halvesEvery {
                remark = [StyledText("halved every \(NumberFormat.grouped(steps)) steps", .dim)]
            }
        case .tested(let test):
            let verdict = StyledText(RatesOverlay.verdict(test))
            choices = [[StyledText("learning rates tested: "), verdict], [StyledText("rates: "), verdict]]
        case .hit(let breakpoint):
            choices = [[StyledText("paused at \(breakpoint.words)", .warning)]]
        case .state(.diverged(let divergence)):
            choices = [[StyledText("diverged: ", .bad), StyledText(divergence.reason, .bad)]]
        case .state(.lost(let reason)):
            choices = [[StyledText("the training does not answer: ", .bad), StyledText(reason, .bad)]]
        case .state:
            choices = [[StyledText("done", .good), StyledText(state.epochWords.map { ": \($0)" } ?? "", .good)]]
        case .note(let text, let tone):
            let role: Role =
                switch tone {
                case .plain: .text
                case .warning: .warning
                case .bad: .bad
                }
            choices = [[StyledText(text, role)]]
        }
    }

    // MARK: - Fitting

    /// The rows of the line: one, where it can be. What came of it has a second one where it does not fit beside; a
    /// sentence that is too long is broken at blanks.
    func rows(_ width: Int, _ glyphs: GlyphSet) -> [[StyledText]] {
        if let line = whole(width, glyphs) { return [line] }
        let first = choices.first { glyphs.width(of: $0) <= width }
        let rows = first.map { [$0] } ?? Self.broken(choices.last ?? [], to: width, glyphs)
        let outcome = outcomes.first { glyphs.width(of: $0) <= width } ?? outcomes.last
        return rows + [outcome].compactMap(\.self)
    }

    /// The line in one row, cut where it has to be.
    func row(_ width: Int, _ glyphs: GlyphSet) -> [StyledText] {
        whole(width, glyphs) ?? choices.first { glyphs.width(of: $0) <= width } ?? choices.last ?? []
    }

    /// All that there is to say, in one row; nil where that is too narrow.
    private func whole(_ width: Int, _ glyphs: GlyphSet) -> [StyledText]? {
        let gap = [StyledText("  ")]
        for outcome in outcomes.isEmpty ? [[]] : outcomes {
            for choice in choices {
                let line = outcome.isEmpty ? choice : choice + gap + outcome
                guard glyphs.width(of: line) <= width else { continue }
                let more = line + gap + remark
                return remark.isEmpty || glyphs.width(of: more) > width ? line : more
            }
        }
        return nil
    }

    /// A line in rows that fit, where its last text can be broken.
    private static func broken(_ line: [StyledText], to width: Int, _ glyphs: GlyphSet) -> [[StyledText]] {
        guard let last = line.last else { return [line] }
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
}

extension StoryLine {
    // MARK: - Edits

    /// Tells of an edit, or of several made in one go as of one.
    private mutating func tell(
        _ edits: [Edit], last: Edit, on branch: BranchID, _ state: DashboardState
    ) {
        let inForce = edits.filter { state.run.lineage.holds(edit: $0.number) }
        // What is not in force is told, but not as something that holds.
        let isInForce = !inForce.isEmpty
        let shown = inForce.last ?? last
        let whole = Edit(
            number: shown.number, name: shown.name, old: edits.first?.old ?? shown.old, new: shown.new,
            over: shown.over, step: shown.step)
        let (title, values) = state.words(of: whole)
        let flag = StyledText("\(shown.number) ", isInForce ? .edit : .dim)
        let names = [title, state.control(named: shown.name)?.shortTitle ?? title]
        choices = names.map { name in
            [flag, StyledText("\(name) ", isInForce ? .text : .dim), StyledText(values, isInForce ? .edit : .dim)]
        }
        if let effect = inForce.reversed().compactMap({ state.run.effects[$0.number] }).first, effect.call != .tooEarly
        {
            outcomes = VerdictText(effect, state).choices
        }
        if !isInForce {
            remark = [StyledText("on branch \(branch.number)", .dim)]
        } else if inForce.count > 1 {
            remark = [StyledText("\(inForce.count) taps, u takes back the last", .dim)]
        }
    }

    // MARK: - Moves

    private static func words(
        of move: Move, best: Evaluation?, race: Race?, _ state: DashboardState
    ) -> [[StyledText]] {
        let step = "@\(move.step)"
        switch move.cause {
        case .undo(let edit):
            let words = state.words(of: edit)
            let short = "undo \(edit.number)"
            return [
                [StyledText("\(short) \(words.title) \(words.values), back to \(step)")],
                [StyledText("\(short), back to \(step)")],
            ]
        case .redo: return [[StyledText("redo, on to \(step)")]]
        case .step: return [[StyledText("back to \(step)")]]
        case .best:
            let value = best.map {
                [StyledText(", val ", .dim), StyledText(NumberFormat.metric($0.loss), .validation)]
            }
            return [
                [StyledText("back to the best, \(step)")] + (value ?? []), [StyledText("back to the best, \(step)")],
            ]
        case .branch: return [[StyledText("on with branch \(move.branch.number) at \(step)")]]
        case .adoption:
            guard let race, let entrant = race.entrants.first(where: { $0.branch == move.branch }) else {
                return [[StyledText("adopted branch \(move.branch.number), \(step)")]]
            }
            let whole = "\(state.title(of: race)) \(state.values(entrant, of: race))"
            return ((race.settings.count > 1 ? [] : [whole]) + [state.text(entrant, of: race)]).map { words in
                [StyledText("adopted "), StyledText(words, .edit), StyledText(", \(step)")]
            }
        case .divergence(let reason):
            return [[StyledText("back to \(step): "), StyledText(reason, .warning)]]
        }
    }

    // MARK: - Epochs

    /// "epochs 1-3  val 0.9978".
    private static func words(_ milestone: EventLog.Milestone) -> [StyledText] {
        var line: [StyledText] = []
        if let first = milestone.first, let last = milestone.epoch {
            let words = first.epoch == last.epoch ? "epoch \(last.epoch)" : "epochs \(first.epoch)-\(last.epoch)"
            line.append(StyledText("\(words)  "))
            if milestone.evaluation == nil {
                line += [StyledText("loss ", .dim), StyledText(NumberFormat.metric(last.meanLoss))]
            }
        }
        guard let evaluation = milestone.evaluation else { return line }
        return line + [StyledText("val ", .dim), StyledText(NumberFormat.metric(evaluation.loss), .validation)]
    }

    /// "best", or where among these epochs it is.
    private static func best(_ milestone: EventLog.Milestone, _ state: DashboardState) -> [StyledText] {
        guard let evaluation = milestone.evaluation, let best = state.history.bestEvaluation,
            best.branch == evaluation.branch
        else { return [] }
        if best.step == evaluation.step { return [StyledText("best", .good)] }
        guard let start = milestone.first?.step, start <= best.step, best.step < evaluation.step else { return [] }
        let value = StyledText(NumberFormat.metric(best.loss), .validation)
        return [StyledText("best ", .dim), value, StyledText(" @\(best.step)", .dim)]
    }
}
