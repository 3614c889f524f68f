import FileAccess
import JobFile
import Tabular
import TrainCore
import TrainEngine
import TrainProtocol

extension PreparedRun {
    /// Throws where job, data and initial weights do not fit: before any file is opened, and a screen.
    func validate() throws(Failure) {
        do throws(TrainingError) {
            let trainer = try Trainer(recipe.job, training: data.training)
            if let initialWeights { try trainer.setWeights(initialWeights) }
        } catch {
            throw Failure(error)
        }
    }

    /// The engine for the job and its data; `configure` may change its options.
    func makeEngine(
        _ outputs: RunOutputs, configure: (inout LocalEngine.Options) -> Void
    ) throws(Failure) -> LocalEngine {
        var options = LocalEngine.Options(
            recipe, title: title, data: data, initialWeights: initialWeights, weights: weights)
        options.savesWhenDone = weights.isNamed
        if let log = outputs.log { options.onStep = { log.append($0) } }
        if let journal = outputs.journal { options.journal = { journal.append($0) } }
        options.checkpoints = outputs.files?.sink(every: checkpointSeconds)
        switch journalPlace {
        case .again(let run), .from(let run): options.resumption = run.resumption
        case .none, .standard, .file: break
        }
        configure(&options)
        do throws(TrainingError) {
            return try LocalEngine(recipe.job, training: data.training, validation: data.validation, options: options)
        } catch {
            throw Failure(error)
        }
    }
}
