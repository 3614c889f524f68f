import Foundation
import Testing
import TrainCore

struct TrainerTests {
    static let model = Sequential([
        Dense(19, activation: .gelu, kernelRegularizer: .l2(0.01), dropout: 0.25), Dense(3, activation: .tanh),
        Dense(2),
    ])
    static let data = Dataset.noise(rows: 130, features: 5, targets: 2)

    private func bits(_ trainer: Trainer) -> [UInt32] { trainer.weights.flatMap(\.values).map(\.bitPattern) }

    @Test(
        "a training goes on from a copied state bit for bit, in the same trainer or another",
        arguments: Sampling.allCases)
    func state(_ sampling: Sampling) throws {
        for optimizer in Catalogue.optimizers {
            let job = TrainingJob(
                model: Self.model, metrics: [.meanAbsoluteError, .r2Score], optimizer: optimizer.init(),
                sampling: sampling)
            let trainer = try Trainer(job, training: Self.data)
            for _ in 0..<7 { try trainer.step() }
            let state = trainer.state
            let outcomes = try (0..<9).map { _ in try trainer.step() }
            let (weights, metrics, position) = (bits(trainer), trainer.metricValues, trainer.position)
            let onBatch = trainer.batchMetricValues

            for other in [trainer, try Trainer(job, training: Self.data)] {
                other.state = state
                #expect(try (0..<9).map { _ in try other.step() } == outcomes)
                #expect(bits(other) == weights)
                #expect(other.metricValues == metrics && other.batchMetricValues == onBatch)
                #expect(other.position == position)
            }
        }
    }

    @Test("a state carries edited settings, a greater batch among them")
    func editedState() throws {
        let job = TrainingJob(model: Self.model, batchSize: 8)
        let trainer = try Trainer(job, training: Self.data)
        #expect(try trainer.set("batch_size", to: 100) == 8)
        #expect(try trainer.set("learning_rate", to: 0.5) == 0.01)
        #expect(try trainer.set("layers.0.l2", to: 0.25) == 0.01)
        try trainer.step()
        let other = try Trainer(job, training: Self.data)
        other.state = trainer.state
        #expect(try other.step() == trainer.step())
        #expect(other.editableSettings == trainer.editableSettings)
        #expect(other.settings.batchSize == 100)
    }

    @Test("running many steps at once is taking them one by one, and stops at the epoch's end")
    func run() throws {
        let job = TrainingJob(model: Self.model, metrics: [.meanAbsoluteError, .r2Score])
        let (one, many) = (try Trainer(job, training: Self.data), try Trainer(job, training: Self.data))
        let buffer = StepBuffer(capacity: 100, for: many)
        let (steps, divergence) = many.run(atMost: 100, into: buffer)
        #expect(steps == 4 && buffer.count == 4 && divergence == nil && many.isEpochComplete)
        for index in 0..<4 {
            #expect(try one.step() == buffer.outcomes[index])
            #expect(one.batchMetricValues == Array(buffer.metrics(ofStep: index)))
        }
    }

    @Test("evaluation drops nothing and does not depend on the batch size or on training")
    func evaluation() throws {
        let validation = Dataset.noise(rows: 700, features: 5, targets: 2, seed: 3)
        let metrics: [any Metric] = [.meanAbsoluteError, .rootMeanSquaredError, .r2Score]
        let trainer = try Trainer(TrainingJob(model: Self.model, metrics: metrics), training: Self.data)
        try trainer.step()
        let (loss, values) = trainer.evaluate(on: validation)

        var undropped = Self.model
        undropped.layers[0].dropout = 0
        for (model, batchSize) in [(Self.model, 1), (undropped, 130)] {
            let other = try Trainer(
                TrainingJob(model: model, metrics: metrics, batchSize: batchSize), training: Self.data)
            try other.setWeights(trainer.weights)
            let (otherLoss, otherValues) = other.evaluate(on: validation)
            #expect(otherLoss == loss && otherValues == values)
        }

        var reference = Reference(trainer)
        for index in reference.layers.indices { reference.layers[index].dropout = 0 }
        let expected = reference.totalLoss(validation, dropout: Philox(seed: 0, stream: .dropout), step: 0)
        #expect(abs(loss - expected) < 1e-6 * expected)
        // Evaluating in between changes nothing.
        let state = trainer.state
        let next = try trainer.step()
        trainer.state = state
        _ = trainer.evaluate(on: validation)
        #expect(try trainer.step() == next)
    }

    @Test(
        "a training that diverges stops before the update, with everything as it was and finite",
        arguments: Catalogue.optimizers.map { $0.name })
    func divergence(_ name: String) throws {
        var optimizer = try #require(Catalogue.optimizers.first { $0.name == name }).init()
        optimizer.learningRate = 1e4
        let job = TrainingJob(
            model: Sequential([Dense(30, activation: .elu, kernelRegularizer: .l2(0.05)), Dense(2)]),
            optimizer: optimizer,
            epochs: 1000)
        let trainer = try Trainer(job, training: Self.data)
        var before = trainer.state
        var diverged: Divergence?
        for _ in 0..<4000 where diverged == nil {
            before = trainer.state
            diverged = divergence(of: trainer)
        }
        if let diverged {
            #expect(diverged.step == trainer.position.step + 1)
            #expect(trainer.position == before.position)
            #expect(trainer.meanLoss?.isFinite == true)
            let weights = bits(trainer)
            trainer.state = before
            #expect(bits(trainer) == weights)
            #expect(divergence(of: trainer)?.description == diverged.description)
        }
        #expect(bits(trainer).allSatisfy { Float(bitPattern: $0).isFinite })
        // What has diverged can be brought back.
        try trainer.setWeights(Trainer(job, training: Self.data).weights)
        try trainer.set("learning_rate", to: 1e-4)
        for _ in 0..<20 { try trainer.step() }
    }

    private func divergence(of trainer: Trainer) -> Divergence? {
        do {
            try trainer.step()
            return nil
        } catch {
            return error
        }
    }

    @Test("classification losses stay finite for logits up to 10,000", arguments: [1, 2, 17])
    func logits(units: Int) throws {
        for loss: any Loss in [.binaryCrossentropy, .sparseCategoricalCrossentropy] {
            let isClasses = type(of: loss).targetsAreClasses
            let last: any Activation = isClasses ? .softmax : .sigmoid
            let classes: [Float] = [0, 0, 0, Float(units - 1)]
            let values = [[Float]](repeating: [0, 1, 1, 0], count: units).flatMap(\.self)
            let data = Dataset(
                rows: 4, features: 1, targets: isClasses ? 1 : units, x: [-10_000, 10_000, -1, 100],
                y: isClasses ? classes : values)
            let job = TrainingJob(
                model: Sequential([Dense(units, activation: last)]), loss: loss, metrics: [],
                optimizer: .sgd(learningRate: 1e-6), batchSize: 4, sampling: .sequential)
            let trainer = try Trainer(job, training: data)
            let kernel = (0..<units).map { [-1, 0.5, 1][$0 % 3] as Float }
            try trainer.setWeights([
                Weights(name: "layers.0.kernel", shape: [1, units], values: kernel),
                Weights(name: "layers.0.bias", shape: [units], values: kernel),
            ])
            let outcome = try trainer.step()
            #expect(outcome.loss.isFinite && outcome.loss >= 0)
            #expect(trainer.evaluate(on: data).loss.isFinite)
        }
    }

    @Test("constraints hold after each step, unit by unit", arguments: [3, 20])
    func constraints(units: Int) throws {
        for constraint in [Constraint.maxNorm(0.5), .unitNorm, .nonNegative] {
            let job = TrainingJob(
                model: Sequential([Dense(units, kernelConstraint: constraint)]), optimizer: .sgd(learningRate: 0.3))
            let trainer = try Trainer(job, training: .noise(rows: 40, features: 6, targets: units))
            for _ in 0..<5 { try trainer.step() }
            let kernel = trainer.weights[0].values
            let norms = (0..<units).map { unit in
                (0..<6).reduce(Float(0)) { $0 + kernel[$1 * units + unit] * kernel[$1 * units + unit] }.squareRoot()
            }
            switch constraint {
            case .maxNorm(let limit): #expect(norms.allSatisfy { $0 <= Float(limit) * 1.000001 })
            case .unitNorm: #expect(norms.allSatisfy { abs($0 - 1) < 1e-5 })
            default: #expect(kernel.allSatisfy { $0 >= 0 } && kernel.contains(0))
            }
        }
    }

    @Test("as in Keras, max_norm divides by the norm and 1e-7, which small weights below the limit feel")
    func maxNormBelowItsLimit() throws {
        let job = TrainingJob(
            model: Sequential([Dense(1, kernelConstraint: .maxNorm(2))]), optimizer: .sgd(learningRate: 1e-30))
        let trainer = try Trainer(job, training: .noise(rows: 40, features: 2))
        try trainer.setWeights([
            Weights(name: "layers.0.kernel", shape: [2, 1], values: [3e-4, -4e-4]),
            Weights(name: "layers.0.bias", shape: [1], values: [0]),
        ])
        try trainer.step()
        // The norm is 5e-4, so what is left is 5e-4 / (5e-4 + 1e-7) of each: Keras 3.15's MaxNorm(2) gives these.
        let left = trainer.weights[0].values
        #expect(abs(left[0] - 2.9994e-4) < 1e-10 && abs(left[1] + 3.9992e-4) < 1e-10, "\(left)")
    }
}
