package import Canvas
import RunModel

/// Where the parts of the list of runs lie.
///
///     +---------------------------------------------+
///     | header                                      |
///     | the runs, a head line over them             |
///     | about the selected one, from 16 rows on     |
///     | hints                                       |
///     +---------------------------------------------+
struct RunListLayout {
    let header: Rect
    let list: Rect
    let about: Rect?
    let hints: Rect

    /// Nil where there is too little room for any.
    init?(_ size: Size) {
        guard size.width >= Layout.leastSize.width, size.height >= Layout.leastSize.height else { return nil }
        var rest = Rect(size)
        header = rest.removeTop(1)
        hints = rest.removeBottom(1)
        about = size.height >= 16 ? rest.removeBottom(5) : nil
        list = rest
    }

    /// Rows that show runs: all but the border and the head line.
    var rows: Int { max(1, list.height - 3) }
}

/// Draws the list into a frame of that size. Pure: the same state, size and glyphs give the same frame.
package func render(_ state: RunListState, size: Size, glyphs: GlyphSet) -> Frame {
    var frame = Frame(size, glyphs: glyphs)
    guard let layout = RunListLayout(size) else {
        TooSmall.draw("the runs", "q quits", on: &frame)
        return frame
    }
    frame.drawHeader(of: state, in: layout.header)
    frame.drawRuns(of: state, in: layout.list)
    if let about = layout.about { frame.drawSelected(of: state, in: about) }
    let body = Rect(x: 0, y: 1, width: size.width, height: size.height - 2)
    state.dialog?.draw(in: body, on: &frame, state: state)
    frame.drawHints(of: state, in: layout.hints)
    return frame
}

extension Frame {
    fileprivate mutating func drawHeader(of state: RunListState, in rect: Rect) {
        var x = put(" traintui  ", role: .strong, in: rect)
        x = put("runs", x: x, in: rect) + 3
        var parts = ["\(NumberFormat.grouped(state.rows.count)) in all"]
        if state.shown.count < state.rows.count { parts.append("\(NumberFormat.grouped(state.shown.count)) shown") }
        if !state.marked.isEmpty { parts.append("\(state.marked.count) marked") }
        let unread = state.unread
        if unread > 0 { parts.append("reading \(NumberFormat.grouped(unread))") }
        x = put(parts.joined(separator: " · "), x: x, role: .dim, in: rect) + 3
        let order = "by \(state.order.rawValue) \(state.isDescending ? "▼" : "▲") "
        let start = rect.maxX - glyphs.width(of: order)
        if start >= x { put(order, x: start, role: .dim, in: rect) }
    }

    fileprivate mutating func drawRuns(of state: RunListState, in rect: Rect) {
        let visible = state.visible
        let range =
            state.shown.isEmpty
            ? "" : "\(NumberFormat.grouped(visible.lowerBound + 1))-\(NumberFormat.grouped(visible.upperBound))"
        let title = state.filter.isEmpty ? "runs" : "runs with \(state.filter)"
        var rows = box(rect, title: glyphs.text(title), facts: glyphs.text(range), focused: true)
            .inset(horizontally: 1, vertically: 0)
        let columns = RunListColumn.widths(rows.width - 2)
        drawHead(columns, order: state.order, in: rows.removeTop(1))
        guard !state.shown.isEmpty else {
            let text =
                state.rows.isEmpty ? "there are no runs yet: traintui train begins one" : "none has all these words"
            let spot = rows.centered(Size(width: glyphs.width(of: text), height: 1))
            put(text, x: spot.x, role: .dim, in: Rect(x: rows.x, y: spot.y, width: rows.width, height: 1))
            return
        }
        for place in visible {
            let row = rows.removeTop(1)
            let run = state.rows[state.shown[place]]
            draw(run, isMarked: state.marked.contains(run.name), columns, in: row)
            if place == state.selection { paint(row, role: .selection) }
        }
    }

    private mutating func drawHead(
        _ columns: [(column: RunListColumn, width: Int)], order: RunListColumn, in row: Rect
    ) {
        var x = row.x + 2
        for (column, width) in columns {
            let field = Rect(x: x, y: row.y, width: width, height: 1)
            let text = column.rawValue
            let start = column.isNumber ? max(x, field.maxX - text.count) : x
            put(text, x: start, role: column == order ? .accent : .title, in: field)
            x += width + RunListColumn.gap
        }
    }

    private mutating func draw(
        _ run: RunListState.Row, isMarked: Bool, _ columns: [(column: RunListColumn, width: Int)], in row: Rect
    ) {
        if isMarked {
            put("▸", role: .accent, in: row)
        } else if run.facts?.isPinned ?? false {
            put("◆", role: .dim, in: row)
        }
        var x = row.x + 2
        for (column, width) in columns {
            let field = Rect(x: x, y: row.y, width: width, height: 1)
            x += width + RunListColumn.gap
            guard let facts = run.facts else {
                if column == .name { put(run.name, role: .dim, in: field) }
                continue
            }
            if column == .validation {
                drawSpark(facts.validation, in: field)
                continue
            }
            let text = column.text(facts)
            let start = column.isNumber ? max(field.x, field.maxX - glyphs.width(of: text.text)) : field.x
            put(text.text, x: start, role: text.role, in: field)
        }
    }

    /// The values, or as many of them as there are columns, the first at the left edge.
    private mutating func drawSpark(_ values: [Double], in field: Rect) {
        let finite = values.filter(\.isFinite)
        let count = min(finite.count, field.width)
        let shown = (0..<count).map { finite[count == 1 ? 0 : $0 * (finite.count - 1) / (count - 1)] }
        guard let least = shown.min(), let most = shown.max() else { return }
        sparkline(
            shown.map { Float($0) }, in: Rect(x: field.x, y: field.y, width: count, height: 1),
            range: least...most, role: .validation)
    }

    fileprivate mutating func drawSelected(of state: RunListState, in rect: Rect) {
        let run = state.selected
        var rows = box(rect, title: glyphs.text(run?.name ?? ""), focused: false).inset(horizontally: 1, vertically: 0)
        guard let facts = run?.facts else { return }
        var parts = ["\(facts.epochsDone) of \(facts.epochs) epochs", "\(NumberFormat.grouped(facts.step)) steps"]
        parts.append(NumberFormat.duration(seconds: facts.seconds).description)
        if let best = facts.best, let step = facts.bestStep {
            parts.append("best \(NumberFormat.metric(best)) @\(NumberFormat.grouped(step))")
        }
        parts.append(facts.edits == 1 ? "1 edit" : "\(facts.edits) edits")
        var x = put(facts.title, role: .strong, in: rows) + 3
        x = put(facts.standing.rawValue, x: x, role: facts.standing.role, in: rows) + 3
        put(facts.reason ?? facts.data, x: x, role: .dim, in: rows.removeTop(1))
        put(parts.joined(separator: " · "), in: rows.removeTop(1))
        let tags = (facts.isPinned ? ["pinned"] : []) + facts.tags.map { "#" + $0 }
        let end = tags.isEmpty ? rows.x : put(tags.joined(separator: " "), role: .accent, in: rows) + 3
        put(facts.note, x: end, role: .dim, in: rows)
    }

    fileprivate mutating func drawHints(of state: RunListState, in rect: Rect) {
        if case .filter(let field, _)? = state.dialog {
            field.draw(prompt: " /", in: rect, on: &self)
            return
        }
        if let notice = state.notice, state.dialog == nil {
            put(" " + notice.text, role: notice.role, in: rect)
            return
        }
        var hints = state.dialog?.hints
        if hints == nil {
            let all = RunListBinding.all.filter { $0.hint != nil }
            var room = rect.width - 1
            var kept: Set<Int> = []
            for (index, binding) in all.enumerated().sorted(by: { $0.element.rank < $1.element.rank }) {
                let keys = state.keys.label(of: binding.keys[0])
                let columns = glyphs.width(of: keys) + glyphs.width(of: binding.hint ?? "") + 3
                guard columns - 2 <= room else { continue }
                kept.insert(index)
                room -= columns
            }
            hints = all.indices.filter(kept.contains).map {
                (state.keys.label(of: all[$0].keys[0]), all[$0].hint ?? "")
            }
        }
        var x = rect.x + 1
        for hint in hints ?? [] {
            x = put("\(hint.keys) ", x: x, role: .accent, in: rect)
            x = put(hint.word, x: x, role: .dim, in: rect) + 2
        }
    }
}

extension RunListColumn {
    /// What a run has in the column.
    fileprivate func text(_ run: RunFacts) -> StyledText {
        switch self {
        case .name: StyledText(run.title)
        case .data: StyledText(run.data, .dim)
        // The year is in the name; it is the same of almost all that are looked at.
        case .began: StyledText(String(run.began.dropFirst(5)), .dim)
        case .state: StyledText(run.standing.rawValue, run.standing.role)
        case .epochs: StyledText("\(run.epochsDone)/\(run.epochs)")
        case .best: StyledText(NumberFormat.metric(run.best), run.best == nil ? .dim : .strong)
        case .edits: StyledText(run.edits == 0 ? "" : "\(run.edits)", .edit)
        case .validation: StyledText("")
        case .note: StyledText((run.tags.map { "#" + $0 } + [run.note]).joined(separator: " "), .dim)
        }
    }
}

extension RunFacts.Standing {
    var role: Role {
        switch self {
        case .running: .accent
        case .cutOff: .warning
        case .stopped, .unknown: .dim
        case .done, .imported: .good
        case .diverged: .bad
        }
    }
}
