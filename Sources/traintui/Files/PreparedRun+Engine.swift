import JobFile
import Tabular
import TrainCore
import TrainEngine
import TrainProtocol

extension PreparedRun {
    /// The step log that was asked for, nil where none was.
    func makeLog() throws(Failure) -> StepLog? {
        try logPath.map { path throws(Failure) in
            try StepLog(path: path, metrics: recipe.job.metrics.map { type(of: $0).name })
        }
    }

    /// The engine for the job and its data; `configure` may change its options.
    func makeEngine(
        log: StepLog?, journal: RunJournal?, configure: (inout LocalEngine.Options) -> Void
    ) throws(Failure) -> LocalEngine {
        var options = LocalEngine.Options(
            recipe, title: title, data: data, initialWeights: initialWeights,
            weightsPath: savePath ?? "\(title).safetensors")
        options.savesWhenDone = savePath != nil
        if let log {
            // The training queue alone calls it, and it is flushed only after that has ended.
            nonisolated(unsafe) let log = log
            options.onStep = { log.append($0) }
        }
        if let journal { options.journal = { try journal.append($0) } }
        configure(&options)
        do throws(TrainingError) {
            return try LocalEngine(recipe.job, training: data.training, validation: data.validation, options: options)
        } catch {
            throw Failure(error)
        }
    }
}
