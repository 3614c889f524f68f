import TrainEngine
import Wording

extension TypedCommand {
    /// The command that sets a hyperparameter: `lr 0.003`, `lr 0.003 over 200`.
    static func hyperparameter(_ index: Int, in state: DashboardState) -> TypedCommand {
        let knob = state.knobs[index]
        let short = Knob.shortNames.first { $0.name == knob.name }?.short
        return TypedCommand(
            names: [short, knob.name].compactMap { $0 }, argument: "VALUE", help: "set \(knob.title)",
            choices: { state, words in
                switch words.count {
                case 0: knob.choices
                case 1: knob.canRamp ? ["over"] : []
                default: []
                }
            },
            action: { (state, text) throws(Mistake) in
                let knob = state.knobs[index]
                guard !text.isEmpty else {
                    throw Mistake(message: "\(knob.title) is \(knob.textWithUnit(knob.target)); type a value behind it")
                }
                var words = text.words
                var steps = 0
                if let over = words.firstIndex(of: "over") {
                    guard knob.canRamp else {
                        throw Mistake(message: "\(knob.title) changes at once; leave out 'over'")
                    }
                    guard words.count == over + 2, let count = words[over + 1].wholeNumber, count > 0 else {
                        let rest = words[(over + 1)...].joined(separator: " ")
                        throw Mistake(message: "'\(rest)' is not a number of steps: \(words[0]) over 200")
                    }
                    steps = count
                    words.removeSubrange(over...)
                }
                let value = try read(words.joined(separator: " "), for: knob)
                return state.set(index, to: value, over: steps)
            })
    }

    /// The value that a text means for a hyperparameter.
    static func read(_ text: String, for knob: Knob) throws(Mistake) -> Double {
        do throws(ValueChange.Mistake) {
            return try knob.value(text, from: knob.target)
        } catch {
            throw Mistake(message: error.message)
        }
    }

    /// The hyperparameter that a word means: its name, its short name, or the end of a name (`l2` is the first layer's).
    static func knob(_ word: String, in state: DashboardState) throws(Mistake) -> Int {
        let name = Knob.shortNames.first { $0.short == word }?.name ?? word
        if let index = state.knobs.firstIndex(where: { $0.name == name }) { return index }
        if let index = state.knobs.firstIndex(where: { $0.name.hasSuffix(".\(name)") }) { return index }
        throw Mistake(
            message: "there is no hyperparameter '\(word)'; "
                + hint(for: word, among: knobNames(state), plural: "hyperparameters"))
    }

    /// All names by which hyperparameters go.
    static func knobNames(_ state: DashboardState) -> [String] {
        state.knobs.flatMap { knob in
            Knob.shortNames.filter { $0.name == knob.name }.map(\.short) + [knob.name]
        }
    }
}

extension Knob {
    /// Whether there is anything between two of its values.
    var canRamp: Bool { choices.isEmpty && !isFlag && Self.steersLearning(name) }
}
