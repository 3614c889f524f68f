package import TrainCore
package import TrainProtocol
import Wording

/// The paces that can be asked for: steps a second, 0 for as many as go.
enum Pace {
    static let range = NumberRange.notNegative
}

extension RunDescription {
    /// What a trainer is about to train.
    init(of trainer: Trainer, validation: Dataset?, options: LocalEngine.Options) {
        self.init(
            of: trainer.job, title: options.title, features: trainer.training.features, weights: trainer.weightCount,
            validation: validation.map { .rows($0.rows) } ?? .none(reason: options.validationNote),
            table: options.table)
    }

    /// What a job trains; features and weights are nil where its data is not known.
    package init(
        of job: TrainingJob, title: String, features: Int? = nil, weights: Int? = nil, validation: Validation,
        table: TableDescription? = nil
    ) {
        let layers = job.model.layers.map { layer in
            layer.activation is Linear ? "\(layer.units)" : "\(layer.units) \(type(of: layer.activation).name)"
        }
        let input = features.map { ["\($0)"] } ?? []
        self.init(
            title: title, model: (input + layers).joined(separator: " → "), weights: weights,
            optimizer: type(of: job.optimizer).name, seed: job.seed, loss: type(of: job.loss).name,
            metrics: job.metrics.map {
                Metric(name: type(of: $0).name, higherIsBetter: type(of: $0).higherIsBetter)
            },
            validation: validation, table: table)
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
