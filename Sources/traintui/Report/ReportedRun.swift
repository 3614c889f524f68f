import FileAccess
import Foundation
import JSONLines
import RunModel
import TrainCore
import TrainEngine
import TrainProtocol
import Wording

/// What a report knows of a run: its journal, what its newest checkpoint keeps of the chart, and its record.
struct ReportedRun {
    let name: String
    let header: JournalHeader
    let record: RunRecord?
    /// What the dashboard would know of it.
    let model: RunModel
    /// All edits that were made, on every branch, by their numbers.
    let edits: [ReportedEdit]

    /// An edit, and what is known of it.
    struct ReportedEdit {
        let edit: Edit
        let isInForce: Bool
        /// The run with it beside the run without it; nil where there is no branch without it.
        let comparison: Comparison?
    }

    init(_ text: String) throws(Failure) {
        let place = try RunPlace.named(text)
        let journal = try JournalFile.read(place.journal)
        name = place.name
        header = journal.header
        record = place.folder.flatMap { RunRecord.read($0.record) }
        let lineage: Lineage
        do throws(Timeline.Refusal) { lineage = try Timeline(journal.entriesWithoutEnd).lineage } catch {
            throw Failure(.badData, "\(visible(place.journal)): \(error.description)")
        }
        let metrics = try header.metrics(of: place.journal)
        var model = RunModel(RunDescription(title: header.title, metrics: metrics, validation: .rows(nil)))
        let past = Self.past(of: journal, in: place.folder)
        var events: [Event] = [.lineage(lineage, redo: nil)]
        if let past { events.append(.resumed(past)) }
        model.take(
            EngineUpdate(
                events: events,
                progress: Progress(step: record?.step ?? 0)))
        self.model = model
        let made = journal.entries.compactMap { if case .edited(let edit) = $0 { edit } else { nil } as Edit? }
        edits = made.map { edit in
            ReportedEdit(
                edit: edit, isInForce: model.lineage.holds(edit: edit.number),
                comparison: Self.comparison(of: edit, in: model, past?.abandoned ?? []))
        }
    }

    /// What the newest checkpoint that is the run's keeps of the chart.
    private static func past(of journal: JournalFile, in folder: RunFolder?) -> RunPast? {
        let files = folder?.readCheckpoints(of: journal.header.runName).whole ?? []
        return files.lazy.compactMap { file in
            do throws(Timeline.Refusal) {
                return file.checkpoint.past.placed(by: try file.checkpoint.timeline(of: journal.entriesWithoutEnd))
            } catch {
                return nil
            }
        }.first
    }

    /// The branch that went on with an edit beside the run that went on without it from the same step.
    private static func comparison(of edit: Edit, in model: RunModel, _ abandoned: [Lineage]) -> Comparison? {
        guard !model.lineage.holds(edit: edit.number) else { return nil }
        for branch in abandoned where branch.edits.last?.number == edit.number {
            let same = branch.edits.dropLast().elementsEqual(model.lineage.edits.prefix { $0.step <= edit.step })
            guard same, model.history.branches[branch.branch] != nil else { continue }
            return model.comparison(of: branch.branch, with: nil, after: edit.step, in: [edit.name])
        }
        return nil
    }
}
