import Dispatch
public import TrainCore
public import TrainProtocol

/// Cross-validation as a training to watch: one job on each fold of a table, all side by side.
///
/// The run that is told is the mean of the folds, step by step. Each fold is a branch beside it from the start on, told as
/// an entrant of a race. It can be paused and paced but not steered: what is changed on the way is no part of the job, and
/// the folds are there to say how good the job is.
public final class FoldsEngine: TrainingEngine {
    /// What one fold trains and is validated on.
    public struct Part: Sendable {
        /// What is trained.
        public let job: TrainingJob
        /// The rows to train on: all others.
        public let training: Dataset
        /// The rows of the fold.
        public let validation: Dataset

        /// A fold. The jobs of all folds are the same but for what their rows decide, as an output's bias.
        public init(_ job: TrainingJob, training: Dataset, validation: Dataset) {
            self.job = job
            self.training = training
            self.validation = validation
        }
    }

    public let run: RunDescription

    private let mailbox = Mailbox()
    private let outbox: Outbox
    private let queue = DispatchQueue(label: "traintui.folds", qos: .userInitiated)
    /// `nonisolated(unsafe)`: written on `queue` when the run has stopped, read on it after that.
    private nonisolated(unsafe) var evaluations: [Evaluation?] = []

    /// Starts training; there must be a fold.
    ///
    /// - Throws: ``TrainCore/TrainingError`` where a job and its data do not fit.
    public init(_ parts: [Part], options: LocalEngine.Options = LocalEngine.Options()) throws(TrainingError) {
        var entrants: [RaceRunner.Entrant] = []
        for (index, part) in parts.enumerated() {
            let trainer = try Trainer(part.job, training: part.training)
            entrants.append(
                RaceRunner.Entrant(branch: BranchID(index + 2), branchTrainer: BranchTrainer(trainer)))
        }
        let first = entrants[0].branchTrainer.trainer
        run = RunDescription(of: first, validation: parts[0].validation, options: options)
        outbox = Outbox(progress: Progress(of: first, Stopwatch(), pace: options.pace), onNews: options.onNews)
        let (mailbox, outbox) = (mailbox, outbox)
        // Nobody but the queue touches them from here on.
        nonisolated(unsafe) let handedOver = entrants
        // Keeps the engine alive until the run is told to stop.
        queue.async { [self] in
            let loop = FoldsLoop(
                RaceRunner(handedOver), validation: parts.map(\.validation), options: options, mailbox: mailbox,
                outbox: outbox)
            loop.run()
            evaluations = loop.evaluations
        }
    }

    public func send(_ command: Command, id: RequestID) { mailbox.post(command, id: id) }

    public func drain() -> EngineUpdate { outbox.drain() }

    /// Waits until the run has stopped, and returns each fold's last validation; nil where it had none.
    public func evaluationsAfterStop() -> [Evaluation?] { queue.sync { evaluations } }
}
