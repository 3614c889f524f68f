import FileAccess
import Foundation
import JobFile
import Safetensors
import Tabular
import TrainCore
import Wording

/// A trained model with all that it takes to use it: a file of weights with texts beside them.
///
/// The texts are the ``FeatureSpace``, the job, and where the rows came from. How the training was watched, and in which
/// folder the rows were, is not in them: the same training gives the same file wherever it is.
struct SavedModel {
    /// The file, as the person called it.
    let path: String
    /// What was trained and how.
    let recipe: Recipe
    /// How a table becomes its input, and its output predictions.
    let featureSpace: FeatureSpace
    let weights: [Weights]
    /// The table that it was trained on, by its name. Not safe to print as it is.
    let dataName: String
    /// The table's SHA-256 in hexadecimal, where it was known.
    let dataSHA256: String?
    /// How good it is, where that is in the file.
    let scores: ModelScores?

    /// The format that is written.
    static let format = 1

    /// The name of the text that is another one each time.
    static let scoresKey = "traintui.scores"

    /// The names of the texts.
    private enum Key {
        static let format = "traintui.format"
        static let featureSpace = "traintui.feature_space"
        static let job = "traintui.job"
        static let data = "traintui.data"
        static let dataSHA256 = "traintui.data_sha256"
        static let scores = SavedModel.scoresKey
    }

    /// The texts beside a training's weights.
    static func metadata(_ recipe: Recipe, data: PreparedData, sha256: String?) -> [String: String] {
        var recipe = recipe
        recipe.dashboard = DashboardSettings()
        if case .path(let path) = recipe.data.source { recipe.data.source = .path(fileName(path)) }
        var texts = [
            Key.format: "\(format)", Key.featureSpace: data.featureSpace.jsonText, Key.job: recipe.tomlText,
        ]
        switch recipe.data.source {
        case .path(let name): texts[Key.data] = name
        case .builtin(let name): texts[Key.data] = recipe.data.source.builtinFile?.name ?? name
        }
        texts[Key.dataSHA256] = sha256
        return texts
    }

    /// How the table of a file of weights was prepared, by the texts in it; nil where they do not say.
    static func featureSpace(in texts: [String: String]) throws(FeatureSpaceError) -> FeatureSpace? {
        try texts[Key.featureSpace].map { json throws(FeatureSpaceError) in try FeatureSpace(json: json) }
    }

    private static func fileName(_ path: String) -> String { URL(filePath: path).lastPathComponent }

    /// Whether a file begins as weights do, with the size of their header as eight bytes; a text has no zeros in them. A
    /// pipe is not looked into.
    static func isLikely(_ path: String, _ calls: SystemCalls) -> Bool {
        do throws(SystemError) {
            guard try calls.status(path).kind == .regular else { return false }
        } catch {
            // Whoever opens it will say so.
            return false
        }
        do throws(FileError) {
            let start = try InputFile(path, meaning: "a model", calls: calls).read(8)
            return start.count == 8 && start.contains(0)
        } catch {
            return false
        }
    }

    /// Reads a model.
    ///
    /// - Throws: ``Failure`` where the file cannot be read, and where it is no model, or one of a later format.
    init(_ path: String) throws(Failure) {
        let contents = try WeightsFile.contents(path)
        let texts = contents.metadata
        func failure(_ what: String) -> Failure { Failure(.badData, "\(visible(path)) \(what)") }
        guard let format = texts[Key.format] else {
            throw failure("is no model: it has weights and nothing that says how to use them; --save writes models")
        }
        guard format == "\(Self.format)" else {
            throw failure("is a model of format \(visible(format, limit: 10)); this program reads \(Self.format)")
        }
        guard let space = texts[Key.featureSpace], let job = texts[Key.job], let data = texts[Key.data] else {
            throw failure("is a damaged model: it lacks \(Key.featureSpace), \(Key.job) or \(Key.data)")
        }
        do throws(FeatureSpaceError) { featureSpace = try FeatureSpace(json: space) } catch {
            throw failure(error.description)
        }
        do throws(JobFileError) { recipe = try Recipe.read(job, file: "\(path): the job in it") } catch {
            throw Failure(.badData, error.description)
        }
        self.path = path
        weights = contents.weights
        dataName = data
        dataSHA256 = texts[Key.dataSHA256]
        scores = texts[Key.scores].flatMap { ModelScores(json: $0) }
        // What does not fit is said before a table is read.
        _ = try trainer()
    }

    /// Outputs of the network.
    var units: Int { recipe.job.model.layers.last?.units ?? 0 }

    /// What the model predicts for a table.
    func predictions(_ table: AppliedTable) throws(Failure) -> Predictions {
        let outputs = try trainer().predict(table.x, rows: table.rows)
        return featureSpace.predictions(outputs, units: units)
    }

    /// The network with its weights: a trainer of one row that takes no step.
    func trainer() throws(Failure) -> Trainer {
        var job = recipe.job
        (job.batchSize, job.sampling) = (1, .sequential)
        guard units >= featureSpace.outputCount else {
            throw Failure(
                .badData,
                "\(visible(path)) is a damaged model: its network has \(units) outputs for \(featureSpace.outputCount)")
        }
        let areClasses = type(of: job.loss).targetsAreClasses
        let targets = areClasses ? 1 : units
        let features = featureSpace.featureCount
        let row = Dataset(
            rows: 1, features: features, targets: targets, x: Array(repeating: 0, count: features),
            y: Array(repeating: 0, count: targets))
        do throws(TrainingError) {
            let trainer = try Trainer(job, training: row)
            try trainer.setWeights(weights)
            return trainer
        } catch {
            throw Failure(.badData, "\(visible(path)) is a damaged model: \(error)")
        }
    }
}
