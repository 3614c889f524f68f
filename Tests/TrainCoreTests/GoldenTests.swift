import Foundation
import Safetensors
import Testing
import TrainCore

/// Trajectories of Keras 3.15, step by step; see Golden/README.md.
struct GoldenTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let folder: String
        let job: TrainingJob
        var testDescription: String { folder }
    }

    static let cases: [Case] = [
        Case(
            folder: "book",
            job: TrainingJob(
                model: Sequential([
                    Dense(30, activation: .elu, kernelInitializer: .heNormal, kernelRegularizer: .l2(0.05)),
                    Dense(1, kernelRegularizer: .l2(0.05)),
                ]),
                sampling: .sequential)),
        Case(
            folder: "adam-relu-huber",
            job: TrainingJob(
                model: Sequential([Dense(24, activation: .relu), Dense(16, activation: .relu), Dense(1)]), loss: .huber,
                optimizer: .adam(learningRate: 0.003), sampling: .sequential)),
        Case(
            folder: "adamw-gelu-wide",
            job: TrainingJob(
                model: Sequential([Dense(96, activation: .gelu), Dense(48, activation: .silu), Dense(1)]),
                optimizer: .adamw(learningRate: 0.002, weightDecay: 0.01), batchSize: 50, sampling: .sequential)),
        Case(
            folder: "nadam-softmax3",
            job: TrainingJob(
                model: Sequential([Dense(20, activation: .elu), Dense(3, activation: .softmax)]),
                loss: .sparseCategoricalCrossentropy, metrics: [.sparseCategoricalAccuracy],
                optimizer: .nadam(learningRate: 0.005), sampling: .sequential)),
        Case(
            folder: "rmsprop-selu-mae",
            job: TrainingJob(
                model: Sequential([Dense(33, activation: .selu, kernelRegularizer: .l2(0.001)), Dense(1)]),
                loss: .meanAbsoluteError, optimizer: .rmsprop(learningRate: 0.002), batchSize: 64,
                sampling: .sequential)),
        Case(
            folder: "sgd-momentum-tanh",
            job: TrainingJob(
                model: Sequential([Dense(17, activation: .tanh, kernelRegularizer: .l1(0.001)), Dense(1)]),
                optimizer: .sgd(learningRate: 0.02, momentum: 0.9), batchSize: 20, sampling: .sequential)),
        Case(
            folder: "adagrad-two-targets",
            job: TrainingJob(
                model: Sequential([
                    Dense(19, activation: .leakyReLU, kernelConstraint: .maxNorm(0.5)),
                    Dense(2, kernelRegularizer: .l1l2(l1: 0.001, l2: 0.01), kernelConstraint: .maxNorm(0.9)),
                ]),
                loss: .meanAbsoluteError, metrics: [.rootMeanSquaredError], optimizer: .adagrad(learningRate: 0.05),
                batchSize: 16, sampling: .sequential)),
        Case(
            folder: "rmsprop-momentum-binary",
            job: TrainingJob(
                model: Sequential([Dense(11, activation: .silu), Dense(1, activation: .sigmoid)]),
                loss: .binaryCrossentropy, metrics: [.binaryAccuracy], optimizer: rmsprop, batchSize: 25,
                sampling: .sequential)),
        Case(
            folder: "sgd-nesterov-odd-widths",
            job: TrainingJob(
                model: Sequential([
                    Dense(7, activation: .elu), Dense(1, activation: .tanh), Dense(257, activation: .relu),
                    Dense(9, activation: .gelu), Dense(1),
                ]),
                optimizer: .sgd(learningRate: 0.05, momentum: 0.8, nesterov: true),
                schedule: .exponentialDecay(decaySteps: 9, decayRate: 0.7), clipping: .norm(0.5), batchSize: 7,
                sampling: .sequential)),
    ]

    private static let rmsprop: RMSprop = {
        var optimizer = RMSprop.rmsprop(learningRate: 0.005)
        optimizer.rho = 0.95
        optimizer.momentum = 0.8
        return optimizer
    }()

    @Test("every step's loss, running means and the final weights are Keras's", arguments: cases)
    func trajectory(_ golden: Case) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(golden.folder)")
        let table = try rows(folder.appending(path: "data.csv"))
        let targets = type(of: golden.job.loss).targetsAreClasses ? 1 : golden.job.model.layers.last!.units
        let features = table[0].count - targets
        let data = Dataset(
            rows: table.count, features: features, targets: targets,
            x: table.flatMap { $0[..<features].map { Float($0) } },
            y: table.flatMap { $0[features...].map { Float($0) } })
        // Where the loss is a metric too, Keras's figures have its value on every batch.
        var job = golden.job
        if let metric = Catalogue.metrics.first(where: { $0.name == type(of: job.loss).name }) {
            job.metrics.append(metric.init())
        }
        let trainer = try Trainer(job, training: data)
        try trainer.setWeights(Safetensors.decode(Array(Data(contentsOf: folder.appending(path: "init.safetensors")))))

        // The metric's values on the epoch's batches; their squares where it is the root of a mean.
        var means: [Double] = []
        // step, epoch, main_loss, loss, mean_loss, mean_metric
        for expected in try rows(folder.appending(path: "steps.csv")) {
            let outcome = try trainer.step()
            try #require(trainer.position.step == Int(expected[0]))
            try #require(trainer.position.epoch == Int(expected[1]))
            try #require(isClose(Double(outcome.mainLoss), expected[2]), "main loss at step \(expected[0])")
            try #require(isClose(Double(outcome.loss), expected[3]), "loss at step \(expected[0])")
            try #require(isClose(trainer.meanLoss!, expected[4]), "mean loss at step \(expected[0])")
            try #require(isClose(trainer.metricValues[0]!, expected[5]), "metric at step \(expected[0])")
            let onBatch = trainer.batchMetricValues.map(Double.init)
            try #require(onBatch.count == job.metrics.count)
            if job.metrics.count > 1 {
                try #require(isClose(onBatch[1], expected[2]), "the loss as a metric at step \(expected[0])")
            }
            if trainer.position.stepInEpoch == 1 { means = [] }
            let isRoot = job.metrics[0] is RootMeanSquaredError
            means.append(isRoot ? onBatch[0] * onBatch[0] : onBatch[0])
            let mean = means.reduce(0, +) / Double(means.count)
            try #require(
                isClose(isRoot ? mean.squareRoot() : mean, expected[5]),
                "mean of the metric's values at step \(expected[0])")
        }

        let final = try Safetensors.decode(Array(Data(contentsOf: folder.appending(path: "final.safetensors"))))
        let largest = final.flatMap(\.values).map(abs).max()!
        for tensor in final {
            let own = try #require(trainer.weights.first { $0.name == tensor.name })
            let scale = max(tensor.values.map(abs).max()!, largest * 1e-3)
            let error = zip(own.values, tensor.values).map { abs($0 - $1) }.max()!
            #expect(error <= 1e-5 * scale, "\(tensor.name): \(error / scale)")
        }
    }

    /// Within 1e-5 relative, or 1e-6 absolute where the figure is below 0.1.
    private func isClose(_ value: Double, _ expected: Double) -> Bool {
        abs(value - expected) <= max(1e-5 * abs(expected), 1e-6)
    }

    /// The numbers of a CSV file below its header.
    private func rows(_ file: URL) throws -> [[Double]] {
        try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst().map { line in
            try line.split(separator: ",").map { try #require(Double($0)) }
        }
    }
}
