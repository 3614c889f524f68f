import Canvas
import RunModel
import TrainProtocol
import Wording

extension TypedCommand {
    /// Commands that go back in time, and forward again.
    static let time: [TypedCommand] = [
        TypedCommand(names: ["undo"], help: "go back to before the last edit", asks: .undo) { state, _ in
            state.ask(.undo)
        },
        TypedCommand(names: ["redo"], help: "go forward again to where undo left", asks: .redo) { state, _ in
            state.ask(.redo)
        },
        TypedCommand(names: ["best"], help: "go back to the best validation so far", asks: .goToBest) { state, _ in
            state.ask(.goToBest)
        },
        TypedCommand(names: ["goto"], argument: "STEP", help: "go back to a step", asks: .goToStep) {
            (state, text) throws(Mistake) in
            guard let step = text.wholeNumber, step >= 0 else {
                throw Mistake(message: text.isEmpty ? "type a step behind it" : "'\(text)' is not a step")
            }
            guard step <= state.step else {
                let now = NumberFormat.grouped(state.step)
                throw Mistake(message: "step \(NumberFormat.grouped(step)) is still to come; this is step \(now)")
            }
            return state.ask(.goToStep(step))
        },
        TypedCommand(
            names: ["branch"], argument: "NUMBER", help: "go on with an abandoned branch; alone: list them",
            choices: { state, words in words.isEmpty ? state.history.abandoned.map { "\($0.number)" } : [] },
            action: { (state, text) throws(Mistake) in
                let list = state.abandonedWords
                guard !text.isEmpty else {
                    state.say(
                        "on branch \(state.history.lineage.branch.number)\(list.isEmpty ? "" : "; left: \(list)")")
                    return []
                }
                guard let number = text.wholeNumber, state.history.abandoned.contains(BranchID(number)) else {
                    throw Mistake(
                        message: list.isEmpty
                            ? "no branch was left yet" : "there is no branch '\(text)' that was left; left: \(list)")
                }
                return state.ask(.goToBranch(BranchID(number)))
            }),
    ]
}

extension DashboardState {
    /// The abandoned branches, the one left last first: "3 at step 1,300, 1 at step 700".
    fileprivate var abandonedWords: String {
        history.abandoned.reversed().prefix(8).compactMap { id in
            history.branches[id].map { branch in
                "\(id.number) at step \(NumberFormat.grouped(branch.tip ?? branch.lineage.fork.step))"
            }
        }.joined(separator: ", ")
    }
}
