import Testing

@testable import TrainCore

/// What is seen of layers in a step, against the step itself.
@Suite struct LayerReadingTests {
    private static let data = Dataset(
        rows: 64, features: 4, targets: 1, x: (0..<256).map { Float($0 * 37 % 101) / 50 - 1 },
        y: (0..<64).map { Float($0 * 29 % 53) / 20 })

    private static func job(_ optimizer: any Optimizer, _ clipping: GradientClipping = .none) -> TrainingJob {
        TrainingJob(
            model: Sequential([
                Dense(12, activation: .elu, kernelRegularizer: .l2(0.02)), Dense(20, activation: .tanh, dropout: 0.3),
                Dense(1, kernelRegularizer: .l1l2(l1: 0.01, l2: 0.03)),
            ]), optimizer: optimizer, clipping: clipping, batchSize: 16)
    }

    private static func kernels(_ trainer: Trainer) -> [[Float]] {
        trainer.weights.filter { $0.shape.count == 2 }.map(\.values)
    }

    @Test("weights and updates are the step's, gradients those that it follows, and nothing else has changed")
    func step() throws {
        let rate = 0.05
        let watched = try Trainer(Self.job(.sgd(learningRate: rate)), training: Self.data)
        let alone = try Trainer(Self.job(.sgd(learningRate: rate)), training: Self.data)
        for _ in 0..<20 {
            let (layers, loss) = watched.readLayers()
            let before = Self.kernels(alone)
            let outcome = try alone.step()
            #expect(try watched.step() == outcome)
            #expect(Float(loss) == outcome.loss)
            let after = Self.kernels(alone)
            for (index, layer) in layers.enumerated() {
                #expect(layer.weights == before[index])
                #expect(layer.updates == zip(after[index], before[index]).map { $0 - $1 })
                for (update, gradient) in zip(layer.updates ?? [], layer.gradients) {
                    #expect(abs(update + Float(rate) * gradient) < 1e-6)
                }
            }
            #expect(abs(layers.reduce(0) { $0 + $1.penalty } - Double(outcome.loss - outcome.mainLoss)) < 1e-6)
        }
        #expect(watched.weightsChecksum == alone.weightsChecksum)
    }

    @Test("gradients are told as they are before they are clipped, and updates as they come of it")
    func clipped() throws {
        let plain = try Trainer(Self.job(.sgd(learningRate: 1)), training: Self.data)
        let clipped = try Trainer(Self.job(.sgd(learningRate: 1), .value(1e-3)), training: Self.data)
        let (all, some) = (plain.readLayers().layers, clipped.readLayers().layers)
        #expect(all.map(\.gradients) == some.map(\.gradients))
        for layer in some {
            let updates = try #require(layer.updates)
            #expect((updates.map(\.magnitude).max() ?? 0) < 1.01e-3)
        }
    }

    @Test("a step that cannot be taken has no updates")
    func divergence() throws {
        let trainer = try Trainer(Self.job(.sgd(learningRate: 1)), training: Self.data)
        try trainer.setWeights(
            trainer.weights.map { Weights(name: $0.name, shape: $0.shape, values: $0.values.map { $0 * 1e25 }) })
        let checksum = trainer.weightsChecksum
        #expect(trainer.readLayers().layers.allSatisfy { $0.updates == nil })
        #expect(trainer.weightsChecksum == checksum)
    }

    @Test("units are dead that let nothing through, and saturated that let hardly anything through")
    func units() throws {
        func slopes(_ activation: any Activation, biases: [Float]) throws -> UnitSlopes? {
            let job = TrainingJob(
                model: Sequential([Dense(biases.count, activation: activation), Dense(1)]), metrics: [], batchSize: 4)
            let trainer = try Trainer(job, training: Self.data)
            try trainer.setWeights(
                trainer.weights.map { tensor in
                    tensor.name == "layers.0.bias"
                        ? Weights(name: tensor.name, shape: tensor.shape, values: biases) : tensor
                })
            let found = trainer.unitSlopes(on: Self.data.x, rows: Self.data.rows)
            #expect(found.count == 2 && found[1] == nil)
            return found[0]
        }
        let biases: [Float] = [0, -50, 50, 0.1, -7]
        #expect(try slopes(.relu, biases: biases) == UnitSlopes(dead: 2, saturated: 0))
        #expect(try slopes(.leakyReLU, biases: biases) == UnitSlopes(dead: 0, saturated: 0))
        #expect(try slopes(.tanh, biases: [0, 6, -6]) == UnitSlopes(dead: 0, saturated: 2))
        #expect(try slopes(.sigmoid, biases: [0, 9, -9]) == UnitSlopes(dead: 0, saturated: 2))
        #expect(try slopes(.elu, biases: [0, 50, -12]) == UnitSlopes(dead: 0, saturated: 1))
        #expect(try slopes(.softmax, biases: biases) == nil)
        #expect(try slopes(.linear, biases: biases) == nil)
    }
}
