import Canvas

/// Types a command, with completion and what was typed before.
struct CommandOverlay: OverlayContent, Equatable {
    /// What was typed.
    var field = TextField()
    /// Why the command was not taken; the text stays, to be mended.
    var mistake: String?
    /// How far back in the past commands, 0 for the line being typed.
    var back = 0

    func press(_ key: Key, in state: inout DashboardState) -> [Effect] {
        var next = self
        switch key {
        case .enter:
            return submit(in: &state)
        case .tab:
            next.complete(state)
        case .up, .down:
            next.recall(state.requests.typed, older: key == .up)
        case .backspace where field.characters.isEmpty:
            state.view.overlay = nil
            return []
        default:
            if next.field.press(key) { next.mistake = nil }
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

    /// Goes on as far as all completions agree.
    private mutating func complete(_ state: DashboardState) {
        let all = TypedCommand.completions(of: field.text, in: state)
        guard let first = all.first else { return }
        let common = all.dropFirst().reduce(first) { String(zip($0, $1).prefix { $0 == $1 }.map(\.0)) }
        let text = all.count == 1 ? common + " " : common
        if text.count > field.text.count { field = TextField(text) }
        mistake = nil
    }

    private mutating func recall(_ typed: [String], older: Bool) {
        let target = back + (older ? 1 : -1)
        guard (0...typed.count).contains(target) else { return }
        back = target
        field = TextField(back == 0 ? "" : typed[typed.count - back])
        mistake = nil
    }

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState) {
        let inside = frame.dialog(Size(width: 64, height: 6), title: "command", in: rect)
        var rows = inside.inset(horizontally: 0, vertically: inside.height > 3 ? 1 : 0)
        field.draw(prompt: " :", in: rows.removeTop(1), on: &frame)
        let (text, role): (String, Role) = mistake.map { ($0, .bad) } ?? (guidance(state), .dim)
        frame.put(text, x: rows.x + 1, role: role, in: rows)
    }

    /// The usage of the command being typed, or those that it could become.
    private func guidance(_ state: DashboardState) -> String {
        if field.text.trimmed.isEmpty { return "lr 0.003 over 200   @1200 lr /3   fork lr 0.003 0.01   help" }
        let name = TypedCommand.parts(of: field.text.trimmed).name
        if field.text.contains(" ") || name == TypedCommand.planName,
            let command = TypedCommand.named(name, in: state)
        {
            return "\(command.usage)   \(command.help)"
        }
        return TypedCommand.completions(of: field.text, in: state).joined(separator: "   ")
    }

    func hints(_ state: DashboardState) -> [(keys: String, word: String)] {
        [("enter", "run"), ("tab", "complete"), ("↑ ↓", "typed before"), ("esc", "cancel")]
    }
}
