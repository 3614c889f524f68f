/// What a training tells. Events come in the order in which things happened.
public enum Event: Sendable, Equatable {
    /// A request was carried out between step `at` and the next one.
    case applied(RequestID, at: Int)
    /// A request was not carried out, and why, in a sentence for the person who asked.
    case refused(RequestID, reason: String)
    /// This is what is being trained: an engine that does not know it at once tells it later.
    case described(RunDescription)
    /// This can be asked for from now on.
    case capabilities(Capabilities)
    /// The run goes on that another process began, from where it stood; told first, if at all.
    case resumed(RunPast)
    /// The run stands where that process left it: what follows is new.
    case wentOn(RunReturn)
    /// These are the hyperparameters and their values from now on; the list is another one after a change of optimizer.
    case hyperparameters([Hyperparameter])
    /// A branch begins beside the run; samples of it may follow.
    case branched(Lineage)
    /// The run stands on this lineage, with these edits in force; ``Command/redo`` leads to the branch, nil where there
    /// is nothing to redo. Told whenever it changes, before the ``edited(_:)`` or ``moved(_:)`` that changed it.
    case lineage(Lineage, redo: BranchID?)
    /// A hyperparameter has another value from the step after the edit's on.
    case edited(Edit)
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
    /// All epochs are done, and the model is trained again on so many rows, those for validation among them.
    case refitting(rows: Int)
    /// The test rows were evaluated with the weights that count: when all epochs are done, or before it for
    /// ``Command/test``.
    case tested(Evaluation)
    /// The weights that the run had after this step were written to this file.
    case saved(path: String, step: Int)
    /// Something to tell that is neither an answer nor fatal.
    case notice(String)
}

/// What a run does.
public enum RunState: Sendable, Hashable {
    /// The training is not there yet, or not again: nothing is known of it.
    case connecting
    /// Steps are being taken.
    case training
    /// Steps are being taken again as a journal tells.
    case replaying
    /// Nothing happens until somebody asks.
    case paused
    /// The validation rows are being evaluated.
    case evaluating
    /// All epochs are done; `epochs` can be raised to go on.
    case done
    /// The loss or a gradient ran away. All is as the step before left it.
    case diverged(Divergence)
    /// Branches train side by side.
    case racing
    /// The training does not answer any more, for this reason; it may come back.
    case lost(reason: String)
    /// The run was told to stop; no event follows.
    case stopped

    /// Whether steps are being taken.
    public var takesSteps: Bool {
        switch self {
        case .training, .replaying, .racing: true
        case .connecting, .paused, .evaluating, .done, .diverged, .lost, .stopped: false
        }
    }
}

extension RunState {
    /// A step that was not taken, because its loss or a gradient ran away.
    public struct Divergence: Sendable, Hashable {
        /// The step, from 1.
        public let step: Int
        /// What was seen: "the loss is nan at step 12".
        public let reason: String
        /// What ``Command/recover`` would do; nil where there is nothing better to go back to.
        public let recovery: Recovery?

        /// A divergence.
        public init(step: Int, reason: String, recovery: Recovery? = nil) {
            self.step = step
            self.reason = reason
            self.recovery = recovery
        }

        /// A way out.
        public struct Recovery: Sendable, Hashable {
            /// The step to go back to, at which the loss was sane.
            public let step: Int
            /// The learning rate to go on with.
            public let learningRate: Double

            /// A way out.
            public init(step: Int, learningRate: Double) {
                self.step = step
                self.learningRate = learningRate
            }
        }
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
        self.epoch = epoch
        self.step = step
        self.meanLoss = meanLoss
        self.metrics = metrics
        self.learningRate = learningRate
    }
}

/// Loss and metrics on rows that are not trained on: for validation, or at the end for the test.
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
