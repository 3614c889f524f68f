import TrainProtocol

/// Sees whether something happened that makes the run pause.
struct Breakpoints {
    var watch = Watch()

    private var lastLoss: Float?
    private var lastValidationLoss: Double?
    private var rises = 0

    /// What was seen last.
    var seen: RunCheckpoint.SeenLosses {
        get { RunCheckpoint.SeenLosses(loss: lastLoss, validation: lastValidationLoss, rises: rises) }
        set { (lastLoss, lastValidationLoss, rises) = (newValue.loss, newValue.validation, newValue.rises) }
    }

    /// Whether each step's loss must be looked at.
    var watchesLosses: Bool {
        watch.breakpoints.contains { breakpoint in
            switch breakpoint {
            case .lossAbove, .lossBelow: true
            case .epoch, .step, .validationLossRises: false
            }
        }
    }

    /// The next step at which to pause.
    func nextStep(after step: Int) -> Int? {
        watch.breakpoints.compactMap { breakpoint in
            if case .step(let wanted) = breakpoint, wanted > step { wanted } else { nil }
        }.min()
    }

    /// Sees a step. A loss counts when it passes the limit, not again while it stays beyond.
    mutating func hit(step: Int, loss: Float) -> Breakpoint? {
        let before = lastLoss
        lastLoss = loss
        return hit { breakpoint in
            switch breakpoint {
            case .step(let wanted): wanted == step
            case .lossAbove(let limit): Double(loss) > limit && before.map { Double($0) <= limit } != false
            case .lossBelow(let limit): Double(loss) < limit && before.map { Double($0) >= limit } != false
            case .epoch, .validationLossRises: false
            }
        }
    }

    /// Sees the end of an epoch.
    mutating func hit(epoch: Int) -> Breakpoint? { hit { $0 == .epoch(epoch) } }

    /// Sees a validation loss.
    mutating func hit(validationLoss loss: Double) -> Breakpoint? {
        rises = loss > lastValidationLoss ?? .infinity ? rises + 1 : 0
        lastValidationLoss = loss
        let rises = rises
        return hit { breakpoint in
            if case .validationLossRises(let times) = breakpoint { rises == times } else { false }
        }
    }

    /// Lets the next loss, and the next validation, be the first one.
    mutating func forgetLosses() { (lastLoss, lastValidationLoss, rises) = (nil, nil, 0) }

    /// A step and an epoch come once: their breakpoints go.
    private mutating func hit(_ isHit: (Breakpoint) -> Bool) -> Breakpoint? {
        guard let index = watch.breakpoints.firstIndex(where: isHit) else { return nil }
        switch watch.breakpoints[index] {
        case .step, .epoch: return watch.breakpoints.remove(at: index)
        case .lossAbove, .lossBelow, .validationLossRises: return watch.breakpoints[index]
        }
    }
}
