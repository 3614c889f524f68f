import Foundation
import TrainCore
import TrainEngine
import Wording

/// One line a step: `step,epoch,learning_rate,main_loss,loss,mean_loss,` and the metrics' running means.
///
/// A class because the file is one thing that is written to; the training's thread alone does.
final class StepLog {
    private let file: FileHandle
    private var buffer = Data()

    init(path: String, metrics: [String]) throws(Failure) {
        guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path)
        else {
            throw Failure(.cannotCreate, "\(visible(path)): cannot be written: \(String(cString: strerror(errno)))")
        }
        self.file = file
        write((["step", "epoch", "learning_rate", "main_loss", "loss", "mean_loss"] + metrics).joined(separator: ","))
    }

    /// Numbers are written so that reading them gives the same bits.
    func append(_ record: StepRecord) {
        let numbers = [record.outcome.learningRate, record.outcome.mainLoss, record.outcome.loss].map { "\($0)" }
        let means = ([record.meanLoss] + record.metrics).map { "\(Float($0))" }
        write(([String(record.step), String(record.epoch)] + numbers + means).joined(separator: ","))
    }

    private func write(_ line: String) {
        buffer.append(contentsOf: line.utf8)
        buffer.append(UInt8(ascii: "\n"))
        if buffer.count > 1 << 16 { flush() }
    }

    /// Writes what is held back. A disk that is full ends the log, not the training.
    func flush() {
        do {
            try file.write(contentsOf: buffer)
        } catch {
            printError("traintui: the step log stops here: \(reason(error))")
        }
        buffer.removeAll(keepingCapacity: true)
    }

    deinit { flush() }
}
