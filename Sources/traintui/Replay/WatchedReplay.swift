import Dashboard
import FileAccess
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
    private let dashboardOptions: DashboardOptions
    private let outside: Outside
    private let notices = Notices(onNews: LiveDashboard.wake)
    private let continued: ContinuedJournal

    /// - Parameter path: the journal's.
    init(_ run: JournalledRun, path: String, _ options: DashboardOptions, _ outside: Outside) {
        self.run = run
        dashboardOptions = options
        self.outside = outside
        continued = ContinuedJournal(of: run.journal, at: path, began: Date.now, outside.calls, notices)
    }

    /// Shows it until the person quits.
    ///
    /// - Parameter pace: steps a second, 0 for unlimited; nil for the job's own.
    /// - Returns: how it went; nil where the terminal was gone before the training had begun.
    func show(pace: Double?) throws -> Replay.Outcome? {
        let metadata = SavedModel.metadata(run.recipe, data: run.data, sha256: run.journal.header.dataSHA256)
        var options = LocalEngine.Options(
            run.recipe, title: run.journal.header.title, data: run.data, initialWeights: run.initialWeights,
            weights: WeightsOutput(
                title: run.journal.header.title, metadata: metadata, metrics: run.recipe.metricNames, outside.calls))
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
        let look = try TerminalLook.own(theme: run.recipe.dashboard.theme, dashboardOptions)
        let dashboard: LiveDashboard
        do throws(TerminalError) {
            dashboard = try LiveDashboard(look)
        } catch {
            throw Failure(error)
        }
        var outcome: Replay.Outcome?
        let (ending, summary) = dashboard.run(
            ReportingEngine(engine, notices), warnings: run.warnings + run.data.warnings
        ) {
            outcome = engine.replayAfterStop()
        }
        dashboard.close()
        let file = continued.close()
        // With the terminal gone there is nobody to tell.
        if ending != .signal(SIGHUP) {
            outside.output.say(summary.description)
            switch file {
            case nil: break
            case .whole?: outside.output.say("journal     \(visible(continued.path ?? ""))\n")
            case .notWhole(let sentence)?: outside.errors.say("warning: \(sentence)")
            }
        }
        if case .signal(let number) = ending { throw EndedBySignal(signal: number) }
        return outcome
    }
}
