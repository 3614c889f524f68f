import FileAccess
import Foundation
import JobFile
import Safetensors
import SecureHash
import Tabular
import TrainCore

/// What PyTorch's side reads in a run's folder, and what it writes there.
///
/// | file | |
/// |---|---|
/// | `job.json` | a ``TorchJob`` |
/// | `rows.safetensors` | the prepared rows: `training.x`, rows x features, `training.y`, rows x targets, and `validation` likewise |
/// | `initial.safetensors` | the weights before the first step |
/// | `trained.safetensors` | the weights that count in the end |
/// | `ending.json` | an ``Ending`` |
///
/// The sha256 are those of the values, which begin behind a file's header.
struct TorchFiles {
    let rows: String
    let initial: String

    /// What PyTorch's side reads, and the weights that it writes.
    static let (given, weightsName) = (
        ["job.json", "rows.safetensors", "initial.safetensors"], "trained.safetensors"
    )

    /// How a training went.
    struct Ending: Decodable {
        /// The step of the weights.
        let step: Int
        /// Whether all epochs are complete, or early stopping ended them.
        let isComplete: Bool
        /// Why no further step could be taken: "the loss is nan at step 12".
        let divergence: String?
    }

    /// Writes what is read.
    init(_ run: PreparedRun, in folder: LaunchFolder) throws(Failure) {
        var tensors: [Weights] = []
        for (name, data) in [("training", run.data.training), ("validation", run.data.validation)] {
            guard let data else { continue }
            tensors.append(Weights(name: "\(name).x", shape: [data.rows, data.features], values: data.x))
            tensors.append(Weights(name: "\(name).y", shape: [data.rows, data.targets], values: data.y))
        }
        rows = try Self.write(tensors, to: "\(folder.path)/rows.safetensors")
        let trainer: Trainer
        do throws(TrainingError) {
            trainer = try Trainer(run.recipe.job, training: run.data.training)
            if let weights = run.initialWeights { try trainer.setWeights(weights) }
        } catch {
            throw Failure(error)
        }
        initial = try Self.write(trainer.weights, to: "\(folder.path)/initial.safetensors")
    }

    /// - Returns: the sha256 of the values.
    private static func write(_ tensors: [Weights], to path: String) throws(Failure) -> String {
        let bytes = Safetensors.encode(tensors)
        let values = tensors.reduce(0) { $0 + 4 * $1.values.count }
        do throws(FileError) { _ = try WholeFile(path, .posix).write(bytes) } catch { throw Failure(unwritten: error) }
        return bytes.withUnsafeBytes { bytes in
            SHA256(UnsafeRawBufferPointer(rebasing: bytes[(bytes.count - values)...])).hexadecimal
        }
    }

    /// What became of the training; nil where it did not come to its end.
    static func ending(in folder: LaunchFolder) -> Ending? {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let bytes = FileManager.default.contents(atPath: "\(folder.path)/ending.json") else { return nil }
        return try? decoder.decode(Ending.self, from: bytes)
    }
}
