/// What a training tells. Events come in the order in which things happened.
public enum Event: Sendable, Equatable {
    /// A request was carried out between step `at` and the next one.
    case applied(RequestID, at: Int)
    /// A request was not carried out, and why, in a sentence for the person who asked.
    case refused(RequestID, reason: String)
    /// A hyperparameter has another value from the step after `at` on.
    case changed(HyperparameterChange)
    /// These are the hyperparameters and their values from now on; the list is another one after a change of optimizer.
    case hyperparameters([Hyperparameter])
    /// A branch begins; samples of it may follow.
    case branched(Branch)
    /// The run goes on from another place.
    case moved(Move)
    /// An edit waits for its step.
    case planned(PlannedEdit)
    /// The planned edit of this number waits no more: it was made or cancelled.
    case unplanned(Int)
    /// A twin runs beside the run, or none does any more.
    case twin(Twin?)
    /// Branches train side by side, or do so no more.
    case race(Race?)
    /// The learning rates were tested.
    case learningRatesTested(LearningRateTest)
    /// What is watched for is another thing.
    case watching(Watch)
    /// The run paused because of a breakpoint, after this step.
    case hit(Breakpoint, at: Int)
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
    /// This step could not be taken: its loss or gradient is not finite. All is as the step before left it.
    case diverged(step: Int, reason: String)
    /// Branches train side by side.
    case racing
    /// The run was told to stop; no event follows.
    case stopped
}

/// One edit of a hyperparameter, as it took effect.
public struct HyperparameterChange: Sendable, Equatable {
    /// Its number in the run, from 1; 0 where it is none of what undo takes back, as the pace.
    public let number: Int
    /// The request that asked for it, nil where the run itself did it.
    public let request: RequestID?
    /// The name in ``RunDescription/hyperparameters``.
    public let name: String
    /// The value until then.
    public let old: Double
    /// The value from then on, or where `over` is not 0 the one that is reached after so many steps.
    public let new: Double
    /// The steps that it takes to get there, 0 for an edit at once.
    public let over: Int
    /// The last step taken with the old value; 0 before the first.
    public let step: Int

    /// An edit.
    public init(
        number: Int = 0, request: RequestID?, name: String, old: Double, new: Double, over: Int = 0, step: Int
    ) {
        self.number = number
        self.over = over
        self.request = request
        self.name = name
        self.old = old
        self.new = new
        self.step = step
    }
}

/// An epoch's outcome.
public struct EpochReport: Sendable, Equatable {
    /// The branch on which it ended.
    public let branch: BranchID
    /// The epoch, from 1.
    public let epoch: Int
    /// The last step of the epoch, counted from the start of the run.
    public let step: Int
    /// The mean training loss over the epoch's steps.
    public let meanLoss: Double
    /// The metrics' values over the epoch, in the order of ``RunDescription/metrics``.
    public let metrics: [Double]
    /// The learning rate with which the next epoch begins, schedule included; nil where it is not known.
    public let learningRate: Double?

    /// A report.
    public init(
        branch: BranchID = .first, epoch: Int, step: Int, meanLoss: Double, metrics: [Double],
        learningRate: Double? = nil
    ) {
        self.branch = branch
        self.learningRate = learningRate
        self.epoch = epoch
        self.step = step
        self.meanLoss = meanLoss
        self.metrics = metrics
    }
}

/// Loss and metrics on the validation rows.
public struct Evaluation: Sendable, Equatable {
    /// The branch that was evaluated.
    public let branch: BranchID
    /// The steps taken before it.
    public let step: Int
    /// The loss, regularisation terms included, as Keras's `val_loss`.
    public let loss: Double
    /// The metrics' values, in the order of ``RunDescription/metrics``.
    public let metrics: [Double]

    /// An evaluation.
    public init(branch: BranchID = .first, step: Int, loss: Double, metrics: [Double]) {
        self.branch = branch
        self.step = step
        self.loss = loss
        self.metrics = metrics
    }
}
