import Canvas
import TrainEngine
import Wording

/// One command of the command line: its names, what it takes, what it does.
struct TypedCommand: Sendable {
    /// The names; the first one is shown.
    let names: [String]
    /// What follows the name: "VALUE".
    var argument = ""
    /// What it does, in a few words.
    let help: String
    /// What the argument can be, for completion.
    var choices: @Sendable (DashboardState) -> [String] = { _ in [] }
    /// What happens; the text behind the name comes without blanks at its ends.
    let action: @Sendable (inout DashboardState, String) throws(Mistake) -> [Effect]

    /// Why a line was not taken.
    struct Mistake: Error, Equatable {
        /// A sentence.
        let message: String
    }

    /// The first name and the argument: "theme NAME".
    var usage: String { argument.isEmpty ? names[0] : "\(names[0]) \(argument)" }

    /// All commands: those of the program, then one for every hyperparameter of the run.
    static func all(_ state: DashboardState) -> [TypedCommand] {
        fixed + state.knobs.indices.map { hyperparameter($0, in: state) }
    }

    /// The command of that name.
    static func named(_ name: String, in state: DashboardState) -> TypedCommand? {
        all(state).first { $0.names.contains(name) }
    }

    /// Carries out a line.
    static func run(_ line: String, in state: inout DashboardState) throws(Mistake) -> [Effect] {
        let name = String(line.prefix { $0 != " " })
        let argument = String(line.dropFirst(name.count)).trimmed
        guard let command = named(name, in: state) else {
            let near = closest(name, among: all(state).flatMap(\.names))
            throw Mistake(message: "there is no command '\(name)'" + (near.map { "; did you mean '\($0)'?" } ?? ""))
        }
        if command.argument.isEmpty, !argument.isEmpty {
            throw Mistake(message: "'\(name)' takes nothing behind it")
        }
        return try command.action(&state, argument)
    }

    /// The lines that a line could go on to be.
    static func completions(of line: String, in state: DashboardState) -> [String] {
        guard let space = line.firstIndex(of: " ") else {
            return all(state).flatMap(\.names).filter { $0.hasPrefix(line) }
        }
        let name = String(line[..<space])
        let argument = String(line[space...]).trimmed
        let choices = named(name, in: state)?.choices(state) ?? []
        return choices.filter { $0.hasPrefix(argument) }.map { "\(name) \($0)" }
    }

    /// The command that sets a hyperparameter.
    private static func hyperparameter(_ index: Int, in state: DashboardState) -> TypedCommand {
        let knob = state.knobs[index]
        let short = Knob.shortNames.first { $0.name == knob.name }?.short
        return TypedCommand(
            names: [short, knob.name].compactMap { $0 }, argument: "VALUE", help: "set \(knob.title)",
            action: { (state, text) throws(Mistake) in
                let knob = state.knobs[index]
                guard !text.isEmpty else {
                    throw Mistake(message: "\(knob.title) is \(knob.textWithUnit(knob.target)); type a value behind it")
                }
                let value: Double
                do throws(ValueChange.Mistake) {
                    value = try ValueChange(text, isWhole: knob.isWhole, isFlag: knob.isFlag)
                        .applied(to: knob.target)
                } catch {
                    throw Mistake(message: error.message)
                }
                if let objection = knob.objection(to: value) { throw Mistake(message: objection) }
                return state.set(index, to: value)
            })
    }
}

extension String {
    /// Without blanks at its ends.
    var trimmed: String {
        let start = drop { $0 == " " }
        guard let end = start.lastIndex(where: { $0 != " " }) else { return "" }
        return String(start[...end])
    }
}
