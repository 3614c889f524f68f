import Foundation
import JSONLines
import JobFile
import LiveDashboard
import NcursesTerminal
import Tabular
import TrainCore
import TrainEngine
import TrainProtocol
import Wording

/// A run again from its journal, in the dashboard.
struct WatchedReplay {
    private let run: JournalledRun
    private let continued: ContinuedJournal

    /// - Parameter path: the journal's.
    init(_ run: JournalledRun, path: String) {
        self.run = run
        continued = ContinuedJournal(of: run.journal, at: path, began: Date.now.formatted(.iso8601))
    }

    /// Shows it until the person quits.
    ///
    /// - Parameter pace: steps a second, 0 for unlimited; nil for the job's own.
    /// - Returns: how it went; nil where the terminal was gone before the training had begun.
    func show(pace: Double?) throws(Failure) -> Replay.Outcome? {
        var options = LocalEngine.Options(
            run.recipe, title: run.journal.header.title, data: run.data, initialWeights: run.initialWeights,
            weightsPath: "\(run.journal.header.title).safetensors")
        if let pace { options.pace = pace }
        options.following = run.journal.entries
        options.journal = { [continued] in try continued.append($0) }
        options.onNews = LiveDashboard.wake
        let engine: LocalEngine
        do throws(TrainingError) {
            engine = try LocalEngine(
                run.recipe.job, training: run.data.training, validation: run.data.validation, options: options)
        } catch {
            throw Failure(error)
        }
        let dashboard: LiveDashboard
        do throws(TerminalError) {
            dashboard = try LiveDashboard(theme: run.recipe.dashboard.theme)
        } catch {
            throw Failure(error)
        }
        var outcome: Replay.Outcome?
        let (ending, summary) = dashboard.run(engine, warnings: run.warnings + run.data.warnings) {
            outcome = engine.replayAfterStop()
        }
        dashboard.close()
        if ending != .signal(SIGHUP) {
            print(summary, terminator: "")
            if let path = continued.path { print("journal     \(visible(path))") }
        }
        if case .signal(let number) = ending { Foundation.exit(128 + number) }
        return outcome
    }
}
