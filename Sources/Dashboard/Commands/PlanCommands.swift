import Canvas
import RunModel
import TrainProtocol
import Wording

extension TypedCommand {
    /// Commands about edits that wait for their step.
    static let plans: [TypedCommand] = [
        TypedCommand(
            names: [planName], argument: "STEP NAME VALUE", help: "plan an edit: @1200 lr /3", asks: .plan,
            choices: { state, words in
                switch words.count {
                case 1: controlNames(state)
                case 2: state.controls.first { $0.name == words[1] }?.choices ?? []
                default: []
                }
            },
            action: { (state, text) throws(Mistake) in
                let words = text.words
                guard words.count >= 3 else {
                    throw Mistake(message: "a plan has a step, a name and a value: @1200 lr /3")
                }
                guard let step = words[0].wholeNumber, step >= 0 else {
                    throw Mistake(message: "'\(words[0])' is not a step")
                }
                guard step >= state.step else {
                    let now = NumberFormat.grouped(state.step)
                    throw Mistake(message: "step \(NumberFormat.grouped(step)) is past; this is step \(now)")
                }
                let control = state.controls[try control(words[1], in: state)]
                let value = words[2...].joined(separator: " ")
                // What it will be applied to is not known yet: the present value tells what is never right.
                _ = try read(value, for: control)
                do throws(ValueChange.Mistake) {
                    return state.ask(.plan(control.name, try control.change(value), at: step))
                } catch {
                    throw Mistake(message: error.message)
                }
            }),
        TypedCommand(
            names: ["cancel"], argument: "NUMBER", help: "cancel a planned edit", asks: .cancelPlan,
            choices: { state, words in words.isEmpty ? state.planned.map { "\($0.number)" } : [] },
            action: { (state, text) throws(Mistake) in
                guard let number = text.wholeNumber, state.planned.contains(where: { $0.number == number }) else {
                    let numbers = state.planned.map { "\($0.number)" }.joined(separator: ", ")
                    throw Mistake(
                        message: numbers.isEmpty
                            ? "no edit is planned" : "there is no planned edit '\(text)'; planned: \(numbers)")
                }
                return state.ask(.cancelPlan(number))
            }),
    ]
}
