import CTerminalGuard

/// A signal, or the range of the real-time ones, and what the program does about it: a row of the one table that handlers,
/// dashboard and status bar go by.
package struct TerminalSignal: Sendable, Hashable {
    /// What is done.
    package enum Action: Sendable, Hashable, CaseIterable {
        /// The run ends after the step in flight, with its weights, its journal and its step log.
        case ends
        /// The weights are written now, and the run goes on.
        case warns
        /// The terminal is put back and the process dies of the signal at once.
        case dies
        /// The process stops, with the terminal as it was found.
        case suspends
        /// The terminal is taken over again.
        case resumes
        /// The terminal has another size.
        case resizes
        /// Nothing: what it announces is seen as an error of the call that met it.
        case ignored
        /// What the system does stays: it ends no process, or no program can change it.
        case leftAlone
    }

    /// The signal's number, or the numbers of a range.
    package let numbers: ClosedRange<Int32>
    /// Its name without SIG.
    package let name: String
    /// What is done about it.
    package let action: Action

    /// The first of the numbers, or the only one.
    package var number: Int32 { numbers.lowerBound }
    /// What a program exits with when the signal ended it, as shells have it.
    package var exitCode: Int32 { 128 + number }

    /// All signals that this system has, by number.
    package static let table: [TerminalSignal] = {
        var count = 0
        let rows = signal_table(&count)
        return UnsafeBufferPointer(start: rows, count: count).map { row in
            TerminalSignal(
                numbers: row.first...row.last, name: String(cString: row.name), action: Action(row.action))
        }
    }()

    /// The signal of this number; nil where the table has none.
    package init?(number: Int32) {
        guard let row = Self.table.first(where: { $0.numbers.contains(number) }) else { return nil }
        let offset = number - row.number
        let name = row.numbers.count == 1 ? row.name : offset == 0 ? "RTMIN" : "RTMIN+\(offset)"
        self.init(numbers: number...number, name: name, action: row.action)
    }

    private init(numbers: ClosedRange<Int32>, name: String, action: Action) {
        self.numbers = numbers
        self.name = name
        self.action = action
    }
}

extension TerminalSignal.Action {
    fileprivate init(_ action: signal_action) {
        self =
            switch action {
            case signal_action_ignore: .ignored
            case signal_action_end: .ends
            case signal_action_warn: .warns
            case signal_action_suspend: .suspends
            case signal_action_resume: .resumes
            case signal_action_resize: .resizes
            case signal_action_die: .dies
            default: .leftAlone
            }
    }
}

extension TerminalSignal {
    /// The table for the documentation, in Markdown: the signals of each action, and what the program exits with.
    package static var markdownTable: String {
        let rows = Action.allCases.map { action in
            let names = table.filter { $0.action == action }.map { "`\($0.name)`" }.joined(separator: " ")
            return "| \(names) | \(action.help) | \(action.exit) |"
        }
        return (["| signals | what happens | exit code |", "|---|---|---|"] + rows).joined(separator: "\n") + "\n"
    }
}

extension TerminalSignal.Action {
    /// What is done, for people.
    fileprivate var help: String {
        switch self {
        case .ends: "the run ends after the step in flight, and writes what `--save` asks for"
        case .warns: "the weights are written now, where `--save` names a file, and the run goes on"
        case .dies: "the terminal is put back, nothing else is done"
        case .suspends: "the program stops; the terminal is put back and taken again when it goes on"
        case .resumes: "the dashboard is drawn again"
        case .resizes: "the dashboard is drawn in the new size"
        case .ignored: "nothing; the write that it is about fails with an error"
        case .leftAlone: "what the system does with it"
        }
    }

    /// How it ends.
    fileprivate var exit: String {
        switch self {
        case .ends: "128 + n"
        case .dies: "dies of it, 128 + n in a shell"
        case .warns, .suspends, .resumes, .resizes, .ignored, .leftAlone: ""
        }
    }
}
