import FileAccess
import Foundation
import JSONLines
import TrainEngine
import TrainProtocol
import Wording

/// What a comparison knows of a run: its job as settings, its edits in force, its validation losses by epochs.
struct ComparedRun {
    /// What to call it.
    let name: String
    let record: RunRecord?
    let header: JournalHeader
    let edits: [Edit]
    /// The job's settings in order: "training.epochs" and "5".
    let settings: [(key: String, value: String)]
    /// The newest that was kept of it; nil where nothing was.
    let checkpoint: RunCheckpoint?
    /// Its chart, as its journal places it.
    let past: RunPast
    /// The validation loss at the end of each epoch, as far as it is kept.
    let validation: [Int: Double]

    init(_ folder: RunFolder) throws(Failure) { try self.init(RunPlace(journal: folder.journal, folder: folder)) }

    init(_ place: RunPlace) throws(Failure) {
        let journal = try JournalFile.read(place.journal)
        name = place.name
        record = place.folder.flatMap { RunRecord.read($0.record) }
        header = journal.header
        settings = Self.settings(of: journal.header.job)
        do throws(Timeline.Refusal) { edits = try Timeline(journal.entries).lineage.edits } catch {
            throw Failure(.badData, "\(visible(place.journal)): \(error.description)")
        }
        let files = place.folder?.readCheckpoints(of: journal.header.runName).whole ?? []
        let newest = files.first?.checkpoint
        checkpoint = newest
        // The lineage follows from the journal.
        var past = newest?.past ?? RunPast()
        do throws(Timeline.Refusal) {
            if let timeline = try newest?.timeline(of: journal.entriesWithoutEnd) { past = past.placed(by: timeline) }
        } catch {
            // What was kept is drawn as it is.
        }
        self.past = past
        var losses: [Int: Double] = [:]
        let epochs = Dictionary(past.epochs.map { ($0.step, $0.epoch) }, uniquingKeysWith: { $1 })
        for evaluation in past.evaluations {
            guard past.lineage.holds(evaluation.branch, at: evaluation.step), let epoch = epochs[evaluation.step],
                evaluation.loss.isFinite
            else { continue }
            losses[epoch] = evaluation.loss
        }
        validation = losses
    }

    /// The settings of a job as this program writes jobs: a line a setting, tables in brackets, lists of tables numbered. How it
    /// is looked at is no setting of what is trained.
    static func settings(of job: String) -> [(key: String, value: String)] {
        var settings: [(key: String, value: String)] = []
        var table = ""
        var numbers: [String: Int] = [:]
        for line in job.split(separator: "\n").map({ $0.trimmingPrefix { $0 == " " } }) where !line.hasPrefix("#") {
            if line.hasPrefix("[[") {
                let name = line.filter { $0 != "[" && $0 != "]" }
                numbers[String(name), default: 0] += 1
                table = "\(name).\((numbers[String(name)] ?? 1) - 1)."
            } else if line.hasPrefix("[") {
                table = line.filter { $0 != "[" && $0 != "]" } + "."
            } else if let equals = line.firstRange(of: " = "), table != "dashboard." {
                settings.append((table + line[..<equals.lowerBound], String(line[equals.upperBound...])))
            }
        }
        return settings
    }
}

extension JournalFile {
    /// The entries, but for the run's end.
    var entriesWithoutEnd: [JournalEntry] {
        if case .ended? = entries.last { Array(entries.dropLast()) } else { entries }
    }
}
