import Canvas
import RunModel
import TrainProtocol
import Wording

extension TypedCommand {
    /// Commands that say what the run is to look out for.
    static let watch: [TypedCommand] = [
        TypedCommand(
            names: ["guard"], argument: "POLICY", help: "what a loss that is not finite does: pause, rewind, stop",
            choices: { _, words in words.isEmpty ? DivergencePolicy.allCases.map(\.rawValue) : [] },
            action: { (state, text) throws(Mistake) in
                guard !text.isEmpty else {
                    state.say("a loss that is not finite makes the run \(state.watch.policy.words)", role: .text)
                    return []
                }
                guard let policy = DivergencePolicy(rawValue: text) else {
                    let names = DivergencePolicy.allCases.map(\.rawValue)
                    throw Mistake(
                        message: "there is no policy '\(text)'; \(hint(for: text, among: names, plural: "policies"))")
                }
                return state.ask(.onDivergence(policy))
            }),
        TypedCommand(
            names: ["break"], argument: "WHEN", help: "pause when: loss > 2, epoch 3, step 1200, val_loss rises 3; off",
            choices: { _, words in
                switch words {
                case []: ["loss", "epoch", "step", "val_loss", "off"]
                case ["loss"]: [">", "<"]
                case ["val_loss"]: ["rises"]
                default: []
                }
            },
            action: { (state, text) throws(Mistake) in
                guard !text.isEmpty else {
                    let list = state.watch.breakpoints.map(\.words).joined(separator: ", ")
                    state.say(list.isEmpty ? "no breakpoints" : "pauses at: \(list)", role: .text)
                    return []
                }
                if text == "off" { return state.ask(.clearBreakpoints) }
                return state.ask(.pauseWhen(try breakpoint(text, in: state)))
            }),
        TypedCommand(
            names: ["patience"], argument: "EPOCHS",
            help: "end when validation has not fallen for so many epochs, with the best weights; off",
            choices: { _, words in words.isEmpty ? ["off"] : [] },
            action: { (state, text) throws(Mistake) in
                guard !text.isEmpty else {
                    let patience = state.watch.patience
                    state.say(
                        patience.map { "waits \($0) epochs for a better validation" } ?? "no patience is set",
                        role: .text)
                    return []
                }
                if text == "off" { return state.ask(.setPatience(nil)) }
                guard state.isValidated else { throw Mistake(message: state.noValidation) }
                guard let epochs = text.wholeNumber, epochs >= 0 else {
                    throw Mistake(message: "'\(text)' is not a number of epochs")
                }
                return state.ask(.setPatience(epochs))
            }),
    ]

    /// The breakpoint that a text means: `loss > 2`, `epoch 3`, `step 1200`, `val_loss rises 3`.
    private static func breakpoint(_ text: String, in state: DashboardState) throws(Mistake) -> Breakpoint {
        // Blanks around the comparison are free.
        let words = text.replacing(">", with: " > ").replacing("<", with: " < ").words
        let forms = "loss > 2, loss < 0.5, epoch 3, step 1200, val_loss rises 3, off"
        switch (words[0], words.count) {
        case ("loss", 3) where words[1] == ">" || words[1] == "<":
            guard let value = Double(words[2]), value.isFinite else {
                throw Mistake(message: "'\(words[2])' is not a loss")
            }
            return words[1] == ">" ? .lossAbove(value) : .lossBelow(value)
        case ("epoch", 2):
            return .epoch(try toCome(words[1], "epoch", after: (state.progress?.epoch ?? 1) - 1))
        case ("step", 2):
            return .step(try toCome(words[1], "step", after: state.step))
        case ("val_loss", 3) where words[1] == "rises":
            guard state.isValidated else { throw Mistake(message: state.noValidation) }
            guard let times = words[2].wholeNumber, times > 0 else {
                throw Mistake(message: "'\(words[2])' is not a number of evaluations")
            }
            return .validationLossRises(times: times)
        default:
            let near = closest(words[0], among: ["loss", "epoch", "step", "val_loss", "off"])
            let question = near.map { $0 == words[0] ? "" : "did you mean '\($0)'? " } ?? ""
            throw Mistake(message: "\(question)break takes \(forms)")
        }
    }

    /// A number of something that is not over yet.
    private static func toCome(_ text: String, _ what: String, after past: Int) throws(Mistake) -> Int {
        guard let number = text.wholeNumber, number > 0 else {
            throw Mistake(message: "'\(text)' is not the number of \(what == "epoch" ? "an epoch" : "a step")")
        }
        guard number > past else { throw Mistake(message: "\(what) \(NumberFormat.grouped(number)) is over") }
        return number
    }
}

extension DivergencePolicy {
    /// What it does, behind "makes the run".
    var words: String {
        switch self {
        case .pause: "pause"
        case .rewind: "go back some steps and on with half the learning rate"
        case .stop: "stop"
        }
    }
}
