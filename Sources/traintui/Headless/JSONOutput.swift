import TrainEngine

/// One event a line, as JSON.
///
/// A class because a validation is said to belong to the epoch that ended last.
final class JSONOutput: HeadlessOutput {
    private let run: RunDescription
    private var epoch = 1

    init(_ run: RunDescription) { self.run = run }

    func begin(_ progress: TrainEngine.Progress) {
        var line = EventLine("start")
        (line.epochs, line.steps_per_epoch) = (progress.epochs, progress.stepsPerEpoch)
        (line.rows, line.weights) = (progress.rows, run.weights)
        line.model = run.model
        (line.optimizer, line.seed, line.learning_rate) = (run.optimizer, run.seed, progress.learningRate)
        emit(line)
    }

    func show(_ event: Event, _ progress: TrainEngine.Progress) {
        switch event {
        case .epochEnded(let report):
            var line = EventLine("epoch")
            epoch = report.epoch
            (line.epoch, line.step) = (report.epoch, report.step)
            (line.mean_loss, line.learning_rate) = (report.meanLoss, report.learningRate)
            line.metrics = EventLine.values(run.metrics, report.metrics)
            emit(line)
        case .evaluated(let evaluation):
            var line = EventLine("validation")
            (line.epoch, line.step, line.loss) = (epoch, evaluation.step, evaluation.loss)
            line.metrics = EventLine.values(run.metrics, evaluation.metrics)
            emit(line)
        case .moved(let move):
            var line = EventLine("moved")
            line.step = move.step
            if case .divergence(let reason) = move.cause { line.reason = reason }
            emit(line)
        case .changed(let change):
            var line = EventLine("edit")
            (line.step, line.name, line.old, line.new) = (change.step, change.name, change.old, change.new)
            emit(line)
        case .saved(let path):
            var line = EventLine("saved")
            line.path = path
            emit(line)
        case .notice(let text):
            var line = EventLine("notice")
            line.reason = text
            emit(line)
        default:
            break
        }
    }

    func show(_ progress: TrainEngine.Progress) {}

    func end(_ state: RunState, _ progress: TrainEngine.Progress) {
        guard case .diverged(let step, let reason) = state else { return emit(EventLine("done")) }
        var line = EventLine("diverged")
        (line.step, line.epoch, line.reason) = (step, progress.epoch, reason)
        emit(line)
    }

    private func emit(_ line: EventLine) { write(line.text + "\n") }
}
