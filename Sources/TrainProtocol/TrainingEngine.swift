/// A training that can be watched and steered: commands in, updates out, and nothing else.
///
/// Whoever stands behind it, a trainer in this process or another program, keeps three promises: `send` and `drain`
/// return at once; every request is answered by exactly one ``Event/applied(_:at:)`` or ``Event/refused(_:reason:)``,
/// at some time; every step is in exactly one of the samples drained.
///
/// An engine tells facts, and tells each one when it changes: what is in force, where the run stands, what can be asked
/// for. Whoever shows them infers none of them.
public protocol TrainingEngine: AnyObject, Sendable {
    /// What is being trained, as far as it is known at the start; ``Event/described(_:)`` tells more.
    var run: RunDescription { get }

    /// Asks for something under a name that the asker chose and uses once; the answer, which names it again, comes
    /// with a later update.
    func send(_ command: Command, id: RequestID)

    /// Takes what has happened since the last call. The first update has what holds at the start: the state, the
    /// hyperparameters, and the capabilities where they are not all.
    func drain() -> EngineUpdate
}

/// What happened since the last update, and where the run stands now.
public struct EngineUpdate: Sendable, Equatable {
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
    /// The last lines that the training's command printed, the last one even where it goes on; nil where none are new.
    public var output: [String]?

    /// An update.
    public init(
        events: [Event] = [], samples: [Sample] = [], recent: RecentLosses? = nil, progress: Progress,
        others: [BranchProgress] = [], output: [String]? = nil
    ) {
        self.output = output
        self.events = events
        self.samples = samples
        self.recent = recent
        self.progress = progress
        self.others = others
    }
}

/// Where a run stands. What an engine cannot know is nil.
public struct Progress: Sendable, Equatable {
    /// Steps taken since the start of the run.
    public var step: Int
    /// The epoch under way, from 1; after the last step of the last epoch, that epoch.
    public var epoch: Int?
    /// Steps taken in this epoch.
    public var stepInEpoch: Int?
    /// Steps that this epoch has in all.
    public var stepsPerEpoch: Int?
    /// Epochs the run has.
    public var epochs: Int?
    /// Rows in a batch.
    public var batchSize: Int?
    /// Rows to train on.
    public var rows: Int?
    /// The mean of the batch losses since the epoch began; nil before its first step.
    public var meanLoss: Double?
    /// The metrics' values since the epoch began, in the order of ``RunDescription/metrics``.
    public var metrics: [Double?]
    /// The learning rate in force, schedule included.
    public var learningRate: Double?
    /// The numbers that are on their way to others.
    public var ramps: [RampProgress]
    /// Steps a second that are asked for; 0 for as many as go.
    public var pace: Double
    /// Seconds spent training so far, pauses left out.
    public var trainingSeconds: Double
    /// Steps a second over the last moments; nil while unknown or paused.
    public var stepsPerSecond: Double?
    /// Steps a second to reckon with from here on, at the present pace; nil while unknown.
    public var expectedStepsPerSecond: Double?
    /// The processes that train together, by their numbers; none where there is only one.
    public var processes: [ProcessProgress] = []

    /// Where a run stands.
    public init(
        step: Int = 0, epoch: Int? = nil, stepInEpoch: Int? = nil, stepsPerEpoch: Int? = nil, epochs: Int? = nil,
        batchSize: Int? = nil, rows: Int? = nil, meanLoss: Double? = nil, metrics: [Double?] = [],
        learningRate: Double? = nil, ramps: [RampProgress] = [], pace: Double = 0, trainingSeconds: Double = 0,
        stepsPerSecond: Double? = nil, expectedStepsPerSecond: Double? = nil
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
        self.ramps = ramps
        self.pace = pace
        self.trainingSeconds = trainingSeconds
        self.stepsPerSecond = stepsPerSecond
        self.expectedStepsPerSecond = expectedStepsPerSecond
    }

    /// Steps that the whole run has if nothing is edited any more, `Int.max` where there are more; nil where nobody
    /// knows.
    public var totalSteps: Int? {
        guard let epoch, let epochs, let stepInEpoch, let stepsPerEpoch else { return nil }
        // Somebody may well ask for 2^53 epochs.
        let (toCome, isTooLarge) = (epochs - epoch + 1).multipliedReportingOverflow(by: stepsPerEpoch)
        let (total, isTooLargeInAll) = (step - stepInEpoch).addingReportingOverflow(toCome)
        return isTooLarge || isTooLargeInAll ? .max : total
    }

    /// Seconds until the last planned step at the expected rate, pauses left out; nil where nobody can know.
    public var secondsLeft: Double? {
        guard let totalSteps else { return nil }
        let remaining = Double(totalSteps - step)
        guard remaining > 0 else { return 0 }
        guard let rate = expectedStepsPerSecond, rate > 0 else { return nil }
        return remaining / rate
    }
}
