import ArgumentParser
import FileAccess
import Foundation
import JSONLines
import TrainCore
import TrainEngine
import TrainProtocol
import Wording

extension LoggedRun {
    /// The run as what is kept of runs: where it stood at its end, without weights.
    private var checkpoint: RunCheckpoint {
        let past = past
        let step = max(past.samples.last?.lastStep ?? 0, past.evaluations.last?.step ?? 0)
        // It stands at the end of its last epoch, or within one more.
        let ends = past.epochs.filter { $0.step < step }
        let epoch = past.epochs.isEmpty ? 0 : (ends.last?.epoch ?? 0) + 1
        let rate = past.epochs.last { $0.learningRate != nil }?.learningRate
        let moment = Moment(step: step, edits: 0)
        let parts = TrainingStateParts(
            position: TrainingStateParts.Position(
                step: step, epoch: epoch, stepInEpoch: step - (ends.last?.step ?? 0), rowsInEpoch: 0),
            optimizer: "", optimizerNumbers: rate.map { [LoggedName.learningRate: $0] } ?? [:], optimizerStart: 0,
            regularizers: [], batchSize: 0, epochs: epoch, ramps: [], arena: [], products: [], sums: [])
        return RunCheckpoint(
            journalEntries: 0, branch: .first, moment: moment,
            states: [RunCheckpoint.KeptState(branch: .first, moment: moment, isPinned: true, parts: parts)], bests: [],
            waiting: [], made: [:], planNumber: 1, watch: Watch(), seen: RunCheckpoint.SeenLosses(), wait: nil,
            guardian: RunCheckpoint.SeenMean(), recoveries: 0, wantsTwin: false, twinEdit: nil, seconds: seconds,
            past: past)
    }

    /// Makes a run of it in the folder of all runs.
    ///
    /// - Parameters:
    ///   - format: the kind of log, for the journal's header.
    ///   - name: what a person calls it; nil for what its file or folder is called.
    /// - Returns: its folder's name.
    func write(
        to folder: JournalFolder, format: String, name: String?, tags: [String], _ calls: SystemCalls
    ) throws(Failure) -> String {
        let checkpoint = checkpoint
        let start = Date(timeIntervalSince1970: began ?? Date.now.timeIntervalSince1970).formatted(.iso8601)
        let header = JournalHeader(
            program: Traintui.configuration.version, began: start, title: self.name, seed: 0, kernels: "",
            data: .path(source), dataSHA256: nil,
            imported: JournalHeader.Import(format: format, metrics: metrics), job: "")
        var record = RunRecord(
            program: Traintui.configuration.version, title: self.name, name: name ?? self.name, began: start,
            data: source, dataSHA256: nil, epochs: 0, save: nil)
        record.update(checkpoint)
        record.state = .imported
        record.tags = tags.isEmpty ? nil : tags
        var made: RunFolder?
        do {
            let journal = try folder.makeJournal(title: self.name, began: .now) { (path) throws(FileError) in
                try RunJournal(path: path, header: header, calls) { _ in }
            }
            if case .notWhole(let sentence) = journal.close() { throw Failure(.cannotCreate, sentence) }
            let path = URL(filePath: journal.path).deletingLastPathComponent().path(percentEncoded: false)
            let run = RunFolder(path: String(path.dropLast()))
            made = run
            let bytes = CheckpointFile(run: header.runName, sequence: 1, checkpoint: checkpoint).bytes()
            try WholeFile(run.checkpoint(1), calls).write(bytes)
            try record.write(run.record, calls)
            return run.name
        } catch {
            // What is not whole leaves no trace.
            if let made { folder.remove(made) }
            switch error {
            case let error as Failure: throw error
            case let error as FileError: throw Failure(unwritten: error)
            default: throw Failure(.cannotCreate, "\(visible(folder.path)): \(error)")
            }
        }
    }
}
