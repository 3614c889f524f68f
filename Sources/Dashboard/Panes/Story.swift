import Canvas
import TrainEngine

/// One entry of the ledger in words, a line a thought.
struct Story {
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

    /// The lines, those after the first joined where they fit side by side, a first one that is too long broken at
    /// blanks.
    func wrapped(to width: Int) -> [[Piece]] {
        let details = lines.dropFirst().reduce(into: [[Piece]]()) { rows, line in
            if let last = rows.last, last.width(face) + 3 + line.width(face) <= width {
                rows[rows.count - 1] = last + [Piece("   ")] + line
            } else {
                rows.append(line)
            }
        }
        return (lines.first.map { broken($0, to: width) } ?? []) + details
    }

    /// A line in rows that fit, where its last piece can be broken.
    private func broken(_ line: [Piece], to width: Int) -> [[Piece]] {
        guard line.width(face) > width, let last = line.last else { return [line] }
        var rows: [[Piece]] = []
        var row = line.dropLast().map { $0 }
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
                ($0 < 0.001
                    ? NumberFormat.significant($0, digits: 2, face: face)
                    : NumberFormat.fixed($0, decimals: 3, face: face)).description
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
