import Canvas
import RunModel
import TrainProtocol

/// Asks how to leave.
struct QuitOverlay: OverlayContent, Equatable {
    /// The choice that Enter takes; nil for the first one.
    var selection: Choice?
    /// Why saving did not work.
    var problem: String?

    /// The ways out.
    enum Choice: Sendable {
        case saveAndQuit, saveBestAndQuit, quit, leave, stop, cancel

        var key: Character {
            switch self {
            case .saveAndQuit: "s"
            case .saveBestAndQuit: "b"
            case .quit, .leave: "q"
            case .stop: "s"
            case .cancel: "c"
            }
        }
        /// The title where there is little room.
        var shortTitle: String {
            switch self {
            case .saveAndQuit: "save and quit"
            case .saveBestAndQuit: "save best and quit"
            case .quit, .leave, .stop, .cancel: title
            }
        }
        var title: String {
            switch self {
            case .saveAndQuit: "save the weights and quit"
            case .saveBestAndQuit: "save the best weights and quit"
            case .quit: "quit"
            case .leave: "quit; the training goes on"
            case .stop: "stop the training"
            case .cancel: "cancel"
            }
        }
    }

    /// The ways out of this training, the one that is taken first.
    private static func choices(_ state: DashboardState) -> [Choice] {
        guard state.leavesRunning else {
            guard state.objection(to: .save) == nil else { return [.quit, .cancel] }
            let best: [Choice] = best(state) != nil ? [.saveBestAndQuit] : []
            return [.saveAndQuit] + best + [.quit, .cancel]
        }
        // What has ended is not left running.
        return state.objection(to: .stop) == nil ? [.leave, .stop, .cancel] : [.quit, .cancel]
    }

    /// The step of the best weights, where the last ones are others; nil where there is nothing to choose. With a patience
    /// those that are saved are the best.
    private static func best(_ state: DashboardState) -> Int? {
        guard state.objection(to: .saveBest) == nil, state.watch.patience == nil,
            let best = state.history.bestEvaluation, best.step < state.step
        else { return nil }
        return best.step
    }

    /// A choice, of weights with their steps where there are two.
    private static func title(_ choice: Choice, _ state: DashboardState) -> String {
        guard let best = best(state) else { return choice.title }
        return switch choice {
        case .saveAndQuit: "save the last @\(state.step) and quit"
        case .saveBestAndQuit: "save the best @\(best) and quit"
        case .quit, .leave, .stop, .cancel: choice.title
        }
    }

    func press(_ key: Key, in state: inout DashboardState) -> [Effect] {
        let all = Self.choices(state)
        let index = selection.flatMap { all.firstIndex(of: $0) } ?? 0
        var next = self
        switch key {
        case .enter: return take(all[index], in: &state)
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
        case .saveAndQuit, .saveBestAndQuit:
            let effects = state.ask(choice == .saveAndQuit ? .save : .saveBest)
            guard case .send(_, let id)? = effects.first else { return [] }
            state.requests.saveBeforeQuitting = id
            state.say("saving", role: .dim)
            return effects
        case .quit, .leave: return [.quit(.chosen)]
        case .stop: return state.ask(.stop)
        case .cancel: return []
        }
    }

    func draw(in rect: Rect, on frame: inout Frame, state: DashboardState) {
        let all = Self.choices(state)
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
            let isSelected = choice == selection ?? all[0]
            if isSelected { frame.fill(row, with: Cell(" ", role: .selection)) }
            let mark = isSelected ? "▸" : " "
            // Mark, key and blanks take six columns.
            let fits = frame.glyphs.width(of: Self.title(choice, state)) + 6 <= row.width
            frame.put(
                [
                    StyledText("\(mark) ", isSelected ? .selection : .text),
                    StyledText("\(choice.key)  ", isSelected ? .selection : .accent),
                    StyledText(fits ? Self.title(choice, state) : choice.shortTitle, isSelected ? .selection : .text),
                ], x: row.x + 1, in: row)
        }
    }

    func hints(_ state: DashboardState) -> [(keys: String, word: String)] {
        [("enter", "choose"), ("↑ ↓", "select"), ("esc", "back")]
    }
}
