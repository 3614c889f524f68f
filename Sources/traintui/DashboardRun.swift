import Foundation
import JobFile
import LiveDashboard
import NcursesTerminal
import Tabular
import TrainCore
import TrainEngine
import Wording

/// Training with the dashboard open.
struct DashboardRun {
    private let prepared: PreparedRun

    init(_ prepared: PreparedRun) { self.prepared = prepared }

    func run() throws(Failure) {
        let log = try prepared.makeLog()
        let (journal, warnings) = try prepared.makeJournal()
        let engine = try prepared.makeEngine(log: log, journal: journal) { $0.onNews = LiveDashboard.wake }
        let dashboard: LiveDashboard
        do throws(TerminalError) {
            dashboard = try LiveDashboard(theme: prepared.recipe.dashboard.theme)
        } catch {
            throw Failure(error)
        }
        let (ending, summary) = dashboard.run(engine, warnings: prepared.data.warnings + warnings) {
            _ = engine.weightsAfterStop()
            log?.flush()
        }
        dashboard.close()
        // With the terminal gone there is nobody to tell.
        if ending != .signal(SIGHUP) {
            print(summary, terminator: "")
            if let journal { print("journal     \(visible(journal.path))") }
        }
        switch ending {
        case .quit: break
        case .diverged: Foundation.exit(Failure.Code.diverged.rawValue)
        case .signal(let number): Foundation.exit(128 + number)
        }
    }
}
