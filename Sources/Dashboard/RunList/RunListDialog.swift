import Canvas
import RunModel

/// What lies over the list of runs. It takes all keys but Ctrl-C; Esc closes it.
enum RunListDialog: Sendable, Equatable {
    /// Words are being typed that the runs shown have; Esc brings back what was shown before.
    case filter(TextField, former: String)
    /// A note is being typed.
    case note(TextField, name: String)
    /// Asks whether these runs are to be removed.
    case remove([String])
    /// A text to be read.
    case page(title: String, lines: [String], scroll: Int)
    /// All keys.
    case help(scroll: Int)

    /// Takes a key.
    func press(_ key: Key, in state: inout RunListState) -> [RunListEffect] {
        if key == .escape {
            if case .filter(_, let former) = self { state.filter = former }
            state.dialog = nil
            return []
        }
        switch self {
        case .filter(var field, let former):
            // The list goes on being one: who types a filter can go through what it finds.
            switch key {
            case .enter: state.dialog = nil
            case .up, .down: state.select(state.selection + (key == .up ? -1 : 1))
            case .backspace where field.characters.isEmpty: state.dialog = nil
            default:
                _ = field.press(key)
                state.filter = field.text
                state.dialog = .filter(field, former: former)
            }
        case .note(var field, let name):
            if key == .enter {
                state.dialog = nil
                return [.note(name, field.text.trimmed)]
            }
            _ = field.press(key)
            state.dialog = .note(field, name: name)
        case .remove(let names):
            switch key {
            case .character("y"), .character("d"):
                state.dialog = nil
                return [.remove(names)]
            case .character("n"), .character("q"), .enter: state.dialog = nil
            default: break
            }
        case .page(let title, let lines, let scroll):
            guard let next = Self.scrolled(scroll, by: key, of: lines.count) else {
                state.dialog = nil
                return []
            }
            state.dialog = .page(title: title, lines: lines, scroll: next)
        case .help(let scroll):
            state.dialog = Self.scrolled(scroll, by: key, of: RunListBinding.all.count).map { .help(scroll: $0) }
        }
        return []
    }

    /// Lines scrolled past after a key; nil where it closes.
    private static func scrolled(_ scroll: Int, by key: Key, of count: Int) -> Int? {
        let last = max(0, count - 1)
        return switch key {
        case .down, .character("j"): min(last, scroll + 1)
        case .up, .character("k"): max(0, scroll - 1)
        case .pageDown, .character(" "): min(last, scroll + 10)
        case .pageUp: max(0, scroll - 10)
        case .home: 0
        case .end: last
        case .character("q"), .character("?"), .enter: nil
        default: scroll
        }
    }

    // MARK: - Drawing

    func draw(in rect: Rect, on frame: inout Frame, state: RunListState) {
        switch self {
        case .filter: break
        case .note(let field, let name):
            let title = state.row(named: name)?.facts?.title ?? name
            var rows = frame.dialog(Size(width: 72, height: 5), title: "note on \(title)", in: rect)
            if rows.height > 1 { _ = rows.removeTop(1) }
            field.draw(prompt: " ", in: rows.removeTop(1), on: &frame)
        case .remove(let names): drawQuestion(names, in: rect, on: &frame, state: state)
        case .page(let title, let lines, let scroll):
            let width = lines.map { frame.glyphs.width(of: $0) }.max() ?? 0
            var (rows, first) = Self.sheet(
                title, count: lines.count, width: max(40, width + 4), scroll: scroll, in: rect, on: &frame)
            for line in lines.dropFirst(first).prefix(rows.height) { frame.put(line, in: rows.removeTop(1)) }
        case .help(let scroll):
            let all = RunListBinding.all
            var (rows, first) = Self.sheet("help", count: all.count, width: 84, scroll: scroll, in: rect, on: &frame)
            for binding in all.dropFirst(first).prefix(rows.height) {
                let row = rows.removeTop(1)
                let keys = Rect(x: row.x, y: row.y, width: min(17, row.width / 3), height: 1)
                frame.put(state.keys.label(of: binding), role: .accent, in: keys)
                frame.put(binding.help, x: keys.maxX + 1, in: row)
            }
        }
    }

    private func drawQuestion(_ names: [String], in rect: Rect, on frame: inout Frame, state: RunListState) {
        let shown = names.prefix(6)
        let pinned = names.count { state.row(named: $0)?.facts?.isPinned ?? false }
        let running = names.count { state.row(named: $0)?.facts?.standing == .running }
        var lines: [StyledText] = shown.map { name in
            let facts = state.row(named: name)?.facts
            return StyledText(
                [facts?.began ?? "", facts?.title ?? name].filter { !$0.isEmpty }.joined(separator: "  "))
        }
        if names.count > shown.count { lines.append(StyledText("and \(names.count - shown.count) more", .dim)) }
        if pinned > 0 { lines.append(StyledText("\(pinned) of them pinned: kept", .warning)) }
        if running > 0 { lines.append(StyledText("\(running) of them running: kept", .warning)) }
        lines.append(StyledText(""))
        lines.append(StyledText("journals, checkpoints and all; there is no way back", .dim))
        let title = names.count == 1 ? "remove this run?" : "remove \(names.count) runs?"
        var rows = frame.dialog(Size(width: 60, height: lines.count + 5), title: title, in: rect)
        if rows.height > lines.count + 1 { _ = rows.removeTop(1) }
        for line in lines { frame.put([line], x: rows.x + 1, in: rows.removeTop(1)) }
        frame.put(
            [StyledText("y", .accent), StyledText("  remove    "), StyledText("n", .accent), StyledText("  keep")],
            x: rows.x + 1, in: rows.removeTop(1))
    }

    /// A box for so many lines, and the first of them to be shown.
    private static func sheet(
        _ title: String, count: Int, width: Int, scroll: Int, in rect: Rect, on frame: inout Frame
    ) -> (rows: Rect, first: Int) {
        let size = Size(width: min(width, rect.width), height: min(count + 2, rect.height))
        let room = max(0, size.height - 2)
        let first = min(scroll, max(0, count - room))
        let facts = room < count ? "\(first + 1)-\(min(count, first + room)) of \(count)" : ""
        return (frame.dialog(size, title: title, facts: facts, in: rect), first)
    }

    /// What the hint bar says meanwhile.
    var hints: [(keys: String, word: String)] {
        switch self {
        case .filter: [("enter", "keep"), ("esc", "as before")]
        case .note: [("enter", "write"), ("esc", "cancel")]
        case .remove: [("y", "remove"), ("n", "keep")]
        case .page, .help: [("↑ ↓", "scroll"), ("esc", "close")]
        }
    }
}
