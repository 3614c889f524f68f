import Testing
import TrainCore

struct DropoutTests {
    @Test(
        "training drops each unit with its probability, alone and anew, and scales the others to keep the mean",
        arguments: [0.1, 0.5, 0.8])
    func distribution(rate: Double) throws {
        // 256 units that are all 1 before dropout, then their sum: 1 / (1 - rate) times a binomial number of units,
        // whose mean is 256 and whose variance is 256 rate / (1 - rate) where units are dropped independently.
        let units = 256
        let model = Sequential([
            Dense(units, kernelInitializer: .zeros, biasInitializer: .ones, dropout: rate),
            Dense(1, kernelInitializer: .ones),
        ])
        let rows = 6400
        let data = Dataset(
            rows: rows, features: 1, targets: 1, x: Array(repeating: 0, count: rows),
            y: Array(repeating: 0, count: rows))
        let job = TrainingJob(
            model: model, loss: .meanAbsoluteError, metrics: [.meanAbsoluteError, .meanSquaredError],
            optimizer: .sgd(learningRate: 1e-30), sampling: .sequential)
        let trainer = try Trainer(job, training: data)
        var means: Set<Float> = []
        repeat { means.insert(try trainer.step().mainLoss) } while !trainer.isEpochComplete

        let values = trainer.metricValues.compactMap { $0 }
        let (mean, variance) = (values[0], values[1] - values[0] * values[0])
        let expected = Double(units) * rate / (1 - rate)
        // Four deviations of a mean, and of a variance, of 6400 draws.
        #expect(abs(mean - Double(units)) < 4 * (expected / Double(rows)).squareRoot())
        #expect(
            abs(variance - expected) < 4 * expected * (2 / Double(rows)).squareRoot(), "\(variance), not \(expected)")
        // Masks are new in each step, and evaluation has none.
        #expect(means.count > 50)
        #expect(trainer.evaluate(on: data).loss == Double(units))
    }
}
