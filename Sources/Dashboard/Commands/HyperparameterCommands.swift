import RunModel
import TrainProtocol
import Wording

extension TypedCommand {
    /// The command that sets a hyperparameter: `lr 0.003`, `lr 0.003 over 200`.
    static func hyperparameter(_ index: Int, in state: DashboardState) -> TypedCommand {
        let control = state.controls[index]
        return TypedCommand(
            names: [control.shortName, control.name].compactMap { $0 }, argument: "VALUE", help: "set \(control.title)",
            choices: { state, words in
                switch words.count {
                case 0: control.choices
                case 1: control.hyperparameter.canRamp ? ["over"] : []
                default: []
                }
            },
            action: { (state, text) throws(Mistake) in
                let control = state.controls[index]
                guard !text.isEmpty else {
                    throw Mistake(
                        message: "\(control.title) is \(control.textWithUnit(control.target)); type a value behind it")
                }
                var words = text.words
                var steps = 0
                if let over = words.firstIndex(of: "over") {
                    guard control.hyperparameter.canRamp else {
                        throw Mistake(message: "\(control.title) changes at once; leave out 'over'")
                    }
                    guard words.count == over + 2, let count = words[over + 1].wholeNumber, count > 0 else {
                        let rest = words[(over + 1)...].joined(separator: " ")
                        throw Mistake(message: "'\(rest)' is not a number of steps: \(words[0]) over 200")
                    }
                    steps = count
                    words.removeSubrange(over...)
                }
                let value = try read(words.joined(separator: " "), for: control)
                return state.set(index, to: value, over: steps)
            })
    }

    /// The value that a text means for a hyperparameter.
    static func read(_ text: String, for control: Control) throws(Mistake) -> SettingValue {
        do throws(ValueChange.Mistake) {
            return try control.value(text, from: control.target)
        } catch {
            throw Mistake(message: error.message)
        }
    }

    /// The hyperparameter that a word means: its name, its short name, or the end of a name (`l2` is the first layer's).
    static func control(_ word: String, in state: DashboardState) throws(Mistake) -> Int {
        let controls = state.controls
        if let index = controls.firstIndex(where: { $0.name == word || $0.shortName == word }) { return index }
        if let index = controls.firstIndex(where: { $0.name.hasSuffix(".\(word)") }) { return index }
        throw Mistake(
            message: "there is no hyperparameter '\(word)'; "
                + hint(for: word, among: controlNames(state), plural: "hyperparameters"))
    }

    /// All names by which hyperparameters go.
    static func controlNames(_ state: DashboardState) -> [String] {
        state.controls.flatMap { [$0.shortName, $0.name].compactMap { $0 } }
    }
}
