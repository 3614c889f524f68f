import Foundation
import JobFile
import LiveDashboard
import NcursesTerminal
import Tabular
import TrainCore
import TrainEngine

/// Training with the dashboard open.
struct DashboardRun {
    private let prepared: PreparedRun

    init(_ prepared: PreparedRun) { self.prepared = prepared }

    func run() throws(Failure) {
        let log = try prepared.logPath.map { path throws(Failure) in
            try StepLog(path: path, metrics: prepared.recipe.job.metrics.map { type(of: $0).name })
        }
        let engine = try makeEngine(log)
        let dashboard: LiveDashboard
        do throws(TerminalError) {
            dashboard = try LiveDashboard(theme: prepared.recipe.dashboard.theme)
        } catch {
            throw Failure(error)
        }
        let (ending, summary) = dashboard.run(engine, warnings: prepared.data.warnings) {
            _ = engine.weightsAfterStop()
            log?.flush()
        }
        dashboard.close()
        // With the terminal gone there is nobody to tell.
        if ending != .signal(SIGHUP) { print(summary, terminator: "") }
        switch ending {
        case .quit: break
        case .diverged: Foundation.exit(Failure.Code.diverged.rawValue)
        case .signal(let number): Foundation.exit(128 + number)
        }
    }

    private func makeEngine(_ log: StepLog?) throws(Failure) -> TrainerEngine {
        var options = TrainerEngine.Options()
        options.title = prepared.title
        options.pace = prepared.recipe.dashboard.pace
        options.initialWeights = prepared.initialWeights
        options.validationNote = prepared.data.validationNote
        let path = prepared.savePath ?? "\(prepared.title).safetensors"
        options.save = { weights in
            try WeightsFile.write(weights, to: path)
            return path
        }
        options.savesWhenDone = prepared.savePath != nil
        if let log {
            // The training queue alone calls it, and it is flushed only after that has ended.
            nonisolated(unsafe) let log = log
            options.onStep = { log.append($0) }
        }
        options.onNews = LiveDashboard.wake
        do throws(TrainingError) {
            return try TrainerEngine(
                prepared.recipe.job, training: prepared.data.training, validation: prepared.data.validation,
                options: options)
        } catch {
            throw Failure(error)
        }
    }
}
