import FileAccess
import JSONLines
import JobFile
import Tabular
import TrainCore
import TrainEngine
import TrainProtocol
import Wording

/// A run that another process began, ready to go on: its journal, its newest whole checkpoint, its job and data.
struct ResumedRun {
    let journal: ContinuableJournal
    /// What it goes on after.
    let entries: [JournalEntry]
    /// Its folder; nil for a journal that lies anywhere, which has no checkpoints.
    let folder: RunFolder?
    let record: RunRecord?
    /// Where it stood; nil where all its steps are to be taken again.
    let checkpoint: RunCheckpoint?
    /// The number of its newest checkpoint.
    let sequence: Int
    /// Epochs to add.
    let epochs: Int

    /// What the engine is to do.
    var resumption: Resumption {
        Resumption(entries: entries, checkpoint: checkpoint, addingEpochs: epochs)
    }

    /// Finds the newest checkpoint that the run can go on from.
    ///
    /// - Parameter warnings: gets a line for each that it cannot.
    init(
        _ journal: ContinuableJournal, in folder: RunFolder?, _ recipe: Recipe, _ data: PreparedData,
        initialWeights: [Weights]?, addingEpochs epochs: Int, warnings: inout [String]
    ) throws(Failure) {
        self.journal = journal
        entries = journal.entries
        self.folder = folder
        self.epochs = epochs
        record = folder.flatMap { RunRecord.read($0.record) }
        let trainer = try Self.trainer(recipe, data, initialWeights)
        let (files, faults) = folder?.readCheckpoints(of: journal.file.header.runName) ?? ([], [])
        warnings += faults
        sequence = files.map(\.sequence).max() ?? 0
        var found: RunCheckpoint?
        for file in files where found == nil {
            do throws(TrainingError) {
                try file.checkpoint.validate(journal.entries, by: trainer)
                found = file.checkpoint
            } catch {
                warnings.append("\(visible(folder?.checkpoint(file.sequence) ?? "")): not gone on from here: \(error)")
            }
        }
        checkpoint = found
        if folder != nil, found == nil, !journal.entries.isEmpty {
            warnings.append("there is no checkpoint to go on from; all steps are taken again")
        }
    }

    /// A new run that begins at a checkpoint of another one.
    init(
        _ journal: ContinuableJournal, at path: String, _ recipe: Recipe, _ data: PreparedData,
        initialWeights: [Weights]?, addingEpochs epochs: Int
    ) throws(Failure) {
        self.journal = journal
        self.epochs = epochs
        (folder, record, sequence) = (nil, nil, 0)
        let file = try RunFolder.readCheckpoint(path)
        guard file.run == journal.file.header.runName else {
            throw Failure(.badData, "\(visible(path)): is a checkpoint of another run than \(visible(journal.path))")
        }
        let trainer = try Self.trainer(recipe, data, initialWeights)
        do throws(TrainingError) { try file.checkpoint.validate(journal.entries, by: trainer) } catch {
            throw Failure(.badData, "\(visible(path)): cannot be gone on from: \(error)")
        }
        entries = Array(journal.entries.prefix(file.checkpoint.journalEntries))
        checkpoint = file.checkpoint
    }

    private static func trainer(
        _ recipe: Recipe, _ data: PreparedData, _ weights: [Weights]?
    ) throws(Failure) -> Trainer {
        do throws(TrainingError) {
            let trainer = try Trainer(recipe.job, training: data.training)
            if let weights { try trainer.setWeights(weights) }
            return trainer
        } catch {
            throw Failure(error)
        }
    }
}

extension JournalHeader {
    /// What a run's checkpoints are known by.
    var runName: String { "\(began) \(seed) \(dataSHA256 ?? "-")" }
}
