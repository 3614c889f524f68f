/// What a training tells. Events come in the order in which things happened.
public enum Event: Sendable, Equatable {
    /// A request was carried out between step `at` and the next one.
    case applied(RequestID, at: Int)
    /// A request was not carried out, and why, in a sentence for the person who asked.
    case refused(RequestID, reason: String)
    /// A hyperparameter has another value from the step after `at` on.
    case changed(HyperparameterChange)
    /// The run's state is another one.
    case state(RunState)
    /// An epoch is complete.
    case epochEnded(EpochReport)
    /// The validation rows were evaluated.
    case evaluated(Evaluation)
    /// The weights were written to this file.
    case saved(path: String)
    /// Something to tell that is neither an answer nor fatal.
    case notice(String)
}

/// Where a run stands.
public enum RunState: Sendable, Equatable {
    /// Steps are being taken.
    case training
    /// Nothing happens until somebody asks.
    case paused
    /// The validation rows are being evaluated.
    case evaluating
    /// All epochs are done; `epochs` can be raised to go on.
    case done
    /// A loss that is not finite appeared at this step.
    case diverged(step: Int, reason: String)
    /// The run was told to stop; no event follows.
    case stopped
}

/// One edit of a hyperparameter, as it took effect.
public struct HyperparameterChange: Sendable, Equatable {
    /// The request that asked for it, nil where the run itself did it.
    public let request: RequestID?
    /// The name in ``RunDescription/hyperparameters``.
    public let name: String
    /// The value until then.
    public let old: Double
    /// The value from then on.
    public let new: Double
    /// The last step taken with the old value; 0 before the first.
    public let step: Int

    /// An edit.
    public init(request: RequestID?, name: String, old: Double, new: Double, step: Int) {
        self.request = request
        self.name = name
        self.old = old
        self.new = new
        self.step = step
    }
}

/// An epoch's outcome.
public struct EpochReport: Sendable, Equatable {
    /// The epoch, from 1.
    public let epoch: Int
    /// The last step of the epoch, counted from the start of the run.
    public let step: Int
    /// The mean training loss over the epoch's steps.
    public let meanLoss: Double
    /// The metrics' values over the epoch, in the order of ``RunDescription/metrics``.
    public let metrics: [Double]

    /// A report.
    public init(epoch: Int, step: Int, meanLoss: Double, metrics: [Double]) {
        self.epoch = epoch
        self.step = step
        self.meanLoss = meanLoss
        self.metrics = metrics
    }
}

/// Loss and metrics on the validation rows.
public struct Evaluation: Sendable, Equatable {
    /// The steps taken before it.
    public let step: Int
    /// The loss, regularisation terms included, as Keras's `val_loss`.
    public let loss: Double
    /// The metrics' values, in the order of ``RunDescription/metrics``.
    public let metrics: [Double]

    /// An evaluation.
    public init(step: Int, loss: Double, metrics: [Double]) {
        self.step = step
        self.loss = loss
        self.metrics = metrics
    }
}
