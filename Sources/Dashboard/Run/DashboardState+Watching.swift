import Canvas
import TrainEngine

/// What the engine watches for, and what it found out.
extension DashboardState {
    /// The run paused because of a breakpoint.
    mutating func hit(_ breakpoint: Breakpoint, at step: Int) {
        let text = "paused at step \(NumberFormat.grouped(step)): \(breakpoint.words)"
        ledger.record(.note(text, .warning), step: step)
        say(text)
    }

    /// The learning rates were tested.
    mutating func show(_ test: LearningRateTest) {
        let suggestion = test.suggestion.map { "use \(NumberFormat.significant($0, digits: 3))" }
        ledger.record(
            .note("learning rates tested: \(suggestion ?? "none lets the loss fall")", .plain), step: test.step)
        // A question that is being answered is not covered.
        if overlay == nil { overlay = .rates(RatesOverlay(test: test)) }
    }
}

extension Breakpoint {
    /// The breakpoint as it is typed: "loss > 2".
    var words: String {
        switch self {
        case .lossAbove(let value): "loss > \(NumberFormat.shortest(value))"
        case .lossBelow(let value): "loss < \(NumberFormat.shortest(value))"
        case .epoch(let epoch): "epoch \(epoch)"
        case .step(let step): "step \(step)"
        case .validationLossRises(let times): "val_loss rises \(times)"
        }
    }
}
