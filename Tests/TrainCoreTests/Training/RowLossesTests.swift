import Testing

@testable import TrainCore

/// What each row adds to a loss, against what the mean of all is said to be.
@Suite struct RowLossesTests {
    private static func data(rows: Int, targets: Int = 1, classes: Int? = nil) -> Dataset {
        let philox = Philox(seed: 11, stream: .batches)
        let x = (0..<rows * 3).map { Float(philox.block(UInt32($0), 1, 0, 0).0) / 0x1p31 - 1 }
        let y = (0..<rows * targets).map { place in
            classes.map { Float(place * 7 % $0) } ?? x[place * 3 / targets % x.count] - Float(place % 5) / 10
        }
        return Dataset(rows: rows, features: 3, targets: targets, x: x, y: y)
    }

    private static func job(_ layers: [Dense], _ loss: any Loss, dropout: Bool = false) -> TrainingJob {
        TrainingJob(model: Sequential(layers), loss: loss, metrics: [], batchSize: 16, sampling: .shuffle)
    }

    /// Jobs with each kind of output, and data for them.
    private static let cases: [(String, TrainingJob, Dataset)] = [
        (
            "a value", job([Dense(9, activation: .elu, kernelRegularizer: .l2(0.01)), Dense(1)], .meanSquaredError),
            data(rows: 700)
        ),
        ("two values", job([Dense(20, activation: .tanh), Dense(2)], Huber()), data(rows: 300, targets: 2)),
        ("many values", job([Dense(12)], .meanAbsoluteError), data(rows: 40, targets: 12)),
        (
            "classes",
            job([Dense(5, activation: .relu), Dense(4, activation: .softmax)], .sparseCategoricalCrossentropy),
            data(rows: 513, classes: 4)
        ),
        (
            "classes without softmax", job([Dense(20, activation: .sigmoid)], .sparseCategoricalCrossentropy),
            data(rows: 100, classes: 20)
        ),
        ("two classes", job([Dense(1, activation: .sigmoid)], .binaryCrossentropy), data(rows: 100, classes: 2)),
        (
            "dropped units", job([Dense(16, activation: .selu, dropout: 0.5), Dense(1)], .logCosh),
            data(rows: 100)
        ),
    ]

    @Test(arguments: cases.indices)
    func theirMeanIsTheLossOfAll(index: Int) throws {
        let (name, job, data) = Self.cases[index]
        let trainer = try Trainer(job, training: data)
        for _ in 0..<20 { try trainer.step() }
        let found = try #require(trainer.rowLosses(on: data))
        #expect(found.rows == Array(0..<data.rows) && found.losses.count == data.rows, "\(name)")
        #expect(found.outputs == trainer.predict(data.x, rows: data.rows), "\(name)")
        let mean = found.losses.reduce(0) { $0 + Double($1) } / Double(data.rows)
        #expect(abs(mean + trainer.penalty - trainer.evaluate(on: data).loss) < 1e-6 * max(1, mean), "\(name)")
        #expect(trainer.rowLosses(on: data) { false } == nil)
    }

    @Test(arguments: cases.indices)
    func thoseOfTheNextStepAreWhatTheStepSees(index: Int) throws {
        let (name, job, data) = Self.cases[index]
        let watched = try Trainer(job, training: data)
        let alone = try Trainer(job, training: data)
        for trainer in [watched, alone] {
            try trainer.begin(Ramp("batch_size", from: 16, to: 30, after: 0, over: 25))
        }
        for step in 1...60 {
            let found = watched.rowLossesOfNextStep()
            let outcome = try watched.step()
            let mean = found.losses.reduce(0) { $0 + Double($1) } / Double(found.losses.count)
            #expect(abs(mean - Double(outcome.mainLoss)) < 1e-5 * max(1, mean), "\(name), step \(step)")
            #expect(found.rows.count == watched.settings.batchSize, "\(name), step \(step)")
            #expect(found.rows.allSatisfy { $0 < data.rows })
            // Nothing of the training is another one for having been looked at.
            #expect(try alone.step() == outcome, "\(name), step \(step)")
        }
        #expect(watched.weightsChecksum == alone.weightsChecksum)
    }
}
