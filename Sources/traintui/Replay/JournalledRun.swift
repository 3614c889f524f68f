import Foundation
import JSONLines
import JobFile
import Safetensors
import Tabular
import TrainCore
import Wording

/// A run as its journal tells it, with the job, the data and the weights that it began with: the same ones, by their
/// SHA-256.
struct JournalledRun {
    let journal: JournalFile
    let recipe: Recipe
    let data: PreparedData
    let initialWeights: [Weights]?
    /// What could not be made sure of, a line each.
    let warnings: [String]

    /// - Parameters:
    ///   - dataPath: where the data are now, nil for where they were.
    ///   - weightsPath: where the weights are now that the run began with, nil for where they were.
    init(path: String, dataPath: String?, weightsPath: String?) throws(Failure) {
        try self.init(JournalFile.read(path), path: path, dataPath: dataPath, weightsPath: weightsPath)
    }

    /// The same with a journal that is read already.
    init(_ journal: JournalFile, path: String, dataPath: String?, weightsPath: String?) throws(Failure) {
        self.journal = journal
        let header = journal.header
        var recipe: Recipe
        do throws(JobFileError) {
            recipe = try Recipe.read(header.job, file: "\(path): the job in it")
        } catch {
            throw Failure(.badData, error.description)
        }
        switch (dataPath, header.data) {
        case (let path?, _), (nil, .path(let path)): recipe.data.source = .path(path)
        case (nil, .builtin(let name)): recipe.data.source = .builtin(name)
        }
        var warnings: [String] = []
        let fingerprint = Fingerprint(of: recipe.data.source)
        data = try PreparedData.loadVisibly(
            recipe.data, seed: recipe.job.seed, targetsAreClasses: type(of: recipe.job.loss).targetsAreClasses)
        try Self.compare(
            fingerprint.sha256, header.dataSHA256, data.source, "the data that the run was trained on", &warnings)
        if let weights = header.initialWeights {
            let path = weightsPath ?? weights.path
            initialWeights = try WeightsFile.read(path)
            try Self.compare(
                Fingerprint.sha256(ofFile: path), weights.sha256, visible(path), "the weights that the run began with",
                &warnings)
        } else {
            initialWeights = nil
        }
        self.recipe = recipe
        self.warnings = warnings
    }

    private static func compare(
        _ found: String?, _ expected: String?, _ name: String, _ meaning: String, _ warnings: inout [String]
    ) throws(Failure) {
        guard let found, let expected else {
            warnings.append("\(name): nobody can tell whether it holds \(meaning): it could be read only once")
            return
        }
        guard found == expected else {
            throw Failure(
                .badData,
                "\(name): is not \(meaning): its sha256 is \(found.prefix(12))…, the journal has \(expected.prefix(12))…"
            )
        }
    }
}

extension JournalFile {
    /// Reads a file.
    static func read(_ path: String) throws(Failure) -> JournalFile {
        let bytes: Data
        do {
            bytes = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw Failure(.noInput, "\(visible(path)): cannot be read: \(reason(error))")
        }
        do throws(JournalFileError) {
            return try JournalFile(bytes, file: path)
        } catch {
            throw Failure(error)
        }
    }
}
