import Dispatch
import Foundation
import JobFile
import Tabular
import TrainCore
import TrainEngine
import Wording

/// Training without a screen: the book's status bar, or events as JSON.
struct HeadlessRun {
    private let prepared: PreparedRun
    private let trainer: Trainer
    private let pace: Double
    private let asJSON: Bool
    /// Whether a line can be written over.
    private let isTerminal = isatty(STDOUT_FILENO) == 1

    init(_ prepared: PreparedRun, paceGiven: Double?, asJSON: Bool) throws(Failure) {
        self.prepared = prepared
        self.asJSON = asJSON
        // The job's pace is for watching.
        pace = paceGiven ?? 0
        do throws(TrainingError) {
            trainer = try Trainer(prepared.recipe.job, training: prepared.data.training)
            if let weights = prepared.initialWeights { try trainer.setWeights(weights) }
        } catch {
            throw Failure(error)
        }
    }

    func run() throws(Failure) {
        for warning in prepared.data.warnings { printError("warning: \(warning)") }
        let log = try prepared.logPath.map { path throws(Failure) in
            try StepLog(path: path, metrics: metricNames)
        }
        announce()
        do throws(Divergence) {
            while !trainer.isComplete { try trainEpoch(log) }
        } catch {
            log?.flush()
            if isTerminal, !asJSON { print() }
            var line = EventLine("diverged")
            (line.step, line.epoch, line.reason) = (error.step, error.epoch, error.description)
            emit(line)
            throw Failure(error)
        }
        log?.flush()
        if let path = prepared.savePath {
            try WeightsFile.write(trainer.weights, to: path)
            var line = EventLine("saved")
            line.path = path
            emit(line)
        }
        emit(EventLine("done"))
    }

    private func trainEpoch(_ log: StepLog?) throws(Divergence) {
        let epoch = trainer.isEpochComplete ? trainer.position.epoch + 1 : trainer.position.epoch
        if !asJSON { write("Epoch \(epoch)/\(trainer.settings.epochs)\n") }
        let outcomes = UnsafeMutableBufferPointer<StepOutcome>.allocate(capacity: 1024)
        defer { outcomes.deallocate() }
        var pacer = StepPacer(stepsPerSecond: pace)
        var nextDrawing = DispatchTime.now()
        repeat {
            if let log {
                log.append(StepRecord(trainer, try trainer.step()))
            } else {
                let (_, divergence) = trainer.run(atMost: pacer.burst, into: outcomes)
                if let divergence { throw divergence }
            }
            pacer.wait()
            if isTerminal, !asJSON, DispatchTime.now() >= nextDrawing, !trainer.isEpochComplete {
                write("\r" + bar(rows: trainer.position.rowsInEpoch))
                nextDrawing = .now() + .milliseconds(50)
            }
        } while !trainer.isEpochComplete
        endEpoch()
    }

    private func endEpoch() {
        // An epoch leaves out the rows of a last, partial batch; the book's bar ends full all the same.
        if !asJSON { write((isTerminal ? "\r" : "") + bar(rows: trainer.training.rows) + "\n") }
        guard asJSON else { return }
        var line = EventLine("epoch")
        (line.epoch, line.step) = (trainer.position.epoch, trainer.position.step)
        line.mean_loss = trainer.meanLoss
        line.learning_rate = trainer.learningRate
        line.metrics = EventLine.values(metricNames, trainer.metricValues)
        emit(line)
        guard let validation = prepared.data.validation else { return }
        let (loss, metrics) = trainer.evaluate(on: validation)
        line = EventLine("validation")
        (line.epoch, line.step, line.loss) = (trainer.position.epoch, trainer.position.step, loss)
        line.metrics = EventLine.values(metricNames, metrics)
        emit(line)
    }

    private var metricNames: [String] { prepared.recipe.job.metrics.map { type(of: $0).name } }

    private func bar(rows: Int) -> String {
        StatusBar.line(
            rows: rows, total: trainer.training.rows, meanLoss: trainer.meanLoss,
            metrics: zip(metricNames, trainer.metricValues).map { ($0, $1) })
    }

    private func announce() {
        let job = prepared.recipe.job
        var line = EventLine("start")
        (line.epochs, line.steps_per_epoch) = (trainer.settings.epochs, trainer.stepsPerEpoch)
        (line.rows, line.weights) = (trainer.training.rows, trainer.weightCount)
        line.model = job.model.layers.map { "\($0.units) \(type(of: $0.activation).name)" }.joined(separator: ", ")
        (line.optimizer, line.seed, line.learning_rate) = (type(of: job.optimizer).name, job.seed, trainer.learningRate)
        emit(line)
    }

    private func emit(_ line: EventLine) {
        if asJSON { write(line.text + "\n") }
    }

    /// Writes at once: whoever reads a pipe wants to see an epoch when it ends.
    private func write(_ text: String) {
        do {
            try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
        } catch {
            // Nobody reads any more, as with `| head`: the work is not wanted either.
            Foundation.exit(Failure.Code.runFailed.rawValue)
        }
    }
}

/// Waits between bursts so that there are not more steps a second than asked for.
private struct StepPacer {
    let stepsPerSecond: Double
    private var due = DispatchTime.now()

    init(stepsPerSecond: Double) { self.stepsPerSecond = stepsPerSecond }

    var burst: Int { stepsPerSecond > 0 ? 1 : 1024 }

    mutating func wait() {
        guard stepsPerSecond > 0 else { return }
        due = due + 1 / stepsPerSecond
        let left = Double(due.uptimeNanoseconds) - Double(DispatchTime.now().uptimeNanoseconds)
        if left > 0 { Thread.sleep(forTimeInterval: left / 1e9) }
    }
}
