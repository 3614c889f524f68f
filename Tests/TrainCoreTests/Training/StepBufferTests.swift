import Testing
import TrainCore

@Suite("A buffer of steps")
struct StepBufferTests {
    private static let data = Dataset.noise(rows: 60, features: 5, targets: 2)
    private static let job = TrainingJob(
        model: Sequential([Dense(7, activation: .tanh, kernelRegularizer: .l2(0.01), dropout: 0.25), Dense(2)]),
        metrics: [.meanAbsoluteError, .rootMeanSquaredError, .r2Score, .meanSquaredError],
        optimizer: .sgd(learningRate: 0.1), batchSize: 12, sampling: .sequential)

    /// The rows that a step of the first epoch sees.
    private func batch(ofStep step: Int) -> Dataset {
        let rows = (step - 1) * 12..<step * 12
        return Dataset(
            rows: 12, features: 5, targets: 2, x: Array(Self.data.x[rows.lowerBound * 5..<rows.upperBound * 5]),
            y: Array(Self.data.y[rows.lowerBound * 2..<rows.upperBound * 2]))
    }

    @Test("has each metric's value on each batch, as their definitions give it in double precision")
    func values() throws {
        let (trainer, lookAhead) = (
            try Trainer(Self.job, training: Self.data), try Trainer(Self.job, training: Self.data)
        )
        let steps = StepBuffer(capacity: 5, for: trainer)
        #expect(trainer.run(atMost: 5, into: steps).steps == 5)
        for step in 1...5 {
            // With the weights that the step began with, before its update.
            let predicted = Reference(lookAhead).outputs(
                batch(ofStep: step), dropout: Philox(seed: Self.job.seed, stream: .dropout), step: UInt32(step))
            try lookAhead.step()
            let y = batch(ofStep: step).y.map(Double.init)
            let errors = predicted.flatMap(\.self).enumerated().map { $1 - y[$0] }
            let square = errors.reduce(0) { $0 + $1 * $1 } / 24
            let r2 = (0..<2).map { unit in
                let targets = (0..<12).map { y[2 * $0 + unit] }
                let mean = targets.reduce(0, +) / 12
                let left = (0..<12).reduce(0) { $0 + errors[2 * $1 + unit] * errors[2 * $1 + unit] }
                return 1 - left / targets.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            }
            let expected = [
                errors.reduce(0) { $0 + abs($1) } / 24, square.squareRoot(), (r2[0] + r2[1]) / 2, square,
            ]
            for (value, expected) in zip(steps.metrics(ofStep: step - 1), expected) {
                #expect(abs(Double(value) - expected) < 1e-5 * max(1, abs(expected)), "step \(step)")
            }
            #expect(lookAhead.batchMetricValues == Array(steps.metrics(ofStep: step - 1)))
            // The loss without penalties is one of the metrics here.
            #expect(abs(steps.outcomes[step - 1].mainLoss - steps.metrics(ofStep: step - 1)[3]) < 1e-6)
        }
    }

    @Test("takes no more steps than there is room for, adds them behind those in it, and gives the last ones up")
    func room() throws {
        let (trainer, one) = (try Trainer(Self.job, training: Self.data), try Trainer(Self.job, training: Self.data))
        let steps = StepBuffer(capacity: 3, for: trainer)
        #expect(trainer.run(atMost: 2, into: steps).steps == 2)
        #expect(trainer.run(atMost: 9, into: steps).steps == 1)
        #expect(trainer.run(atMost: 9, into: steps).steps == 0)
        #expect(trainer.position.step == 3 && steps.count == 3 && steps.room == 0)
        let outcomes = try (0..<3).map { _ in (try one.step(), one.batchMetricValues) }
        #expect(Array(steps.outcomes) == outcomes.map(\.0))
        #expect(Array(steps.metrics) == outcomes.flatMap(\.1))
        steps.removeLast(2)
        #expect(Array(steps.outcomes) == [outcomes[0].0] && Array(steps.metrics) == outcomes[0].1)
        #expect(trainer.run(atMost: 9, into: steps).steps == 2)
        #expect(steps.count == 3 && steps.outcomes[0] == outcomes[0].0)
        for index in 1...2 {
            #expect(try one.step() == steps.outcomes[index])
            #expect(one.batchMetricValues == Array(steps.metrics(ofStep: index)))
        }
        steps.removeAll()
        #expect(steps.count == 0 && steps.room == 3 && steps.outcomes.isEmpty && steps.metrics.isEmpty)
    }

    @Test("has outcomes alone where the job has no metric")
    func none() throws {
        var job = Self.job
        job.metrics = []
        let trainer = try Trainer(job, training: Self.data)
        let steps = StepBuffer(capacity: 3, for: trainer)
        #expect(trainer.run(atMost: 9, into: steps).steps == 3)
        #expect(steps.metricCount == 0 && steps.outcomes.count == 3 && steps.metrics.isEmpty)
        #expect(steps.metrics(ofStep: 2).isEmpty && trainer.batchMetricValues == [])
    }
}
