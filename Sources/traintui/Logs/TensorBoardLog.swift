import EventFiles
import FileAccess
import Foundation
import Synchronization
import TrainCore
import TrainProtocol

/// Event files for TensorBoard: `train` and `validation` as two runs in a folder.
///
/// The tags are those of Keras's callback: `epoch_loss`, `epoch_learning_rate` and each metric at epoch numbers from 0 on;
/// beside them `batch_loss` at steps, as finely as the training told them, the job as a text, each edit, and how each
/// epoch's weights are spread.
struct TensorBoardLog: RunLog {
    private let train: RecordFile
    private let validation: RecordFile?
    private let metrics: [String]
    private let epochs: EpochOfStep

    /// The epoch that ended with the last step that ended one: a validation at that step is its.
    private final class EpochOfStep: Sendable {
        private let last = Mutex<(step: Int, epoch: Int)?>(nil)
        func note(_ report: EpochReport) { last.withLock { $0 = (report.step, report.epoch) } }
        func epoch(endingAt step: Int) -> Int? {
            last.withLock { last in last.flatMap { $0.step == step ? $0.epoch : nil } }
        }
    }

    /// Makes the files, new ones beside those of other runs.
    ///
    /// - Parameters:
    ///   - job: the job file's text.
    ///   - onChange: called with a sentence when writing fails.
    init(
        folder: String, job: String, metrics: [String], isValidated: Bool, _ calls: SystemCalls,
        onChange: @escaping @Sendable (String) -> Void
    ) throws(Failure) {
        self.metrics = metrics
        epochs = EpochOfStep()
        let now = Date.now.timeIntervalSince1970
        let process = ProcessInfo.processInfo.processIdentifier
        // As TensorFlow calls them: whoever reads a folder looks for "tfevents" in the names.
        let name = "events.out.tfevents.\(Int(now)).traintui.\(process).0.v2"
        do throws(FileError) {
            func make(_ run: String) throws(FileError) -> RecordFile {
                let path = "\(folder)/\(run)"
                do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
                    throw FileError(path, "cannot be made: is something else in the way?")
                }
                let file = try RecordFile("\(path)/\(name)", calls: calls, onChange: onChange)
                file.append(EventRecord.version(at: now).bytes)
                return file
            }
            train = try make("train")
            validation = try isValidated ? make("validation") : nil
        } catch {
            throw Failure(unwritten: error)
        }
        // Four blanks before each line: a block of code, whatever is in it.
        let text = job.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)" }
        train.append(EventRecord.text("job", text.joined(separator: "\n"), step: 0, at: now).bytes)
    }

    func see(_ update: EngineUpdate) {
        let now = Date.now.timeIntervalSince1970
        for sample in update.samples {
            guard let mean = sample.loss.mean else { continue }
            let values = [(tag: "batch_loss", value: Float(mean))]
            train.append(EventRecord.scalars(values, step: sample.lastStep, at: now).bytes)
        }
        for event in update.events {
            switch event {
            case .epochEnded(let report):
                epochs.note(report)
                var values = named("epoch_", report.meanLoss, report.metrics)
                if let rate = report.learningRate { values.append(("epoch_learning_rate", Float(rate))) }
                train.append(EventRecord.scalars(values, step: report.epoch - 1, at: now).bytes)
            case .evaluated(let evaluation):
                guard let epoch = epochs.epoch(endingAt: evaluation.step) else { continue }
                let values = named("epoch_", evaluation.loss, evaluation.metrics)
                validation?.append(EventRecord.scalars(values, step: epoch - 1, at: now).bytes)
            case .edited(let edit):
                let over = edit.over > 0 ? " over \(edit.over) steps" : ""
                let text = "`\(edit.name)` \(edit.old.words) → \(edit.new.words)\(over)"
                train.append(EventRecord.text("edits", text, step: edit.step, at: now).bytes)
            case .moved(let move):
                let text = "from step \(move.leftStep) of branch \(move.left.number) to step \(move.step)"
                train.append(EventRecord.text("edits", text, step: move.step, at: now).bytes)
            default: break
            }
        }
    }

    var seesWeights: Bool { true }

    func see(_ weights: [Weights], afterEpoch epoch: Int) {
        let tensors = weights.map { (tag: "\($0.name)/histogram", values: $0.values) }
        let now = Date.now.timeIntervalSince1970
        train.append(EventRecord.histograms(tensors, step: epoch - 1, at: now).bytes)
    }

    private func named(_ prefix: String, _ loss: Double, _ values: [Double]) -> [(tag: String, value: Float)] {
        [(tag: "\(prefix)loss", value: Float(loss))]
            + zip(metrics, values).map { (tag: "\(prefix)\($0)", value: Float($1)) }
    }

    func close() -> [LineFile.Outcome] { [train.close()] + (validation.map { [$0.close()] } ?? []) }
}
