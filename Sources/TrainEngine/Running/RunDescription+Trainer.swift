import TrainCore
import TrainProtocol
import Wording

/// The paces that can be asked for: steps a second, 0 for as many as go.
enum Pace {
    static let range = NumberRange.notNegative
}

extension RunDescription {
    /// What a trainer is about to train.
    init(of trainer: Trainer, validation: Dataset?, options: LocalEngine.Options) {
        let job = trainer.job
        let layers = job.model.layers.map { layer in
            layer.activation is Linear ? "\(layer.units)" : "\(layer.units) \(type(of: layer.activation).name)"
        }
        self.init(
            title: options.title, model: (["\(trainer.training.features)"] + layers).joined(separator: " → "),
            weights: trainer.weightCount, optimizer: type(of: job.optimizer).name, seed: job.seed,
            loss: type(of: job.loss).name,
            metrics: job.metrics.map {
                Metric(name: type(of: $0).name, higherIsBetter: type(of: $0).higherIsBetter)
            },
            validation: validation.map { .rows($0.rows) } ?? .none(reason: options.validationNote),
            table: options.table)
    }
}

extension Progress {
    /// Where a trainer stands.
    init(of trainer: Trainer, _ stopwatch: Stopwatch, pace: Double) {
        let step = trainer.position.step
        self.init(
            step: step, epoch: trainer.position.epoch, stepInEpoch: trainer.position.stepInEpoch,
            stepsPerEpoch: trainer.stepsPerEpoch, epochs: trainer.settings.epochs,
            batchSize: trainer.settings.batchSize, rows: trainer.training.rows, meanLoss: trainer.meanLoss,
            metrics: trainer.metricValues, learningRate: trainer.learningRate,
            ramps: trainer.settings.ramps.map { ramp in
                RampProgress(
                    name: ramp.name, value: trainer.setting(named: ramp.name)?.value ?? ramp.to, target: ramp.to,
                    stepsLeft: ramp.end - step)
            },
            pace: pace, trainingSeconds: stopwatch.seconds, stepsPerSecond: stopwatch.stepsPerSecond,
            expectedStepsPerSecond: stopwatch.rate ?? (pace > 0 ? pace : nil))
    }
}
