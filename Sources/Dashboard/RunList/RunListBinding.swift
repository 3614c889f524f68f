import Canvas
import RunModel

/// One row of the key table of the list of runs: what is pressed, what it does, and what is said about it.
struct RunListBinding: Sendable {
    let keys: [Key]
    var aliases: [Key] = []
    /// How the keys are written where their own names would be too long.
    var label: String? = nil
    /// What it does, in a few words for the help.
    let help: String
    /// A word for the hint bar; nil where the bar does not show it.
    var hint: String? = nil
    /// How early the hint gives way where the bar is short: the lowest stays longest.
    var rank = 50
    /// Why it cannot be done now; nil where it can.
    var objection: @Sendable (RunListState) -> String? = { _ in nil }
    /// What happens.
    let action: @Sendable (inout RunListState, Key) -> [RunListEffect]

    func matches(_ key: Key) -> Bool { keys.contains(key) || aliases.contains(key) }

    /// The keys as a person reads them.
    var keyLabel: String { label ?? keys.map(\.label).joined(separator: " ") }

    /// All of them, in the order of the help.
    static let all: [RunListBinding] = moving + choosing + doing + program

    private static let moving: [RunListBinding] = [
        RunListBinding(
            keys: [.up, .down], aliases: [.character("k"), .character("j")], label: "↑ ↓ k j", help: "select a run",
            hint: "select", rank: 12,
            action: { state, key in
                state.select(state.selection + (key == .up || key == .character("k") ? -1 : 1))
                return []
            }),
        RunListBinding(
            keys: [.pageUp, .pageDown], aliases: [.control("b"), .control("f")], help: "a page back, a page on",
            action: { state, key in
                let page = max(1, state.room - 1)
                state.select(state.selection + (key == .pageUp || key == .control("b") ? -page : page))
                return []
            }),
        RunListBinding(
            keys: [.home, .end], aliases: [.character("g"), .character("G")], label: "home end g G",
            help: "the first, the last",
            action: { state, key in
                state.select(key == .home || key == .character("g") ? 0 : state.shown.count - 1)
                return []
            }),
    ]

    private static let choosing: [RunListBinding] = [
        RunListBinding(
            keys: [.character("/")], help: "show those that have all of some words; #tag",
            hint: "filter", rank: 3,
            action: { state, _ in
                state.dialog = .filter(TextField(state.filter), former: state.filter)
                return []
            }),
        RunListBinding(
            keys: [.character("s"), .character("S")], help: "sort by the next column; S the other way round",
            hint: "sort", rank: 5,
            action: { state, key in
                let all = RunListColumn.orders
                if key == .character("s") {
                    let next = all[((all.firstIndex(of: state.order) ?? 0) + 1) % all.count]
                    state.isDescending = next.startsDescending
                    state.order = next
                } else {
                    state.isDescending.toggle()
                }
                return []
            }),
        RunListBinding(
            keys: [.character(" ")], help: "mark a run, or no longer", hint: "mark", rank: 6, objection: needsRun,
            action: { state, _ in
                guard let name = state.selected?.name else { return [] }
                if state.marked.remove(name) == nil { state.marked.insert(name) }
                state.select(state.selection + 1)
                return []
            }),
        RunListBinding(
            keys: [.escape], help: "forget the marks, then the filter",
            action: { state, _ in
                if state.marked.isEmpty { state.filter = "" } else { state.marked = [] }
                return []
            }),
    ]

    private static let imported = "it was trained elsewhere: it can be looked at and compared"

    private static let doing: [RunListBinding] = [
        RunListBinding(
            keys: [.enter], help: "open a run: its chart, and how it goes on while it does", hint: "open", rank: 2,
            objection: needsRun, action: { state, _ in state.selected.map { [.open($0.name)] } ?? [] }),
        RunListBinding(
            keys: [.character("r")], help: "go on with a run that did not end", hint: "resume", rank: 4,
            objection: { state in
                switch state.selected?.facts?.standing {
                case nil: needsRun(state)
                case .running?: "it goes on already: enter opens it"
                case .imported?: imported
                case .done?: "all its epochs are done: traintui resume --extend N adds some"
                default: nil
                }
            }, action: { state, _ in state.selected.map { [.resume($0.name)] } ?? [] }),
        RunListBinding(
            keys: [.character("R")], help: "take a run's steps again from its journal, and watch",
            objection: { state in state.selected?.facts?.standing == .imported ? imported : needsRun(state) },
            action: { state, _ in state.selected.map { [.replay($0.name)] } ?? [] }),
        RunListBinding(
            keys: [.character("i")], help: "all there is to say of a run", hint: "info", rank: 9, objection: needsRun,
            action: { state, _ in state.selected.map { [.describe($0.name)] } ?? [] }),
        RunListBinding(
            keys: [.character("c")], help: "compare the marked runs, two to nine", hint: "compare", rank: 7,
            objection: { (2...9).contains($0.marked.count) ? nil : "mark two to nine runs with the space bar" },
            action: { state, _ in [.compare(state.chosen.map(\.name))] }),
        RunListBinding(
            keys: [.character("n")], help: "write a note about a run", hint: "note", rank: 10, objection: needsRun,
            action: { state, _ in
                if let run = state.selected { state.dialog = .note(TextField(run.facts?.note ?? ""), name: run.name) }
                return []
            }),
        RunListBinding(
            keys: [.character("p")], help: "keep a run for good, or no longer",
            hint: "pin", rank: 11, objection: needsRun,
            action: { state, _ in
                state.selected.map { [.pin($0.name, !($0.facts?.isPinned ?? false))] } ?? []
            }),
        RunListBinding(
            keys: [.character("d")], aliases: [.delete], help: "remove the marked runs, or this one, after a question",
            hint: "delete", rank: 8, objection: needsRun,
            action: { state, _ in
                state.dialog = .remove(state.chosen.map(\.name))
                return []
            }),
    ]

    private static let program: [RunListBinding] = [
        RunListBinding(
            keys: [.character("t")], help: "next theme",
            action: { state, _ in
                guard let index = state.themes.firstIndex(of: state.theme) ?? state.themes.indices.first else {
                    return []
                }
                state.theme = state.themes[(index + 1) % state.themes.count]
                return [.useTheme(state.theme)]
            }),
        RunListBinding(
            keys: [.character("?")], help: "help", hint: "help", rank: 1,
            action: { state, _ in
                state.dialog = .help(scroll: 0)
                return []
            }),
        RunListBinding(
            keys: [.character("q")], aliases: [.control("c")], label: "q Ctrl-C", help: "quit", hint: "quit", rank: 0,
            action: { _, _ in [.quit] }),
    ]

    @Sendable private static func needsRun(_ state: RunListState) -> String? {
        state.selected == nil ? "there is no run here" : nil
    }

    /// The table of all keys for a README, in Markdown.
    package static var markdownTable: String {
        let rows = all.map { binding in
            let keys = binding.label.map { ["`\($0)`"] } ?? binding.keys.map { "`\($0.label)`" }
            return "| \(keys.joined(separator: " ")) | \(binding.help) |"
        }
        return (["| key | does |", "|---|---|"] + rows).joined(separator: "\n") + "\n"
    }
}
