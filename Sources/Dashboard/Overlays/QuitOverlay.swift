import Canvas
import RunModel
import TrainProtocol

/// Asks how to leave.
struct QuitOverlay: OverlayContent, Equatable {
    /// The choice that Enter takes.
    var selection = Choice.saveAndQuit
    /// Why saving did not work.
    var problem: String?

    /// The ways out.
    enum Choice: CaseIterable, Sendable {
        case saveAndQuit, quit, cancel

        var key: Character {
            switch self {
            case .saveAndQuit: "s"
            case .quit: "q"
            case .cancel: "c"
            }
        }
        var title: String {
            switch self {
            case .saveAndQuit: "save the weights and quit"
            case .quit: "quit"
            case .cancel: "cancel"
            }
        }
    }

    func press(_ key: Key, in state: inout DashboardState) -> [Effect] {
        let all = Choice.allCases
        let index = all.firstIndex(of: selection) ?? 0
        var next = self
        switch key {
        case .enter: return take(selection, in: &state)
        case .up, .backTab, .left, .character("k"): next.selection = all[(index + all.count - 1) % all.count]
        case .down, .tab, .right, .character("j"): next.selection = all[(index + 1) % all.count]
        case .character(let character):
            let lower = Character(character.lowercased())
            if let choice = all.first(where: { $0.key == lower }) { return take(choice, in: &state) }
        default: return []
        }
        state.view.overlay = .quit(next)
        return []
    }

    private func take(_ choice: Choice, in state: inout DashboardState) -> [Effect] {
        state.view.overlay = nil
        switch choice {
        case .saveAndQuit:
            let effects = state.ask(.save)
            guard case .send(_, let id)? = effects.first else { return [] }
            state.requests.saveBeforeQuitting = id
            state.say("saving", role: .dim)
            return effects
        case .quit: return [.quit(.chosen)]
        case .cancel: return []
        }
    }

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState) {
        let all = Choice.allCases
        let width = max(40, min(70, (problem?.count ?? 0) + 4))
        var rows = frame.dialog(
            Size(width: width, height: all.count + (problem == nil ? 4 : 6)), title: "quit", in: rect)
        if rows.height > all.count { _ = rows.removeTop(1) }
        if let problem, rows.height > all.count + 1 {
            frame.put(problem, x: rows.x + 1, role: .bad, in: rows)
            _ = rows.removeTop(2)
        }
        for choice in all {
            let row = rows.removeTop(1)
            let isSelected = choice == selection
            if isSelected { frame.fill(row, with: Cell(" ", role: .selection)) }
            let mark = isSelected ? "▸" : " "
            frame.put(
                [
                    StyledText("\(mark) ", isSelected ? .selection : .text),
                    StyledText("\(choice.key)  ", isSelected ? .selection : .accent),
                    StyledText(choice.title, isSelected ? .selection : .text),
                ], x: row.x + 1, in: row)
        }
    }

    func hints(_ state: DashboardState) -> [(keys: String, word: String)] {
        [("enter", "choose"), ("↑ ↓", "select"), ("esc", "back")]
    }
}
