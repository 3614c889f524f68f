import FileAccess
import Foundation
import NcursesTerminal
import Tabular
import TrainProtocol

/// The book's status bar, over itself on a terminal, else a line an epoch; at the end the scores on other rows.
///
/// A class because it knows what the best epoch was.
final class StatusBarOutput: HeadlessOutput {
    private let run: RunDescription
    /// Whether a line can be written over.
    private let isTerminal = isatty(STDOUT_FILENO) == 1

    private let outside: Outside
    private var lastEpoch = 1
    /// The lowest validation loss at an epoch's end.
    private var best: (epoch: Int, evaluation: Evaluation)?
    private var test: Evaluation?

    init(_ run: RunDescription, _ outside: Outside) {
        self.run = run
        self.outside = outside
    }

    func describe(_ survey: TableSurvey) { write(SurveyText(survey).text + "\n") }

    func begin(_ progress: TrainProtocol.Progress) { beginEpoch(1, of: progress.epochs ?? 1) }

    func show(_ event: Event, _ progress: TrainProtocol.Progress) {
        switch event {
        case .epochEnded(let report):
            // An epoch leaves out the rows of a last, partial batch; the book's bar ends full all the same.
            let line = bar(rows: progress.rows ?? 0, progress, report.meanLoss, report.metrics)
            write((isTerminal ? "\r" : "") + line + "\n")
            lastEpoch = report.epoch
            if let epochs = progress.epochs, report.epoch < epochs { beginEpoch(report.epoch + 1, of: epochs) }
        case .evaluated(let evaluation):
            if evaluation.loss < best?.evaluation.loss ?? .infinity { best = (lastEpoch, evaluation) }
        case .refitting(let rows):
            write("training again on all \(rows) rows but those for the test\n")
        case .tested(let evaluation):
            test = evaluation
        case .moved(let move):
            if let best, best.evaluation.step > move.step { self.best = nil }
            if case .divergence(let reason) = move.cause {
                if isTerminal { write("\n") }
                outside.errors.say("\(reason): back to step \(move.step)")
            }
        case .edited(let edit):
            outside.errors.say("\(edit.name) \(edit.old.text) -> \(edit.new.text) after step \(edit.step)")
        case .wentOn(let back):
            outside.errors.say("\(back)")
        case .notice(let text):
            outside.errors.say("warning: \(text)")
        default:
            break
        }
    }

    func show(_ progress: TrainProtocol.Progress) {
        guard isTerminal, let step = progress.stepInEpoch, step > 0, step < progress.stepsPerEpoch ?? 0 else { return }
        var size = winsize()
        let columns = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
        write("\r" + bar(rows: progress.rowsInEpoch, progress, progress.meanLoss, progress.metrics, columns: columns))
    }

    func note(_ sentence: String) {}

    func end(_ state: RunState, _ progress: TrainProtocol.Progress) {
        if case .diverged = state, isTerminal { write("\n") }
        if let best {
            write("best epoch \(best.epoch)" + StatusBar.scores(scores(of: best.evaluation, prefix: "val_")) + "\n")
        }
        if let test { write("test" + StatusBar.scores(scores(of: test, prefix: "")) + "\n") }
    }

    private func scores(of evaluation: Evaluation, prefix: String) -> [(name: String, value: Double?)] {
        [(prefix + "loss", evaluation.loss)] + zip(run.metrics, evaluation.metrics).map { (prefix + $0.name, $1) }
    }

    func end(after signal: TerminalSignal, _ progress: TrainProtocol.Progress) { if isTerminal { write("\n") } }

    /// At once: whoever reads a pipe wants to see an epoch when it ends.
    private func write(_ text: String) { outside.output.write(text, isAskedFor: false) }

    private func beginEpoch(_ epoch: Int, of epochs: Int) { write("Epoch \(epoch)/\(epochs)\n") }

    private func bar(
        rows: Int, _ progress: TrainProtocol.Progress, _ meanLoss: Double?, _ metrics: [Double?], columns: Int? = nil
    ) -> String {
        StatusBar.line(
            rows: rows, total: progress.rows ?? 0, meanLoss: meanLoss,
            metrics: zip(run.metrics, metrics).map { ($0.name, $1) }, columns: columns)
    }
}

extension TrainProtocol.Progress {
    /// Rows taken since the epoch began, at the present batch size.
    fileprivate var rowsInEpoch: Int { min(rows ?? 0, (stepInEpoch ?? 0) * (batchSize ?? 0)) }
}

extension SettingValue {
    /// "0.005", "on", "adam".
    fileprivate var text: String {
        switch self {
        case .number(let number): "\(number)"
        case .flag(let isOn): isOn ? "on" : "off"
        case .choice(let name): name
        }
    }
}
