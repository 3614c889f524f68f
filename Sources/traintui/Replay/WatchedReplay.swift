import Foundation
import JobFile
import JournalFile
import LiveDashboard
import NcursesTerminal
import Tabular
import TrainCore
import TrainEngine

/// A run again from its journal, in the dashboard.
struct WatchedReplay {
    private let run: JournalledRun

    init(_ run: JournalledRun) { self.run = run }

    /// Shows it until the person quits.
    ///
    /// - Parameter pace: steps a second, 0 for unlimited; nil for the job's own.
    /// - Returns: how it went; nil where the terminal was gone before the training had begun.
    func show(pace: Double?) throws(Failure) -> Replay.Outcome? {
        var options = TrainerEngine.Options()
        options.title = run.journal.header.title
        options.pace = pace ?? run.recipe.dashboard.pace
        options.historyMemory = run.recipe.dashboard.historyMemory << 20
        options.initialWeights = run.initialWeights
        options.validationNote = run.data.validationNote
        options.following = run.journal.entries
        let path = "\(run.journal.header.title).safetensors"
        options.save = { weights in
            try WeightsFile.write(weights, to: path)
            return path
        }
        options.onNews = LiveDashboard.wake
        let engine: TrainerEngine
        do throws(TrainingError) {
            engine = try TrainerEngine(
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
        if ending != .signal(SIGHUP) { print(summary, terminator: "") }
        if case .signal(let number) = ending { Foundation.exit(128 + number) }
        return outcome
    }
}
