import Canvas
import RunModel
import TrainProtocol

/// The runs under the one that is watched: their scores beside its own, and what differs in jobs and edits.
struct OverlaidOverlay: OverlayContent, Equatable {
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
        case .character("x"):
            state.view.chart.unit = state.view.chart.unit.next
            return []
        case .delete, .character("d"):
            state.view.overlaid = []
            state.view.overlay = nil
            return []
        case .character("o"), .character("q"), .enter:
            state.view.overlay = nil
            return []
        default: return []
        }
        state.view.overlay = .overlaid(next)
        return []
    }

    private static let empty = [
        "no other run is drawn here", "", ":overlay RUN draws one under this; traintui runs lists them",
    ]

    /// A table of scores, then the differences of each.
    private static func lines(_ state: DashboardState) -> [[StyledText]] {
        guard !state.view.overlaid.isEmpty else { return empty.map { [StyledText($0, .dim)] } }
        let head = ["run", "steps", "best val", "last val", "less this one, by epochs"].map { StyledText($0, .title) }
        let runs =
            [(" ", Role.strong, "this run", state.step, state.history, "")]
            + state.view.overlaid.enumerated().map { place, run in
                let difference = state.difference(run).map { state.words(of: $0, run) } ?? "—"
                return (
                    String(DashboardState.letter(place)), DashboardState.role(place), run.name, run.steps, run.history,
                    difference
                )
            }
        let rows =
            [head]
            + runs.map { letter, role, name, steps, history, difference in
                [
                    StyledText("\(letter) \(name)", role),
                    StyledText(NumberFormat.grouped(steps)),
                    StyledText(NumberFormat.metric(history.bestEvaluation?.loss), .validation),
                    StyledText(NumberFormat.metric(history.evaluations.elements.last?.loss), .validation),
                    StyledText(difference.trimming("val "), .dim),
                ]
            }
        let widths = (0..<head.count).map { place in
            min(28, rows.map { SafeText($0[place].text).width }.max() ?? 0)
        }
        var lines = rows.map { row in
            row.enumerated().flatMap { place, cell in
                let text = SafeText(cell.text).truncated(to: place == row.count - 1 ? .max : widths[place])
                let blanks = String(repeating: " ", count: max(0, widths[place] - text.width))
                let isNumber = (1...3).contains(place)
                return [
                    StyledText(isNumber ? blanks : "", cell.role), StyledText(text, cell.role),
                    StyledText(isNumber ? "  " : blanks + "  ", .text),
                ]
            }
        }
        for (place, run) in state.view.overlaid.enumerated() {
            let paired = run.isPaired ? "the same data and seed: differences are paired" : "other data or another seed"
            let letter = StyledText("\(DashboardState.letter(place))  ", DashboardState.role(place))
            lines += [[], [letter, StyledText(paired, .text)]]
            lines += run.differences.map { [StyledText("   \($0)", .dim)] }
        }
        return lines
    }

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState) {
        let lines = Self.lines(state)
        let widest = lines.map { frame.glyphs.width(of: $0) }.max() ?? 0
        let size = Size(
            width: min(max(44, widest + 4), rect.width), height: min(lines.count + 2, rect.height))
        let room = max(0, size.height - 2)
        let first = min(scroll, max(0, lines.count - room))
        let facts = room < lines.count ? "\(first + 1)-\(min(lines.count, first + room)) of \(lines.count)" : ""
        var rows = frame.dialog(size, title: "other runs", facts: facts, in: rect)
        for line in lines.dropFirst(first).prefix(room) { frame.put(line, in: rows.removeTop(1)) }
    }

    func hints(_ state: DashboardState) -> [(keys: String, word: String)] {
        guard !state.view.overlaid.isEmpty else { return [("esc", "close")] }
        return [
            ("↑ ↓", "scroll"), ("x", "by \(state.view.chart.unit.next.rawValue)s"), ("d", "take away"),
            ("esc", "close"),
        ]
    }
}

extension String {
    /// Without a beginning, where it has that.
    fileprivate func trimming(_ beginning: String) -> String {
        hasPrefix(beginning) ? String(dropFirst(beginning.count)) : self
    }
}
