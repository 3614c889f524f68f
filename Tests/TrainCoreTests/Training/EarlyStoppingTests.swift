import Testing

@testable import TrainCore

@Suite("Early stopping")
struct EarlyStoppingTests {
    /// Losses of made-up epochs, and what Keras 3.15's EarlyStopping made of them: the epochs it let pass, and the best.
    struct Case: Sendable {
        let patience: Int
        let minDelta: Double
        let startFromEpoch: Int
        let losses: [Double]
        let epochs: Int
        let best: Int
    }

    static let cases = [
        Case(
            patience: 1, minDelta: 0, startFromEpoch: 2,
            losses: [
                0.62, 1.17, 0.84, 0.71, 0.53, 0.69, 0.9, 0.54, 0.62, 0.66, 0.58, 0.34, 0.54, 0.42, 0.22, 0.28, 0.16,
                0.33,
            ], epochs: 6, best: 5),
        Case(
            patience: 0, minDelta: 0.2, startFromEpoch: 0,
            losses: [
                1.47, 1.14, 0.89, 1.02, 1.08, 0.73, 0.55, 0.71, 0.71, 0.76, 0.69, 0.41, 0.59, 0.55, 0.22, 0.38, 0.38,
                0.23,
            ], epochs: 4, best: 3),
        Case(
            patience: 2, minDelta: 0.2, startFromEpoch: 0,
            losses: [
                0.8, 1.01, 1.2, 1.08, 0.75, 0.76, 0.35, 0.45, 0.73, 0.48, 0.33, 0.47, 0.5, 0.46, 0.32, 0.32, 0.32, 0.37,
            ], epochs: 3, best: 1),
        Case(
            patience: 5, minDelta: 0.2, startFromEpoch: 2,
            losses: [
                0.99, 0.49, 0.47, 0.97, 1.11, 0.76, 0.58, 0.4, 0.56, 0.77, 0.61, 0.47, 0.57, 0.29, 0.37, 0.49, 0.34,
                0.28,
            ], epochs: 8, best: 3),
        Case(
            patience: 2, minDelta: 0, startFromEpoch: 4,
            losses: [
                1.28, 1.23, 1.2, 1.0, 0.98, 0.71, 0.69, 0.56, 0.31, 0.71, 0.52, 0.32, 0.42, 0.38, 0.31, 0.28, 0.33,
                0.33,
            ], epochs: 11, best: 9),
        Case(
            patience: 5, minDelta: 0.05, startFromEpoch: 4,
            losses: [
                1.1, 1.21, 0.98, 0.85, 0.51, 0.41, 0.68, 0.81, 0.8, 0.28, 0.7, 0.26, 0.57, 0.37, 0.45, 0.26, 0.24, 0.38,
            ], epochs: 15, best: 10),
        Case(
            patience: 1, minDelta: 0.05, startFromEpoch: 2,
            losses: [
                0.57, 0.61, 0.89, 0.54, 0.58, 0.84, 0.62, 0.49, 0.54, 0.27, 0.43, 0.41, 0.29, 0.24, 0.51, 0.34, 0.22,
                0.32,
            ], epochs: 5, best: 4),
        Case(
            patience: 0, minDelta: 0, startFromEpoch: 0,
            losses: [
                0.9, 0.5, 1.26, 0.76, 0.75, 0.64, 0.86, 0.89, 0.63, 0.62, 0.46, 0.46, 0.22, 0.46, 0.47, 0.39, 0.29,
                0.36,
            ], epochs: 3, best: 2),
        Case(
            patience: 1, minDelta: 0, startFromEpoch: 0,
            losses: [
                0.81, 1.26, 0.7, 1.16, 0.93, 0.64, 0.49, 0.31, 0.77, 0.28, 0.64, 0.66, 0.45, 0.26, 0.5, 0.5, 0.38, 0.29,
            ], epochs: 2, best: 1),
        Case(
            patience: 3, minDelta: 0, startFromEpoch: 2,
            losses: [
                0.6, 1.0, 1.21, 0.88, 0.74, 1.0, 0.58, 0.6, 0.29, 0.58, 0.44, 0.35, 0.28, 0.53, 0.47, 0.36, 0.2, 0.27,
            ], epochs: 12, best: 9),
        Case(
            patience: 2, minDelta: 0, startFromEpoch: 4,
            losses: [
                1.43, 0.78, 1.2, 0.95, 0.74, 1.03, 0.48, 0.74, 0.33, 0.35, 0.68, 0.32, 0.53, 0.43, 0.49, 0.29, 0.26,
                0.23,
            ], epochs: 11, best: 9),
        Case(
            patience: 5, minDelta: 0.2, startFromEpoch: 0,
            losses: [
                1.08, 1.18, 0.71, 0.73, 0.66, 1.04, 0.42, 0.38, 0.34, 0.57, 0.69, 0.26, 0.44, 0.41, 0.53, 0.29, 0.25,
                0.3,
            ], epochs: 12, best: 7),
    ]

    @Test("ends and finds the best epoch where Keras does", arguments: cases)
    func keras(_ one: Case) {
        var wait = EarlyStopping.Wait(
            EarlyStopping(patience: one.patience, minDelta: one.minDelta, startFromEpoch: one.startFromEpoch))
        var best = 0
        var ended: Int?
        for (index, loss) in one.losses.enumerated() where ended == nil {
            let seen = wait.sees(loss, after: index + 1)
            if seen.isBetter { best = index + 1 }
            if seen.isOver { ended = index + 1 }
        }
        #expect(best == one.best)
        #expect(ended ?? one.losses.count == one.epochs)
    }

    @Test("does not end at the first epoch, whose loss may be no number")
    func first() {
        var wait = EarlyStopping.Wait(EarlyStopping(patience: 0))
        #expect(!wait.sees(.nan, after: 1).isOver)
        #expect(wait.sees(.nan, after: 2).isOver)
    }

    @Test("fit ends early, with the weights of the best epoch")
    func fit() throws {
        let x = (0..<120).map { Float($0 * 37 % 101) / 50 - 1 }
        let data = Dataset(rows: 60, features: 2, targets: 1, x: x, y: (0..<60).map { x[2 * $0] - x[2 * $0 + 1] })
        var job = TrainingJob(
            model: Sequential([Dense(4, activation: .mish), Dense(1)]), optimizer: .nadam(learningRate: 0.3),
            epochs: 200,
            batchSize: 10)
        job.earlyStopping = EarlyStopping(patience: 3)
        let trainer = try Trainer(job, training: data)
        let history = try trainer.fit(validation: data)
        let best = try #require(history.validationLoss.min())
        #expect(history.loss.count < 200)
        #expect(history.validationLoss.suffix(4).first == best)
        #expect(trainer.evaluate(on: data).loss == best)
    }
}
