import Canvas
import TrainProtocol

/// One row of the key table: what is pressed, what it does, and all that is ever said about it.
///
/// The handler, the hint bar, the help overlay and the README's table are all made from these records.
public struct KeyBinding: Sendable {
    /// The keys, as shown.
    let keys: [Key]
    /// Keys that do the same and are shown in the help only where `label` says so.
    var aliases: [Key] = []
    /// How the keys are written where their own names would be too long: "1-5".
    var label: String? = nil
    /// Where it stands in the help.
    let section: Section
    /// What it does, in a few words for the help.
    let help: String
    /// A word for the hint bar; nil where the bar does not show it now.
    var hint: @Sendable (DashboardState) -> String? = { _ in nil }
    /// How early the hint gives way where the bar is short: the lowest stays longest.
    var rank = 50
    /// What the keys ask of the engine, nil for nothing: the bar does not show what cannot be asked for.
    var asks: Command.Kind? = nil
    /// Whether the keys mean this now.
    var applies: @Sendable (DashboardState) -> Bool = { _ in true }
    /// What happens.
    let action: @Sendable (inout DashboardState, Key) -> [Effect]

    /// The parts of the help.
    enum Section: String, CaseIterable, Sendable {
        case run, time = "go back", compare, change, look, program
    }

    /// The word for the hint bar, nil where the keys do nothing now.
    func hint(in state: DashboardState) -> String? {
        guard applies(state), asks.flatMap(state.objection) == nil else { return nil }
        return hint(state)
    }

    /// Whether the keys include this one.
    func matches(_ key: Key) -> Bool { keys.contains(key) || aliases.contains(key) }

    /// The keys as a person reads them: "space", "+ -".
    var keyLabel: String { label ?? keys.map(\.label).joined(separator: " ") }
}

extension Key {
    /// The key's name on screen.
    var label: String {
        switch self {
        case .character(" "): "space"
        case .character(let character): String(character)
        case .control(let character): "Ctrl-\(character.uppercased())"
        case .enter: "enter"
        case .escape: "esc"
        case .tab: "tab"
        case .backTab: "shift-tab"
        case .backspace: "backspace"
        case .delete: "delete"
        case .up: "↑"
        case .down: "↓"
        case .left: "←"
        case .right: "→"
        case .shiftLeft: "shift-←"
        case .shiftRight: "shift-→"
        case .home: "home"
        case .end: "end"
        case .pageUp: "page up"
        case .pageDown: "page down"
        }
    }
}
