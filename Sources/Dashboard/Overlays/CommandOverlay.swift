import Canvas
import Wording

/// Types a command in the last row, with completions above it and what was typed before.
struct CommandOverlay: OverlayContent, Equatable {
    /// What was typed.
    var field = TextField()
    /// Why the command was not taken; the text stays, to be mended.
    var mistake: String?
    /// How far back in the past commands, 0 for the line being typed.
    var back = 0
    /// The completions that Tab goes through, nil while it does not.
    var cycle: Cycle?

    /// Completions, one after the other.
    struct Cycle: Sendable, Equatable {
        /// The lines.
        let lines: [String]
        /// The one that is in the field.
        var index: Int
    }

    func press(_ key: Key, in state: inout DashboardState) -> [Effect] {
        var next = self
        switch key {
        case .enter:
            return submit(in: &state)
        case .tab, .backTab:
            next.complete(forward: key == .tab, state)
        case .up, .down:
            next.recall(state.requests.typed, older: key == .up)
        case .backspace where field.characters.isEmpty:
            state.view.overlay = nil
            return []
        default:
            if next.field.press(key) { (next.mistake, next.cycle) = (nil, nil) }
        }
        state.view.overlay = .command(next)
        return []
    }

    private func submit(in state: inout DashboardState) -> [Effect] {
        let line = field.text.trimmed
        state.view.overlay = nil
        guard !line.isEmpty else { return [] }
        do throws(TypedCommand.Mistake) {
            let effects = try TypedCommand.run(line, in: &state)
            state.requests.typed.removeAll { $0 == line }
            state.requests.typed = state.requests.typed.suffix(99) + [line]
            return effects
        } catch {
            var next = self
            next.mistake = error.message
            state.view.overlay = .command(next)
            return []
        }
    }

    /// Goes on as far as all completions agree; where that is nowhere, through them one after the other. A name that is
    /// none becomes the one that was meant.
    private mutating func complete(forward: Bool, _ state: DashboardState) {
        mistake = nil
        if var cycle {
            cycle.index = (cycle.index + (forward ? 1 : cycle.lines.count - 1)) % cycle.lines.count
            field = TextField(cycle.lines[cycle.index])
            self.cycle = cycle
            return
        }
        let all = TypedCommand.completions(of: field.text, in: state)
        guard let first = all.first else {
            if let meant = meant(state) { field = TextField(meant + " ") }
            return
        }
        let common = all.dropFirst().reduce(first) { String(zip($0, $1).prefix { $0 == $1 }.map(\.0)) }
        let text = all.count == 1 ? common + " " : common
        if text.count > field.text.count {
            field = TextField(text)
        } else if all.count > 1 {
            cycle = Cycle(lines: all, index: forward ? 0 : all.count - 1)
            field = TextField(all[forward ? 0 : all.count - 1])
        }
    }

    /// The name that was meant by one that is none.
    private func meant(_ state: DashboardState) -> String? {
        guard !field.text.contains(" ") else { return nil }
        return closest(field.text, among: TypedCommand.all(state).flatMap(\.names))
    }

    private mutating func recall(_ typed: [String], older: Bool) {
        let target = back + (older ? 1 : -1)
        guard (0...typed.count).contains(target) else { return }
        back = target
        field = TextField(back == 0 ? "" : typed[typed.count - back])
        (mistake, cycle) = (nil, nil)
    }

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState) {
        let rows = PromptRows(below: rect)
        rows.draw(field, prompt: ":", hints: hints(state), on: &frame)
        if let mistake { return rows.say([StyledText(mistake, .bad)], on: &frame) }
        let all = cycle?.lines ?? TypedCommand.completions(of: field.text, in: state)
        if all.isEmpty || field.text.isEmpty {
            rows.say(guidance(state), on: &frame)
        } else {
            let words = all.map { String($0[($0.lastIndex(of: " ").map($0.index(after:)) ?? $0.startIndex)...]) }
            rows.say(Self.page(of: words, selected: cycle?.index, width: rect.width - 2, frame.glyphs), on: &frame)
        }
    }

    /// As many of the words as fit into a row, the selected one among them.
    private static func page(of words: [String], selected: Int?, width: Int, _ glyphs: GlyphSet) -> [StyledText] {
        var line: [StyledText] = []
        var start = 0
        var x = 0
        for (index, word) in words.enumerated() {
            let columns = glyphs.width(of: word) + 2
            // Two columns are for what says that there are more.
            if x + columns > width - 2, index > start {
                if index > selected ?? 0 { return line + [StyledText("›", .dim)] }
                (line, start, x) = ([StyledText("‹ ", .dim)], index, 2)
            }
            line += [StyledText(word, index == selected ? .selection : .text), StyledText("  ")]
            x += columns
        }
        return line
    }

    /// The usage of the command being typed, or the one that was meant; before the first letter, examples.
    private func guidance(_ state: DashboardState) -> [StyledText] {
        if field.text.trimmed.isEmpty {
            return [StyledText("lr 0.003 over 200   @1200 lr /3   race lr 0.003 0.01   help", .dim)]
        }
        let name = TypedCommand.parts(of: field.text.trimmed).name
        if let command = TypedCommand.named(name, in: state) {
            return [StyledText(command.usage), StyledText("   \(command.help)", .dim)]
        }
        return meant(state).map { [StyledText("did you mean ", .dim), StyledText($0), StyledText("?", .dim)] } ?? []
    }

    func hints(_ state: DashboardState) -> [(keys: String, word: String)] {
        [("tab", "complete"), ("↑ ↓", "typed before"), ("esc", "cancel")]
    }
}
