import FileAccess
import JSONLines
import JobFile
import Tabular
import TrainCore
import TrainEngine
import Wording

/// A run that another process began, ready to go on: its journal, its newest whole checkpoint, its job and data.
struct ResumedRun {
    let journal: ContinuableJournal
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
        Resumption(entries: journal.entries, checkpoint: checkpoint, addingEpochs: epochs)
    }

    /// Finds the newest checkpoint that the run can go on from.
    ///
    /// - Parameter warnings: gets a line for each that it cannot.
    init(
        _ journal: ContinuableJournal, in folder: RunFolder?, _ recipe: Recipe, _ data: PreparedData,
        initialWeights: [Weights]?, addingEpochs epochs: Int, warnings: inout [String]
    ) throws(Failure) {
        self.journal = journal
        self.folder = folder
        self.epochs = epochs
        record = folder.flatMap { RunRecord.read($0.record) }
        let trainer: Trainer
        do throws(TrainingError) {
            trainer = try Trainer(recipe.job, training: data.training)
            if let initialWeights { try trainer.setWeights(initialWeights) }
        } catch {
            throw Failure(error)
        }
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
}

extension JournalHeader {
    /// What a run's checkpoints are known by.
    var runName: String { "\(began) \(seed) \(dataSHA256 ?? "-")" }
}
