import Foundation
import JobFile
import TOMLTree
import Tabular
import Testing
import TrainCore
import TrainProtocol

@testable import JSONLines
@testable import TrainEngine

/// Journals that traintui 0.1.0 wrote, of runs of the built-in job that were steered by hand: one with ramps, a switch,
/// optimizers, undo, redo and a step back; one with a race whose branch without a change was adopted, one of another
/// branch, and one that was ended.
@Suite("A journal of format 1")
struct FormatOneTests {
    private func journal(_ name: String) throws -> JournalFile {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Journals")
        return try JournalFile(Data(contentsOf: folder.appending(path: "\(name).jsonl")), file: name)
    }

    private func replay(_ journal: JournalFile) throws -> Replay.Outcome {
        let recipe = try Recipe.read(journal.header.job, file: "job")
        let data = try PreparedData.load(recipe.data, seed: recipe.job.seed, targetsAreClasses: false)
        return try Replay(of: journal.entries, job: recipe.job, training: data.training).run()
    }

    /// The counts are those that traintui 0.1.0 gave in its own replay.
    private static let outcomes: [(String, Replay.Outcome)] = [
        (
            "edits",
            Replay.Outcome(
                steps: 701, edits: 8, rewinds: 2, returns: 1, checks: 166, lastIdenticalStep: 60, isComplete: true)
        ),
        (
            "races",
            Replay.Outcome(steps: 343, edits: 1, races: 3, checks: 110, lastIdenticalStep: 343, isComplete: true)
        ),
    ]

    @Test("is replayed bit for bit", arguments: outcomes)
    func replayed(name: String, outcome: Replay.Outcome) throws {
        let journal = try journal(name)
        #expect(journal.header.format == 1 && !journal.isCutOff)
        #expect(try replay(journal) == outcome)
    }

    @Test("is the same run where it is written in the present format", arguments: outcomes)
    func rewritten(name: String, outcome: Replay.Outcome) throws {
        let old = try journal(name)
        let text = ([old.header.line] + old.entries.map(\.line)).map { $0 + "\n" }.joined()
        let new = try JournalFile(text.utf8, file: "new")
        #expect(new.header.format == 2)
        #expect(try replay(new) == outcome)
    }

    @Test("tells the lineage on which the run ended")
    func lineage() throws {
        #expect(try Timeline(journal("edits").entries).lineage.edits.map(\.name) == ["optimizer", "epochs"])
        let races = try Timeline(journal("races").entries)
        #expect(races.lineage.edits.map(\.name) == ["optimizer", "learning_rate", "learning_rate"])
        #expect(races.editsMade == 3 && races.moves == 2)
    }
}
