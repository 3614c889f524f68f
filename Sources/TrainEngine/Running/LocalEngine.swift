import Dispatch
public import TrainCore
public import TrainProtocol

/// A training in this process: a ``TrainCore/Trainer`` on one Dispatch queue of its own.
///
/// ```
///  send ──> Mailbox ──> TrainingLoop ──> Outbox ──> drain
///                       on the queue
/// ```
public final class LocalEngine: TrainingEngine {
    public let run: RunDescription

    private let mailbox = Mailbox()
    private let outbox: Outbox
    private let queue = DispatchQueue(label: "traintui.training", qos: .userInitiated)
    /// `nonisolated(unsafe)`: nobody but `queue` touches it once the run has begun.
    private nonisolated(unsafe) let trainer: Trainer
    /// `nonisolated(unsafe)`: written on `queue` when the run has stopped, read on it after that.
    private nonisolated(unsafe) var replayOutcome: Replay.Outcome?
    /// `nonisolated(unsafe)`: the same.
    private nonisolated(unsafe) var keptWeights = KeptWeights(branch: .first, step: 0, areRefitted: false, weights: [])

    /// What an engine needs to know beside the job and the data.
    public struct Options: Sendable {
        /// The job in a word or two, for the header.
        public var title = "training"
        /// Steps a second to watch by; 0 is unlimited.
        public var pace = 0.0
        /// Whether the first step waits until somebody asks for it.
        public var startsPaused = false
        /// The table, to be described.
        public var table: TableDescription?
        /// What the numbers of the data sets mean to a person who looks at rows.
        public var meaning = DataMeaning()
        /// The weights to start from, nil for those that the initializers give.
        public var initialWeights: [Weights]?
        /// What is done when a loss or gradient is not finite.
        public var onDivergence = DivergencePolicy.pause
        /// The bytes that may be spent on states of the past, for going back fast; that of the start is kept in any case. Nil
        /// for ``usualHistoryMemory``, and as much as four states take where that is more.
        public var historyMemory: Int?
        /// 256 MiB.
        public static let usualHistoryMemory = 256 << 20
        /// Called on the training queue with each entry of the run's journal, of a run that follows one with those that
        /// come after it. When it throws, that is told and it is not called again.
        public var journal: (@Sendable (JournalEntry) throws -> Void)?
        /// A journal that the run follows to its end, comparing its numbers, before it goes its own way; nil where there
        /// is none. Until then only its pace can be steered.
        public var following: [JournalEntry]?
        /// How the run goes on that another process began; nil for one that begins. Its journal then gets what comes
        /// after the entries that there are.
        package var resumption: Resumption?
        /// Where the run's checkpoints go; nil for nowhere.
        package var checkpoints: CheckpointSink?
        /// Why there are no validation rows, "" where there are.
        public var validationNote = ""
        /// The rows to train on again when all epochs are done, those for training and for validation: the weights that
        /// come of it are the run's. nil to leave it.
        public var refit: Dataset?
        /// The rows to evaluate once when all epochs are done; nil where there are none.
        public var test: Dataset?
        /// Writes weights and returns the path they are at; nil where there is no place to write to.
        public var save: (@Sendable (KeptWeights) throws -> String)?
        /// Whether to save when all epochs are done, unasked.
        public var savesWhenDone = false
        /// Called on the training queue with every step, one by one; nil, the fast way, for nobody.
        public var onStep: (@Sendable (StepRecord) -> Void)?
        /// Called on the training queue with the weights that each epoch ends with, epochs counted from 1; nil, the fast
        /// way, for nobody.
        public var onEpochEnd: (@Sendable (_ epoch: Int, _ weights: [Weights]) -> Void)?
        /// Called from the training queue when there is something to drain, once until it is drained. Must return at
        /// once.
        public var onNews: @Sendable () -> Void = {}

        /// The defaults.
        public init() {}
    }

    /// Starts training at once.
    ///
    /// - Throws: ``TrainCore/TrainingError`` where job and data, or job and initial weights, do not fit.
    public init(
        _ job: TrainingJob, training: Dataset, validation: Dataset?, options: Options = Options()
    ) throws(TrainingError) {
        let trainer = try Trainer(job, training: training)
        if let weights = options.initialWeights { try trainer.setWeights(weights) }
        let restored = try options.resumption?.restored(by: trainer)
        run = RunDescription(of: trainer, validation: validation, options: options)
        let outbox = Outbox(progress: Progress(of: trainer, Stopwatch(), pace: options.pace), onNews: options.onNews)
        self.outbox = outbox
        self.trainer = trainer
        // Keeps the engine alive until the run is told to stop.
        queue.async { [self] in
            var journal = options.journal
            let write = { (entry: JournalEntry) in
                do {
                    try journal?(entry)
                } catch {
                    journal = nil
                    outbox.publish { $0.add(.notice("the journal ends here: \(error)")) }
                }
            }
            let navigator = Navigator(
                self.trainer, memory: options.historyMemory, journal: journal == nil ? nil : write)
            if let restored { navigator.restore(restored.checkpoint, restored.states, restored.timeline) }
            let loop = TrainingLoop(
                navigator: navigator, validation: validation, options: options, mailbox: mailbox, outbox: outbox)
            loop.run()
            replayOutcome = loop.replay?.outcome
            keptWeights = loop.keptWeights
        }
    }

    public func send(_ command: Command, id: RequestID) {
        mailbox.post(command, id: id)
    }

    public func drain() -> EngineUpdate {
        outbox.drain()
    }

    /// Waits until the run has stopped, as ``Command/stop`` makes it, and returns the weights that count in the end, the
    /// best or the last ones as the job says, and their step.
    public func weightsAfterStop() -> KeptWeights {
        queue.sync { keptWeights }
    }

    /// Waits until the run has stopped, and returns how following the journal went; nil where there was none.
    package func replayAfterStop() -> Replay.Outcome? {
        queue.sync { replayOutcome }
    }
}
