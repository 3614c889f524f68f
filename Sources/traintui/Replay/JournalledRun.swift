import FileAccess
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
    /// The data's.
    let fingerprint: Fingerprint

    /// - Parameters:
    ///   - dataPath: where the data are now, nil for where they were.
    ///   - weightsPath: where the weights are now that the run began with, nil for where they were.
    ///   - wayOut: what can be done where the data or weights are others, behind the reason.
    init(
        _ journal: JournalFile, path: String, dataPath: String?, weightsPath: String?, wayOut: String = "",
        _ outside: Outside
    ) throws(Failure) {
        self.journal = journal
        let header = journal.header
        var recipe = try header.recipe(of: path)
        switch (dataPath, header.data) {
        case (let path?, _), (nil, .path(let path)): recipe.data.source = .path(path)
        case (nil, .builtin(let name)): recipe.data.source = .builtin(name)
        }
        var warnings: [String] = []
        fingerprint = Fingerprint(of: recipe.data.source)
        data = try PreparedData.loadVisibly(
            recipe.data, seed: recipe.job.seed, targetsAreClasses: type(of: recipe.job.loss).targetsAreClasses,
            outside.errors)
        try Self.compare(
            fingerprint.sha256, header.dataSHA256, data.source, "the data that the run was trained on", wayOut,
            &warnings)
        if let weights = header.initialWeights {
            let path = weightsPath ?? weights.path
            initialWeights = try WeightsFile.read(path)
            try Self.compare(
                Fingerprint.sha256(ofFile: path), weights.sha256, visible(path), "the weights that the run began with",
                wayOut, &warnings)
        } else {
            initialWeights = nil
        }
        self.recipe = recipe
        self.warnings = warnings
    }

    private static func compare(
        _ found: String?, _ expected: String?, _ name: String, _ meaning: String, _ wayOut: String,
        _ warnings: inout [String]
    ) throws(Failure) {
        guard let found, let expected else {
            warnings.append("\(name): nobody can tell whether it holds \(meaning): it could be read only once")
            return
        }
        guard found == expected else {
            throw Failure(
                .badData,
                "\(name): is not \(meaning): its sha256 is \(found.prefix(12))…, the journal has \(expected.prefix(12))…"
                    + wayOut
            )
        }
    }
}

extension JournalFile {
    /// Bytes of a journal, at most: one of a million edits has 150 million, and each takes several times that in memory.
    private static let greatestSize = 1 << 30

    /// A file's bytes.
    static func bytes(of path: String) throws(Failure) -> [UInt8] {
        do throws(FileError) {
            return try InputFile.read(path, meaning: "a journal", limit: greatestSize)
        } catch {
            throw Failure(unread: error)
        }
    }

    /// Reads a file.
    static func read(_ path: String) throws(Failure) -> JournalFile {
        let bytes = try bytes(of: path)
        do throws(JournalFileError) {
            return try JournalFile(bytes, file: path)
        } catch {
            throw Failure(error)
        }
    }
}
