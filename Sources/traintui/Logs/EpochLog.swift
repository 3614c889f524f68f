import FileAccess
import Synchronization
import TrainProtocol

/// A row an epoch, as Keras's `CSVLogger` writes them: `epoch`, which counts from 0, then the loss, the metrics and the
/// same with `val_` before them, in the order of their names; `NA` for what there is not.
///
/// A class because it knows the epoch whose validation is still to come.
final class EpochLog: RunLog {
    private let file: LineFile
    private let metrics: [String]
    private let isValidated: Bool
    private let waiting = Mutex<EpochReport?>(nil)

    /// - Parameters:
    ///   - isContinued: whether rows follow those that are in the file.
    ///   - onChange: called with a sentence when writing fails, and when it goes on.
    init(
        path: String, metrics: [String], isValidated: Bool, isContinued: Bool = false, _ calls: SystemCalls,
        onChange: @escaping @Sendable (String) -> Void
    ) throws(Failure) {
        self.metrics = metrics
        self.isValidated = isValidated
        do throws(FileError) {
            let header = (["epoch"] + Self.names(metrics, isValidated: isValidated)).joined(separator: ",")
            let log = try ContinuedLog(path, header: header, isContinued: isContinued)
            file = try LineFile(
                path, existing: log.existing, overflow: .marked { "# \($0) rows are missing here: \($1)" },
                unit: "epoch",
                threshold: 0, capacity: 1 << 20, calls: calls, onChange: onChange)
            if log.needsHeader { file.append(header, number: 0) }
            try file.begin()
        } catch {
            throw Failure(unwritten: error)
        }
    }

    private static func names(_ metrics: [String], isValidated: Bool) -> [String] {
        let own = ["loss"] + metrics
        return (own + (isValidated ? own.map { "val_\($0)" } : [])).sorted()
    }

    func see(_ update: EngineUpdate) {
        for event in update.events {
            switch event {
            case .epochEnded(let report):
                settle(nil)
                if isValidated { waiting.withLock { $0 = report } } else { write(report, nil) }
            case .evaluated(let evaluation): settle(evaluation)
            default: break
            }
        }
    }

    /// Writes the epoch that waits, with the validation where it is the epoch's.
    private func settle(_ evaluation: Evaluation?) {
        let report = waiting.withLock { waiting in
            defer { waiting = nil }
            return waiting
        }
        guard let report else { return }
        let isOwn = evaluation?.step == report.step && evaluation?.branch == report.branch
        write(report, isOwn ? evaluation : nil)
    }

    private func write(_ report: EpochReport, _ evaluation: Evaluation?) {
        var values = ["loss": report.meanLoss]
        for (name, value) in zip(metrics, report.metrics) { values[name] = value }
        if let evaluation {
            values["val_loss"] = evaluation.loss
            for (name, value) in zip(metrics, evaluation.metrics) { values["val_\(name)"] = value }
        }
        let cells = Self.names(metrics, isValidated: isValidated).map { values[$0].map { "\($0)" } ?? "NA" }
        file.append(([String(report.epoch - 1)] + cells).joined(separator: ","), number: report.epoch)
    }

    func close() -> [LineFile.Outcome] {
        settle(nil)
        return [file.close()]
    }
}
