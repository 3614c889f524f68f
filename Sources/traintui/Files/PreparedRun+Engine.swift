import ArgumentParser
import FileAccess
import JobFile
import RemoteEngine
import RunServer
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
        let logs = outputs.logs.filter(\.seesWeights)
        if !logs.isEmpty {
            options.onEpochEnd = { epoch, weights in for log in logs { log.see(weights, afterEpoch: epoch) } }
        }
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

    /// The same engine as dashboards in other terminals see it too, and what it is called there; nil where none may come.
    func served(_ engine: any TrainingEngine) throws(Failure) -> (engine: ServedEngine, name: String)? {
        guard listens else { return nil }
        let name = LaunchFolder.runName(title)
        do throws(SocketError) {
            return (try ServedEngine(engine, name: name, version: Traintui.configuration.version), name)
        } catch {
            throw Failure(.cannotCreate, "--listen: \(error)")
        }
    }
}
