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
