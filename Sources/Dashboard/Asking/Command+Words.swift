import Canvas
import RunModel
import TrainProtocol

extension Command {
    /// The command in the words of a log.
    var words: String {
        switch self {
        case .pause: "pause"
        case .resume: "resume"
        case .step(let count): count == 1 ? "one step" : "\(count) steps"
        case .runEpoch: "one epoch"
        case .setPace(let pace): pace == 0 ? "as fast as it goes" : "pace \(NumberFormat.shortest(pace))"
        case .set(let name, let value): "\(name) \(ValueChange.value(value).text(nil))"
        case .evaluate: "evaluate"
        case .test: "test"
        case .save: "save"
        case .saveBest: "save the best"
        case .stop: "stop"
        case .ramp(let name, let value, let steps): "\(name) \(NumberFormat.shortest(value)) over \(steps)"
        case .plan(let name, _, let step): "@\(step) \(name)"
        case .cancelPlan(let number): "cancel \(number)"
        case .undo: "undo"
        case .redo: "redo"
        case .goToStep(let step): "go to step \(step)"
        case .goToBest: "go to the best validation"
        case .goToBranch(let branch): "go to branch \(branch.number)"
        case .recover: "go back to a sane step"
        case .showTwin: "show a twin"
        case .hideTwin: "hide the twin"
        case .race(let terms): "race \(terms.names.joined(separator: " x "))"
        case .adopt(let branch): "adopt branch \(branch.number)"
        case .endRace: "end the race"
        case .testLearningRates: "test learning rates"
        case .inspect: "look inside"
        case .onDivergence(let policy): "guard \(policy.rawValue)"
        case .setPatience(let epochs): epochs.map { "patience \($0)" } ?? "patience off"
        case .pauseWhen(let breakpoint): "break \(breakpoint.words)"
        case .clearBreakpoints: "break off"
        }
    }
}
