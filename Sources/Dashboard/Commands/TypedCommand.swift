import Canvas
import RunModel
import TrainProtocol
import Wording

/// One command of the command line: its names, what it takes, what it does.
struct TypedCommand: Sendable {
    /// The names; the first one is shown.
    let names: [String]
    /// What follows the name: "VALUE".
    var argument = ""
    /// What it does, in a few words.
    let help: String
    /// What it asks of the engine, nil for nothing or where that differs: the help says why it cannot be asked for.
    var asks: Command.Kind? = nil
    /// What the word being typed can be, after the words of the argument before it; for completion.
    var choices: @Sendable (DashboardState, [String]) -> [String] = { _, _ in [] }
    /// What happens; the text behind the name comes without blanks at its ends.
    let action: @Sendable (inout DashboardState, String) throws(Mistake) -> [Effect]

    /// Why a line was not taken.
    struct Mistake: Error, Equatable {
        /// A sentence.
        let message: String
    }

    /// The first name and the argument: "theme NAME".
    var usage: String {
        argument.isEmpty ? names[0] : names[0] == Self.planName ? names[0] + argument : "\(names[0]) \(argument)"
    }

    /// The name of the command that has its step behind it without a blank: `@1200 lr /3`.
    static let planName = "@"

    /// All commands: those of the program, then one for every hyperparameter of the run.
    static func all(_ state: DashboardState) -> [TypedCommand] {
        ofEveryRun + state.controls.indices.map { hyperparameter($0, in: state) }
    }

    /// The commands that do not depend on the run's hyperparameters. To add one, add a record to the list it belongs to.
    static let ofEveryRun: [TypedCommand] =
        fixed + time + compare + plans + watch

    /// The command of that name.
    static func named(_ name: String, in state: DashboardState) -> TypedCommand? {
        all(state).first { $0.names.contains(name) }
    }

    /// Carries out a line.
    static func run(_ line: String, in state: inout DashboardState) throws(Mistake) -> [Effect] {
        let (name, argument) = parts(of: line)
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
        guard let space = line.lastIndex(of: " ") else {
            // A letter that is a whole name needs no completing.
            return all(state).flatMap(\.names).filter { $0.hasPrefix(line) && $0.count > 1 }
        }
        let before = String(line[...space])
        let word = line[line.index(after: space)...]
        let (name, argument) = parts(of: before)
        let choices = named(name, in: state)?.choices(state, argument.words) ?? []
        return choices.filter { $0.hasPrefix(word) }.map { before + $0 }
    }

    /// The name and what stands behind it.
    static func parts(of line: String) -> (name: String, argument: String) {
        let name = line.hasPrefix(planName) ? planName : String(line.prefix { $0 != " " })
        return (name, String(line.dropFirst(name.count)).trimmed)
    }
}

extension String {
    /// Without blanks at its ends.
    var trimmed: String {
        let start = drop { $0 == " " }
        guard let end = start.lastIndex(where: { $0 != " " }) else { return "" }
        return String(start[...end])
    }

    /// What stands between blanks.
    var words: [String] { split(separator: " ").map(String.init) }

    /// The whole number that it writes, with or without commas between thousands.
    var wholeNumber: Int? { Int(filter { $0 != "," }) }
}
