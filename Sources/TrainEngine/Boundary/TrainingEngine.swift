/// A training that can be watched and steered: commands in, bulletins out, and nothing else.
///
/// Whoever stands behind it, a trainer in this process or another program, keeps three promises: `send` and `drain`
/// return at once; every request is answered by exactly one ``Event/applied(_:at:)`` or
/// ``Event/refused(_:reason:)``; every step is in exactly one of the samples drained.
public protocol TrainingEngine: AnyObject, Sendable {
    /// What is being trained; it does not change during a run.
    var run: RunDescription { get }

    /// Asks for something under a name that the asker chose and uses once; the answer, which names it again, comes
    /// with a later bulletin.
    func send(_ command: Command, id: RequestID)

    /// Takes what has happened since the last call.
    func drain() -> Bulletin
}

/// What happened since the last bulletin, and where the run stands now.
public struct Bulletin: Sendable, Equatable {
    /// What happened, in order.
    public var events: [Event]
    /// The steps taken, those of each branch in order, folded where there were more than can be drawn. Those of a
    /// branch may come with the ``Event/branched(_:)`` that begins it, which is to be looked at first.
    public var samples: [Sample]
    /// The last steps one by one; nil where no step was taken.
    public var recent: RecentLosses?
    /// Where the run stands.
    public var progress: Progress
    /// Where the branches that train beside it stand: the twin, and those of a race.
    public var others: [BranchProgress]

    /// A bulletin.
    public init(
        events: [Event] = [], samples: [Sample] = [], recent: RecentLosses? = nil, progress: Progress,
        others: [BranchProgress] = []
    ) {
        self.others = others
        self.events = events
        self.samples = samples
        self.recent = recent
        self.progress = progress
    }
}

/// Where a run stands.
public struct Progress: Sendable, Equatable {
    /// Steps taken since the start of the run.
    public var step: Int
    /// The epoch under way, from 1; after the last step of the last epoch, that epoch.
    public var epoch: Int
    /// Steps taken in this epoch.
    public var stepInEpoch: Int
    /// Steps that this epoch has in all.
    public var stepsPerEpoch: Int
    /// Epochs the run has.
    public var epochs: Int
    /// Rows in a batch.
    public var batchSize: Int
    /// Rows to train on.
    public var rows: Int
    /// The mean of the batch losses since the epoch began; nil before its first step.
    public var meanLoss: Double?
    /// The metrics' values since the epoch began, in the order of ``RunDescription/metrics``.
    public var metrics: [Double?]
    /// The learning rate in force, schedule included.
    public var learningRate: Double
    /// Seconds spent training so far, pauses left out.
    public var trainingSeconds: Double
    /// Steps a second over the last stretch; nil while unknown or paused.
    public var stepsPerSecond: Double?

    /// Where a run stands.
    public init(
        step: Int = 0, epoch: Int = 1, stepInEpoch: Int = 0, stepsPerEpoch: Int, epochs: Int, batchSize: Int,
        rows: Int, meanLoss: Double? = nil, metrics: [Double?] = [], learningRate: Double,
        trainingSeconds: Double = 0, stepsPerSecond: Double? = nil
    ) {
        self.step = step
        self.epoch = epoch
        self.stepInEpoch = stepInEpoch
        self.stepsPerEpoch = stepsPerEpoch
        self.epochs = epochs
        self.batchSize = batchSize
        self.rows = rows
        self.meanLoss = meanLoss
        self.metrics = metrics
        self.learningRate = learningRate
        self.trainingSeconds = trainingSeconds
        self.stepsPerSecond = stepsPerSecond
    }

    /// Steps that the whole run has if nothing is edited any more; `Int.max` where there are more.
    public var totalSteps: Int {
        // Somebody may well ask for 2^53 epochs.
        let (toCome, isTooLarge) = (epochs - epoch + 1).multipliedReportingOverflow(by: stepsPerEpoch)
        let (total, isTooLargeInAll) = (step - stepInEpoch).addingReportingOverflow(toCome)
        return isTooLarge || isTooLargeInAll ? .max : total
    }
}
