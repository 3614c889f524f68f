import Foundation
import TrainEngine

/// The book's status bar, over itself on a terminal, else a line an epoch.
struct StatusBarOutput: HeadlessOutput {
    private let run: RunDescription
    /// Whether a line can be written over.
    private let isTerminal = isatty(STDOUT_FILENO) == 1

    init(_ run: RunDescription) { self.run = run }

    func begin(_ progress: TrainEngine.Progress) { beginEpoch(1, of: progress.epochs) }

    func show(_ event: Event, _ progress: TrainEngine.Progress) {
        switch event {
        case .epochEnded(let report):
            // An epoch leaves out the rows of a last, partial batch; the book's bar ends full all the same.
            let line = bar(rows: progress.rows, progress, report.meanLoss, report.metrics)
            write((isTerminal ? "\r" : "") + line + "\n")
            if report.epoch < progress.epochs { beginEpoch(report.epoch + 1, of: progress.epochs) }
        case .moved(let move):
            if case .divergence(let reason) = move.cause {
                if isTerminal { write("\n") }
                printError("\(reason): back to step \(move.step)")
            }
        case .changed(let change):
            printError("\(change.name) \(change.old) -> \(change.new) after step \(change.step)")
        case .notice(let text):
            printError("warning: \(text)")
        default:
            break
        }
    }

    func show(_ progress: TrainEngine.Progress) {
        guard isTerminal, progress.stepInEpoch > 0, progress.stepInEpoch < progress.stepsPerEpoch else { return }
        write("\r" + bar(rows: progress.rowsInEpoch, progress, progress.meanLoss, progress.metrics))
    }

    func end(_ state: RunState, _ progress: TrainEngine.Progress) {
        if case .diverged = state, isTerminal { write("\n") }
    }

    private func beginEpoch(_ epoch: Int, of epochs: Int) { write("Epoch \(epoch)/\(epochs)\n") }

    private func bar(rows: Int, _ progress: TrainEngine.Progress, _ meanLoss: Double?, _ metrics: [Double?]) -> String {
        StatusBar.line(
            rows: rows, total: progress.rows, meanLoss: meanLoss,
            metrics: zip(run.metrics, metrics).map { ($0, $1) })
    }
}

extension TrainEngine.Progress {
    /// Rows taken since the epoch began, at the present batch size.
    fileprivate var rowsInEpoch: Int { min(rows, stepInEpoch * batchSize) }
}
