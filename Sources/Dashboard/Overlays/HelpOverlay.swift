import Canvas

/// All keys and commands, from their tables.
struct HelpOverlay: OverlayContent, Equatable {
    /// Lines scrolled past.
    var scroll = 0

    func press(_ key: Key, in state: inout DashboardState) -> [Effect] {
        let last = max(0, Self.lines(state).count - 1)
        var next = self
        switch key {
        case .down, .character("j"): next.scroll = min(last, scroll + 1)
        case .up, .character("k"): next.scroll = max(0, scroll - 1)
        case .pageDown, .character(" "): next.scroll = min(last, scroll + 10)
        case .pageUp: next.scroll = max(0, scroll - 10)
        case .home: next.scroll = 0
        case .end: next.scroll = last
        case .character("?"), .character("q"), .enter:
            state.view.overlay = nil
            return []
        default: return []
        }
        state.view.overlay = .help(next)
        return []
    }

    /// One line of help.
    private enum Line {
        case section(String)
        case entry(keys: String, help: String, refusal: String? = nil)
        case blank
    }

    private static func lines(_ state: DashboardState) -> [Line] {
        var lines: [Line] = []
        for section in KeyBinding.Section.allCases {
            if !lines.isEmpty { lines.append(.blank) }
            lines.append(.section(section.rawValue))
            lines += KeyTable.all.filter { $0.section == section }.map {
                .entry(keys: $0.keyLabel, help: $0.help, refusal: $0.refusal(in: state))
            }
        }
        lines += [.blank, .section("commands, after :")]
        lines += TypedCommand.all(state).map {
            .entry(keys: $0.usage, help: $0.help, refusal: $0.asks.flatMap(state.objection))
        }
        return lines
    }

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState) {
        let lines = Self.lines(state)
        let size = Size(width: min(84, rect.width - 2), height: min(lines.count + 2, rect.height))
        let room = max(0, size.height - 2)
        let first = min(scroll, max(0, lines.count - room))
        let last = min(lines.count, first + room)
        let facts = room < lines.count ? "\(first + 1)-\(last) of \(lines.count)" : ""
        var rows = frame.dialog(size, title: "help", facts: facts, in: rect)
        let keyWidth = min(17, rows.width / 3)
        for line in lines[first..<last] {
            let row = rows.removeTop(1)
            switch line {
            case .section(let name):
                frame.put(name, role: .title, in: row)
            case .entry(let keys, let help, let refusal):
                let key = Rect(x: row.x + 1, y: row.y, width: keyWidth, height: 1)
                frame.put(keys, role: refusal == nil ? .accent : .dim, in: key)
                let end = frame.put(help, x: key.maxX + 1, role: refusal == nil ? .text : .dim, in: row)
                if let refusal, end + 3 + frame.glyphs.width(of: refusal) <= row.maxX {
                    frame.put("(\(refusal))", x: end + 1, role: .dim, in: row)
                }
            case .blank:
                break
            }
        }
    }

    func hints(_ state: DashboardState) -> [(keys: String, word: String)] {
        [("↑ ↓", "scroll"), ("esc", "close")]
    }
}
