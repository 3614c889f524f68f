import JobFile
import Tabular
import TrainCore
import TrainEngine

extension PreparedRun {
    /// The step log that was asked for, nil where none was.
    func makeLog() throws(Failure) -> StepLog? {
        try logPath.map { path throws(Failure) in
            try StepLog(path: path, metrics: recipe.job.metrics.map { type(of: $0).name })
        }
    }

    /// The engine for the job and its data; `configure` may change its options.
    func makeEngine(
        log: StepLog?, journal: RunJournal?, configure: (inout TrainerEngine.Options) -> Void
    ) throws(Failure) -> TrainerEngine {
        var options = TrainerEngine.Options()
        options.title = title
        options.pace = recipe.dashboard.pace
        options.onDivergence = DivergencePolicy(recipe.onDivergence)
        options.historyMemory = recipe.dashboard.historyMemory << 20
        options.initialWeights = initialWeights
        options.validationNote = data.validationNote
        let path = savePath ?? "\(title).safetensors"
        options.save = { weights in
            try WeightsFile.write(weights, to: path)
            return path
        }
        options.savesWhenDone = savePath != nil
        if let log {
            // The training queue alone calls it, and it is flushed only after that has ended.
            nonisolated(unsafe) let log = log
            options.onStep = { log.append($0) }
        }
        if let journal { options.journal = { try journal.append($0) } }
        configure(&options)
        do throws(TrainingError) {
            return try TrainerEngine(recipe.job, training: data.training, validation: data.validation, options: options)
        } catch {
            throw Failure(error)
        }
    }
}

extension DivergencePolicy {
    fileprivate init(_ named: OnDivergence) {
        switch named {
        case .pause: self = .pause
        case .rewind: self = .rewind
        case .stop: self = .stop
        }
    }
}
