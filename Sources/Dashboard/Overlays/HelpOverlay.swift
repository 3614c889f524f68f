import Canvas

/// All keys and commands: in two columns where there is room.
struct HelpOverlay: OverlayContent, Equatable {
    /// Lines scrolled past.
    var scroll = 0
    /// What is searched for.
    var search = ListSearch()

    var takesEscape: Bool { search.isOn }

    func press(_ key: Key, in state: inout DashboardState) -> [Effect] {
        var next = self
        if next.search.press(key) {
            next.scroll = 0
            state.view.overlay = .help(next)
            return []
        }
        switch key {
        case .down, .character("j"): next.scroll += 1
        case .up, .character("k"): next.scroll = max(0, scroll - 1)
        case .pageDown, .character(" "): next.scroll += 10
        case .pageUp: next.scroll = max(0, scroll - 10)
        case .home: next.scroll = 0
        case .end: next.scroll = Self.mostLines
        case .character("?"), .function(1), .character("q"), .enter:
            state.view.overlay = nil
            return []
        default: return []
        }
        // Drawing stops at the last line, wherever that is on this screen.
        next.scroll = min(next.scroll, Self.mostLines)
        state.view.overlay = .help(next)
        return []
    }

    /// No help is longer.
    private static let mostLines = 400

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState) {
        let isWide = rect.width >= 112
        let width = isWide ? min(164, rect.width - 2) : min(84, rect.width - 2)
        let columnWidth = isWide ? (width - 4 - Self.gap) / 2 : width - 4
        let columns = HelpText(state, search).columns(isWide ? 2 : 1, width: columnWidth, frame.glyphs)
        let count = columns.map(\.count).max() ?? 0
        let size = Size(width: width, height: min(max(count, search.isOn ? rect.height : 1) + 2, rect.height))
        let room = max(0, size.height - 2)
        let first = min(scroll, max(0, count - room))
        let last = min(count, first + room)
        let facts = room < count ? "\(first + 1)-\(last) of \(count)" : ""
        var rest = frame.dialog(size, title: search.titled("help"), facts: facts, in: rect)
        if count == 0 { frame.put("nothing holds that", role: .dim, in: rest) }
        for column in columns {
            var rows = rest.removeLeft(columnWidth)
            _ = rest.removeLeft(Self.gap)
            for row in column.dropFirst(first).prefix(room) { Self.draw(row, in: rows.removeTop(1), on: &frame) }
        }
    }

    /// Columns between the two.
    private static let gap = 3

    private static func draw(_ row: HelpText.Row, in rect: Rect, on frame: inout Frame) {
        frame.put(row.title, role: .title, in: rect)
        let keys = Rect(x: rect.x + 1, y: rect.y, width: row.keyWidth, height: 1)
        frame.put([row.keys], in: keys)
        frame.put([row.text], x: keys.maxX + 1, in: rect)
    }

    func hints(_ state: DashboardState) -> [(keys: String, word: String)] {
        [("↑ ↓", "scroll"), search.hint, ("esc", "close")]
    }
}
