import Canvas
import TrainEngine

/// The ledger, newest first: edits from request to effect, epochs, validation, files, remarks.
struct EditsPane: Pane {
    let place = Layout.Place.edits

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState, face: Face) {
        let entries = state.ledger.entries
        if rect.height < 3 {
            let row = rect.inset(horizontally: 1, vertically: 0)
            guard let last = entries.indices.last else {
                frame.put(Self.emptyWords(state), x: row.x, y: row.y, role: .dim, face: face, in: row)
                return
            }
            let lines = Story(state, index: last, face: face).lines
            let first = [Piece("@\(entries[last].step)  ", .dim)] + (lines.first ?? [])
            frame.put(groups: [first] + lines.dropFirst(), in: row, face: face)
            return
        }
        let count = state.ledger.forgotten + entries.count
        let facts = count == 0 ? "" : count == 1 ? "1 entry" : "\(NumberFormat.grouped(count)) entries"
        let rows = box(rect, title: "edits", facts: [facts], on: &frame, state: state, face: face)
        guard !entries.isEmpty else {
            frame.put(Self.emptyWords(state), x: rows.x, y: rows.y, role: .dim, face: face, in: rows)
            return
        }
        let stepWidth = max(5, String(state.step).count + 1)
        var y = rows.y
        for index in entries.indices.reversed().dropFirst(state.focus == .edits ? state.scroll : 0) {
            let room = Rect(x: rows.x + stepWidth + 2, y: y, width: rows.width - stepWidth - 2, height: rows.maxY - y)
            guard room.height > 0 else { return }
            let step = SafeText("@\(entries[index].step)").padded(to: stepWidth)
            frame.write(step, x: rows.x, y: y, role: .dim, in: rows)
            for line in Story(state, index: index, face: face).wrapped(to: room.width) where y < rows.maxY {
                frame.put(line, x: room.x, y: y, face: face, in: rows)
                y += 1
            }
        }
    }

    /// What an empty ledger says.
    private static func emptyWords(_ state: DashboardState) -> String {
        guard let index = state.selectedKnob else { return "this run has nothing to edit" }
        return "+ and - change the \(state.knobs[index].title)"
    }
}

/// One entry of the ledger in words, a line a thought.
private struct Story {
    /// The lines, each of pieces.
    let lines: [[Piece]]
    private let face: Face

    init(_ state: DashboardState, index: Int, face: Face) {
        self.face = face
        let entry = state.ledger.entries[index]
        switch entry.kind {
        case .edit(let edit):
            lines = Self.lines(edit, state, index: index, face: face)
        case .milestone(let milestone):
            lines = [Self.pieces(milestone, face: face)]
        case .saved(let path):
            lines = [[Piece("saved ", .good), Piece(path)]]
        case .move(let title, let left):
            lines = [[Piece(title)]] + (left.isEmpty ? [] : [[Piece(left, .dim)]])
        case .note(let text, let tone):
            let role: Role =
                switch tone {
                case .plain: .text
                case .good: .good
                case .warning: .warning
                case .bad: .bad
                }
            lines = [[Piece(text, role)]]
        }
    }

    /// The lines, those after the first joined where they fit side by side, a single long one broken at blanks.
    func wrapped(to width: Int) -> [[Piece]] {
        if lines.count == 1, lines[0].width(face) > width, let last = lines[0].last {
            var rows: [[Piece]] = []
            var row = lines[0].dropLast().map { $0 }
            for word in last.text.split(separator: " ") {
                let next = row.isEmpty || row.last?.text.last == " " ? String(word) : " \(word)"
                if !row.isEmpty, (row + [Piece(next)]).width(face) > width {
                    rows.append(row)
                    row = [Piece(String(word), last.role)]
                } else {
                    row.append(Piece(next, last.role))
                }
            }
            return rows + [row]
        }
        let details = lines.dropFirst().reduce(into: [[Piece]]()) { rows, line in
            if let last = rows.last, last.width(face) + 3 + line.width(face) <= width {
                rows[rows.count - 1] = last + [Piece("   ")] + line
            } else {
                rows.append(line)
            }
        }
        return lines.prefix(1) + details
    }

    private static func lines(
        _ edit: Ledger.Edit, _ state: DashboardState, index: Int, face: Face
    ) -> [[Piece]] {
        let words = state.words(of: edit.name, from: edit.old, to: edit.new, over: edit.over)
        switch edit.outcome {
        case .requested:
            return [[Piece("\(words.title) "), Piece(words.values, .edit)], [Piece("pending", .warning)]]
        case .refused(let reason):
            return [[Piece("\(words.title) "), Piece(words.values, .edit)], [Piece("refused: \(reason)", .bad)]]
        case .applied(let step):
            // What is not on the way taken is told, but not as something that holds.
            let isOnWay = state.history.way.holds(edit: edit.number, on: edit.branch, at: step)
            let title = [Piece("\(words.title) ", isOnWay ? .text : .dim), Piece(words.values, isOnWay ? .edit : .dim)]
            let number = edit.number > 0 ? "edit \(edit.number) " : ""
            let applied = [Piece("\(number)applied at step \(step)", .dim)]
            if let effect = edit.effect { return [title, applied] + lines(effect, face: face) }
            guard isOnWay else { return [title, [Piece("\(number)on branch \(edit.branch.number)", .dim)]] }
            guard let effect = state.lossSince(index) else { return [title, applied] }
            let role: Role = effect < 0 ? .good : .warning
            let words = NumberFormat.signed(effect, decimals: 3, face: face).description
            return [title, applied, [Piece("loss since ", .dim), Piece(words, role)]]
        }
    }

    /// The run beside a twin that does without the edit: "loss 0.031 lower than without it".
    private static func lines(_ effect: TwinEffect, face: Face) -> [[Piece]] {
        func line(_ name: String, _ difference: Double?) -> [[Piece]] {
            guard let difference else { return [] }
            let words = TwinEffect.words(difference, scale: effect.scale) {
                NumberFormat.significant($0, digits: 2, face: face).description
            }
            let role: Role = words.hasPrefix("no ") ? .dim : difference < 0 ? .good : .warning
            let rest = words.hasPrefix("no ") ? "" : " than without it"
            return [[Piece("\(name) ", .dim), Piece(words, role), Piece(rest, .dim)]]
        }
        return line("loss", effect.loss) + line("val loss", effect.validation)
    }

    private static func pieces(_ milestone: Ledger.Milestone, face: Face) -> [Piece] {
        var pieces: [Piece] = []
        if let epoch = milestone.epoch {
            pieces.append(Piece("epoch \(epoch.epoch)  "))
        }
        if let epoch = milestone.epoch, milestone.evaluation == nil {
            pieces.append(Piece("loss ", .dim))
            pieces.append(Piece(Reading.text(epoch.meanLoss, face: face)))
        }
        if let evaluation = milestone.evaluation {
            pieces.append(Piece("val ", .dim))
            pieces.append(Piece(Reading.text(evaluation.loss, face: face), .validation))
            if milestone.isBest { pieces.append(Piece(" best", .good)) }
        }
        return pieces
    }
}

extension DashboardState {
    /// By how much the mean loss after an edit, up to the next one, differs from that of equally many steps before it;
    /// nil while there are too few steps to say.
    func lossSince(_ index: Int) -> Double? {
        guard case .edit(let edit) = ledger.entries[index].kind, case .applied(let at) = edit.outcome,
            Knob.steersLearning(edit.name)
        else { return nil }
        let later = ledger.entries[(index + 1)...].lazy.compactMap { entry -> Int? in
            guard case .edit(let edit) = entry.kind, case .applied(let step) = edit.outcome, step > at,
                Knob.steersLearning(edit.name)
            else { return nil }
            return step
        }
        let last = later.first ?? step
        let count = last - at
        guard at >= Self.fewestSteps, count >= Self.fewestSteps,
            let after = history.series.loss(from: at + 1, through: last).mean,
            let before = history.series.loss(from: max(1, at - count + 1), through: at).mean
        else { return nil }
        return after - before
    }

    /// Below this many steps a difference of means is noise.
    private static let fewestSteps = 20
}
