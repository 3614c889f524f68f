import FileAccess
import JSONLines
import JobFile
import Tabular
import TrainCore
import Wording

extension PreparedRun {
    /// Whether another process began it.
    var isResumed: Bool {
        switch journalPlace {
        case .again, .from: true
        case .none, .standard, .file: false
        }
    }

    /// A run that another process began, from its journal and what lies beside it.
    init(_ command: ResumeCommand, _ outside: Outside) throws(Failure) {
        let place: RunPlace
        if let path = command.from {
            place = try RunPlace(ofCheckpoint: path)
        } else {
            place = try RunPlace.named(command.run)
        }
        let journal = try ContinuableJournal(place.journal)
        let record = place.folder.flatMap { RunRecord.read($0.record) }
        if command.from == nil, let folder = place.folder, folder.isOwned {
            let owner = record.map { "process \($0.process)" } ?? "another process"
            throw Failure(.cannotCreate, "\(visible(place.name)): is trained by \(owner)")
        }
        let extra = command.extend ?? 0
        if command.from == nil, record?.state == .done, extra == 0 {
            throw Failure(.usage, "\(visible(place.name)): all epochs are done; --extend N adds some")
        }
        let run = try JournalledRun(
            journal.file, path: place.journal, dataPath: command.data, weightsPath: command.initialWeights,
            wayOut: "; --data FILE says where the run's own are, and `traintui train` begins a new run", outside)
        var warnings = run.warnings
        let journalPlace: JournalPlace
        if let path = command.from {
            journalPlace = .from(
                try ResumedRun(
                    journal, at: path, run.recipe, run.data, initialWeights: run.initialWeights, addingEpochs: extra))
        } else {
            journalPlace = .again(
                try ResumedRun(
                    journal, in: place.folder, run.recipe, run.data, initialWeights: run.initialWeights,
                    addingEpochs: extra, warnings: &warnings))
        }
        var recipe = run.recipe
        if let pace = command.pace { recipe.dashboard.pace = pace }
        let title = visible(journal.file.header.title)
        // What another run is to write stays its own.
        let savePath = command.save ?? (command.from == nil ? record?.save : nil)
        let metadata = SavedModel.metadata(recipe, data: run.data, sha256: run.fingerprint.sha256)
        if let savePath {
            do throws(FileError) { try WholeFile(savePath, outside.calls).check() } catch {
                throw Failure(unwritten: error)
            }
        }
        self.init(
            outside: outside, recipe: recipe, data: run.data, title: title,
            initialWeights: run.initialWeights, initialPath: nil,
            weights: savePath.map {
                WeightsOutput(named: $0, metadata: metadata, metrics: recipe.metricNames, outside.calls)
            }
                ?? WeightsOutput(title: title, metadata: metadata, metrics: recipe.metricNames, outside.calls),
            logPath: command.logSteps, journalPlace: journalPlace, fingerprint: run.fingerprint, savePath: savePath,
            name: nil, checkpointSeconds: command.checkpointEvery, csvLogPath: command.csvLog,
            tensorBoardFolder: command.tensorBoard, warnings: warnings)
        against = try command.against.map { name throws(Failure) in try overlaid(name) }
    }
}
