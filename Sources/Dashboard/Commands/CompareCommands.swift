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
            names: ["fork"], argument: "NAME VALUES", help: "race values side by side: fork lr 0.003 0.01 0.03",
            asks: .race,
            choices: { state, words in
                guard let first = words.first else { return controlNames(state) }
                return state.controls.first { $0.name == first }?.choices ?? []
            },
            action: { (state, text) throws(Mistake) in
                guard let name = text.words.first else { return state.raceSelected() }
                let index = try control(name, in: state)
                let texts = text.words.dropFirst()
                if texts.isEmpty { return try state.raceAround(index) }
                var values: [SettingValue] = []
                for text in texts { values.append(try read(text, for: state.controls[index])) }
                return try state.race(index, values)
            }),
        TypedCommand(
            names: ["adopt"], argument: "NUMBER", help: "end the race and go on as that entrant", asks: .adopt,
            choices: { state, words in
                words.isEmpty ? (state.race?.entrants.indices.map { "\($0 + 1)" } ?? []) : []
            },
            action: { (state, text) throws(Mistake) in
                guard let race = state.race else { throw Mistake(message: "there is no race; :fork begins one") }
                guard let number = text.wholeNumber, race.entrants.indices.contains(number - 1) else {
                    throw Mistake(message: "the entrants are 1 to \(race.entrants.count)")
                }
                return state.ask(.adopt(race.entrants[number - 1].branch))
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
