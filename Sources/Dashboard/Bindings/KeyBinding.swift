import Canvas
import TrainProtocol

/// One row of the key table: what is pressed, what it does, and all that is ever said about it.
///
/// The handler, the hint bar, the help overlay and the README's table are all made from these records.
package struct KeyBinding: Sendable {
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
    /// A word for the hint bar, or one for each of the keys; nil where the bar does not show it now.
    var hint: @Sendable (DashboardState) -> String? = { _ in nil }
    /// How early the hint gives way where the bar is short: the lowest stays longest.
    var rank = 50
    /// Whether the hint is there before all others, however short the bar.
    var comesFirst: @Sendable (DashboardState) -> Bool = { _ in false }
    /// What the keys ask of the engine, nil for nothing or where that differs; where it cannot be asked for, the keys
    /// and the help say why.
    var asks: Command.Kind? = nil
    /// Whether the keys mean this now.
    var applies: @Sendable (DashboardState) -> Bool = { _ in true }
    /// What happens.
    let action: @Sendable (inout DashboardState, Key) -> [Effect]

    /// The parts of the help.
    enum Section: String, CaseIterable, Sendable {
        case run, time = "go back", compare, change, look, program
    }

    /// What the hint bar shows: those of the keys that would do something, and what; nil where none would.
    ///
    /// The keys' own action is asked, on a copy of the state, so that the bar cannot offer what a key refuses.
    func hint(in state: DashboardState) -> (keys: [Key], word: String)? {
        guard applies(state), let word = hint(state) else { return nil }
        let shown = keys.prefix(label == nil ? 2 : 1)
        let offered = shown.filter { refusal(of: $0, in: state) == nil }
        guard !offered.isEmpty else { return nil }
        let words = word.words
        guard offered.count < shown.count, words.count == shown.count else { return (offered, word) }
        return (offered, zip(shown, words).filter { offered.contains($0.0) }.map(\.1).joined(separator: " "))
    }

    /// Does what a key means, or says why it cannot be.
    func press(_ key: Key, in state: inout DashboardState) -> [Effect] {
        if let objection = asks.flatMap(state.objection) { return state.refuse(objection) }
        return action(&state, key)
    }

    /// Why a key would do nothing now, as a sentence; nil where it would do something.
    func refusal(of key: Key, in state: DashboardState) -> String? {
        // What only changes the picture can always be had.
        guard section != .look, section != .program else { return nil }
        var trial = state
        trial.view.notice = nil
        _ = press(key, in: &trial)
        return trial.view.notice.flatMap { $0.isRefusal ? $0.text : nil }
    }

    /// Why none of the keys does anything now; nil where one does, or where another binding has the keys.
    func refusal(in state: DashboardState) -> String? {
        if let objection = asks.flatMap(state.objection) { return objection }
        guard applies(state) else { return nil }
        let refusals = keys.map { refusal(of: $0, in: state) }
        return refusals.contains(nil) ? nil : refusals.first ?? nil
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
        case .function(let number): "F\(number)"
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
