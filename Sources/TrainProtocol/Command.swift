/// What can be asked of a running training. Every command takes effect between two steps.
public enum Command: Sendable, Equatable {
    /// Stop before the next step and wait.
    case pause
    /// Go on.
    case resume
    /// Take this many steps, then pause.
    case step(Int)
    /// Go on to the end of the epoch, then pause.
    case runEpoch
    /// Take so many steps a second from now on, 0 for as many as go. A way of watching: no edit of the run.
    case setPace(Double)
    /// Give a hyperparameter another value, by its ``Hyperparameter/name``.
    case set(String, SettingValue)
    /// Move a hyperparameter to a number step by step, geometrically where both ends are above 0, else in equal parts,
    /// so that the number is reached after so many steps.
    case ramp(String, Double, over: Int)
    /// Change a hyperparameter when this step is done.
    case plan(String, ValueChange, at: Int)
    /// Forget the planned edit of this number.
    case cancelPlan(Int)
    /// Go back to the instant before the last edit took effect.
    case undo
    /// Go forward again to where the last ``undo`` left from.
    case redo
    /// Go back to how a step of the lineage left everything.
    case goToStep(Int)
    /// Go back to the step of the lowest validation loss so far.
    case goToBest
    /// Go on where an abandoned branch ended.
    case goToBranch(BranchID)
    /// After a divergence: go back to a step with a sane loss, and on with a lower learning rate.
    case recover
    /// Let a twin without the edit of this number run beside the run; without a number, without the last edit, and
    /// again with each edit to come.
    case showTwin(withoutEdit: Int?)
    /// Let no twin run.
    case hideTwin
    /// Let branches that differ in the values of some hyperparameters train side by side from here on.
    case race(RaceTerms)
    /// End the race and go on as this branch of it.
    case adopt(BranchID)
    /// End the race and go on as though there had been none.
    case endRace
    /// Find out at which learning rates the loss falls, on a branch that is thrown away.
    case testLearningRates
    /// Look at this inside of the training, and again when it has changed: the run goes on as it would. nil to look no more.
    case inspect(Inspection?)
    /// Do this when a loss or gradient is not finite, or the loss explodes.
    case onDivergence(DivergencePolicy)
    /// End the run when the validation loss has not fallen for so many epochs; nil for never.
    case setPatience(Int?)
    /// Pause when this happens.
    case pauseWhen(Breakpoint)
    /// Forget all breakpoints.
    case clearBreakpoints
    /// Evaluate on the validation rows now.
    case evaluate
    /// Evaluate the test rows now, before the end.
    case test
    /// Write the weights now.
    case save
    /// Write the weights that had the lowest validation loss now.
    case saveBest
    /// End the run: nothing comes after it.
    case stop
}

extension Command {
    /// A race of one hyperparameter.
    public static func race(_ name: String, _ values: [SettingValue]) -> Command {
        .race(RaceTerms([(name, values)]))
    }

    /// What kind of command it is; the words are those of the protocol on a wire.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case pause, resume, step
        case runEpoch = "run_epoch"
        case setPace = "set_pace"
        case set, ramp, plan
        case cancelPlan = "cancel_plan"
        case undo, redo
        case goToStep = "go_to_step"
        case goToBest = "go_to_best"
        case goToBranch = "go_to_branch"
        case recover
        case showTwin = "show_twin"
        case hideTwin = "hide_twin"
        case race, adopt
        case endRace = "end_race"
        case testLearningRates = "test_rates"
        case inspect
        case onDivergence = "on_divergence"
        case setPatience = "set_patience"
        case pauseWhen = "pause_when"
        case clearBreakpoints = "clear_breakpoints"
        case evaluate, test, save
        case saveBest = "save_best"
        case stop
    }

    /// Its kind.
    public var kind: Kind {
        switch self {
        case .pause: .pause
        case .resume: .resume
        case .step: .step
        case .runEpoch: .runEpoch
        case .setPace: .setPace
        case .set: .set
        case .ramp: .ramp
        case .plan: .plan
        case .cancelPlan: .cancelPlan
        case .undo: .undo
        case .redo: .redo
        case .goToStep: .goToStep
        case .goToBest: .goToBest
        case .goToBranch: .goToBranch
        case .recover: .recover
        case .showTwin: .showTwin
        case .hideTwin: .hideTwin
        case .race: .race
        case .adopt: .adopt
        case .endRace: .endRace
        case .testLearningRates: .testLearningRates
        case .inspect: .inspect
        case .onDivergence: .onDivergence
        case .setPatience: .setPatience
        case .pauseWhen: .pauseWhen
        case .clearBreakpoints: .clearBreakpoints
        case .evaluate: .evaluate
        case .test: .test
        case .save: .save
        case .saveBest: .saveBest
        case .stop: .stop
        }
    }
}

/// Names one request, so that its answer can be told from others. Counts up from 1.
public struct RequestID: Hashable, Sendable, Comparable {
    /// The number.
    public let number: Int

    /// A request's name.
    public init(_ number: Int) { self.number = number }

    /// In the order of asking.
    public static func < (left: RequestID, right: RequestID) -> Bool { left.number < right.number }
}
