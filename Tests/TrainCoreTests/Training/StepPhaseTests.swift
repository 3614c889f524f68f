import Testing
import TrainCore

struct StepPhaseTests {
    private static let model = Sequential([
        Dense(19, activation: .gelu, kernelRegularizer: .l2(0.01), dropout: 0.25),
        Dense(9, kernelConstraint: .maxNorm(0.5)), Dense(3, activation: .softmax),
    ])
    private static let data = Dataset.noise(rows: 60, features: 5, targets: 1, classes: 3)
    private static let job = TrainingJob(
        model: model, loss: .sparseCategoricalCrossentropy, metrics: [.sparseCategoricalAccuracy],
        clipping: .globalNorm(0.1), batchSize: 20)

    @Test("the phases in order, each once, are a step, over the end of an epoch")
    func phasesAreAStep() throws {
        let (whole, parts) = (try Trainer(Self.job, training: Self.data), try Trainer(Self.job, training: Self.data))
        for _ in 0..<7 {
            try whole.step()
            for phase in parts.phases { parts.run(phase) }
            #expect(parts.weights == whole.weights)
            #expect(parts.position == whole.position)
            #expect(parts.meanLoss == whole.meanLoss)
            #expect(parts.metricValues == whole.metricValues)
        }
    }

    @Test("only phases that do something are listed")
    func names() throws {
        let trainer = try Trainer(Self.job, training: Self.data)
        #expect(
            trainer.phases.map(\.description) == [
                "batch", "layers.0.product", "layers.0.activation", "layers.1.product", "layers.2.product",
                "layers.2.activation", "loss", "layers.2.weight_gradient", "layers.2.input_gradient",
                "layers.1.weight_gradient", "layers.1.input_gradient", "layers.0.activation_gradient",
                "layers.0.weight_gradient", "penalties", "check", "update", "metrics",
            ])
    }

    @Test("a phase that is repeated leaves a trainer that goes on exactly, once its state is put back")
    func repeated() throws {
        let (plain, measured) = (try Trainer(Self.job, training: Self.data), try Trainer(Self.job, training: Self.data))
        for trainer in [plain, measured] { try trainer.step() }
        let state = measured.state
        for phase in measured.phases { measured.run(phase, times: 3) }
        measured.state = state
        #expect(try measured.step() == plain.step())
        #expect(measured.weights == plain.weights)
    }
}
