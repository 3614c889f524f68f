import RunModel
import TrainProtocol
import Wording

extension TypedCommand {
    /// Commands that let branches train beside the run.
    static let compare: [TypedCommand] = [
        TypedCommand(
            names: ["ghost"], argument: "[EDIT]", help: "a twin without the last edit, or that one; ghost off",
            choices: { state, words in words.isEmpty ? ["off"] + state.editNumbers.map(String.init) : [] },
            action: { (state, text) throws(Mistake) in
                if text.isEmpty { return state.ask(.showTwin(withoutEdit: nil)) }
                if text == "off" { return state.ask(.hideTwin) }
                guard let number = text.wholeNumber, state.editNumbers.contains(number) else {
                    let numbers = state.editNumbers.suffix(8).map(String.init).joined(separator: ", ")
                    throw Mistake(
                        message: numbers.isEmpty
                            ? "there is no edit yet" : "there is no edit '\(text)'; the edits are \(numbers)")
                }
                return state.ask(.showTwin(withoutEdit: number))
            }),
        TypedCommand(
            names: ["race", "fork"], argument: "NAME VALUES",
            help: "side by side: race lr 0.003 0.01; lr 1e-4..0.1 x8; lr 0.01 0.03 x batch 16 64; halve every 500",
            asks: .race,
            choices: { state, words in
                guard let last = words.last, last != "x" else { return controlNames(state) }
                let name = words[(words.lastIndex(of: "x").map { $0 + 1 } ?? 0)...].first
                let choices = state.controls.first { $0.name == name || $0.shortName == name }?.choices ?? []
                return choices + (words.count > 2 ? ["x", "halve every 500"] : [])
            },
            action: { (state, text) throws(Mistake) in
                guard let name = text.words.first else { return state.raceSelected() }
                if text.words.count == 1 { return try state.raceAround(try control(name, in: state)) }
                return try state.race(try RaceLine.terms(text.words, in: state))
            }),
        TypedCommand(
            names: ["adopt"], argument: "NUMBER", help: "end the race and go on as that entrant", asks: .adopt,
            choices: { state, words in
                words.isEmpty ? (state.race?.entrants.indices.map { String(BranchLine.name($0 + 1)) } ?? []) : []
            },
            action: { (state, text) throws(Mistake) in
                guard let race = state.race else { throw Mistake(message: "there is no race; :race begins one") }
                let names = race.entrants.indices.map { String(BranchLine.name($0 + 1)) }
                guard let index = names.firstIndex(of: text) ?? text.wholeNumber.map({ $0 - 1 }),
                    race.entrants.indices.contains(index)
                else { throw Mistake(message: "the entrants are 1 to \(names[names.count - 1])") }
                return state.ask(.adopt(race.entrants[index].branch))
            }),
        TypedCommand(names: ["rates"], help: "find a learning rate: try many, each on copies", asks: .testLearningRates)
        {
            state, _ in
            state.testLearningRates()
        },
    ]
}

extension DashboardState {
    /// The numbers of the edits in force.
    fileprivate var editNumbers: [Int] { run.edits.map(\.number) }
}
