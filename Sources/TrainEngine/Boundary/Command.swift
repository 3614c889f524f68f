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
    /// Give a hyperparameter another value, by its name in ``RunDescription/hyperparameters``.
    case set(String, Double)
    /// Move a hyperparameter to a value step by step, geometrically where both ends are above 0, else in equal parts,
    /// so that the value is reached after so many steps.
    case ramp(String, Double, over: Int)
    /// Change a hyperparameter when this step is done.
    case plan(String, ValueChange, at: Int)
    /// Forget the planned edit of this number.
    case cancelPlan(Int)
    /// Go back to the instant before the last edit took effect.
    case undo
    /// Go forward again to where the last ``undo`` left from.
    case redo
    /// Go back to how a step of the way taken so far left everything.
    case goToStep(Int)
    /// Go back to the step of the lowest validation loss so far.
    case goToBest
    /// Go on where an abandoned branch ended.
    case goToBranch(BranchID)
    /// Let a twin without the edit of this number run beside the run; without a number, without the last edit, and
    /// again with each edit to come.
    case showTwin(withoutEdit: Int?)
    /// Let no twin run.
    case hideTwin
    /// Let branches that differ in the value of this hyperparameter train side by side from here on.
    case race(String, [Double])
    /// End the race and go on as this branch of it.
    case adopt(BranchID)
    /// End the race and go on as though there had been none.
    case endRace
    /// Find out at which learning rates the loss falls, on a branch that is thrown away.
    case testLearningRates
    /// Do this when a loss or gradient is not finite.
    case onDivergence(DivergencePolicy)
    /// Pause when this happens.
    case pauseWhen(Breakpoint)
    /// Forget all breakpoints.
    case clearBreakpoints
    /// Evaluate on the validation rows now.
    case evaluate
    /// Write the weights now.
    case save
    /// End the run: nothing comes after it.
    case stop
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
