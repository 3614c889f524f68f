import Testing
import TrainCore

@Suite struct PredictionTests {
    /// 700 rows are two whole pieces of 256 and one that is not.
    @Test("predictions are what validation looks at, to the bit")
    func sameAsEvaluation() throws {
        let (rows, features) = (700, 3)
        let philox = Philox(seed: 4, stream: 9)
        let x = (0..<rows * features).map { Float(philox.block(UInt32($0), 0, 0, 0).0) / Float(UInt32.max) - 0.5 }
        let y = (0..<rows).map { x[$0 * features] * 2 - x[$0 * features + 1] }
        let data = Dataset(rows: rows, features: features, targets: 1, x: x, y: y)
        let job = TrainingJob(
            model: Sequential([Dense(7, activation: .elu, dropout: 0.3), Dense(1)]), metrics: [.meanSquaredError],
            epochs: 2)
        let trainer = try Trainer(job, training: data)
        try trainer.fit()
        let outputs = trainer.predict(x, rows: rows)
        #expect(outputs.count == rows && Set(outputs).count > 600)
        let perfect = Dataset(rows: rows, features: features, targets: 1, x: x, y: outputs)
        #expect(trainer.evaluate(on: perfect).metrics == [0])
        // A row alone, in another trainer with the same weights, is the same row.
        var alone = job
        alone.batchSize = 1
        let row = Dataset(rows: 1, features: features, targets: 1, x: [0, 0, 0], y: [0])
        let other = try Trainer(alone, training: row)
        try other.setWeights(trainer.weights)
        #expect(other.predict(x, rows: rows) == outputs)
        for index in stride(from: 0, to: rows, by: 37) {
            #expect(other.predict(Array(x[index * features..<(index + 1) * features]), rows: 1) == [outputs[index]])
        }
    }
}
