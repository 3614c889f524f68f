/// What a run looks out for beside its numbers.
public struct Watch: Sendable, Equatable {
    /// What is done when a loss or gradient is not finite.
    public var policy: DivergencePolicy
    /// What makes the run pause.
    public var breakpoints: [Breakpoint]
    /// After how many epochs without a lower validation loss the run ends; nil for never.
    public var patience: Int?

    /// What a run looks out for.
    public init(policy: DivergencePolicy = .pause, breakpoints: [Breakpoint] = [], patience: Int? = nil) {
        self.policy = policy
        self.breakpoints = breakpoints
        self.patience = patience
    }
}

/// What is done when a loss or gradient is not finite, or the loss explodes. All is then as the step before left it.
public enum DivergencePolicy: String, Sendable, CaseIterable {
    /// Wait, with all as the step before left it.
    case pause
    /// Go back some steps and on with half the learning rate; wait when that was done three times.
    case rewind
    /// End the run, with all as the step before left it.
    case stop
}

/// Something that makes a run pause.
public enum Breakpoint: Sendable, Equatable {
    /// A batch's loss that comes to lie above this.
    case lossAbove(Double)
    /// A batch's loss that comes to lie below this.
    case lossBelow(Double)
    /// The end of this epoch.
    case epoch(Int)
    /// This step.
    case step(Int)
    /// A validation loss greater than the one before, so many times in a row.
    case validationLossRises(times: Int)
}
