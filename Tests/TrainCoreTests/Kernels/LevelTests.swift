import Foundation
import Testing
import TrainCore

/// Trains the same jobs under each level of kernels, each in a process of its own, as the level is chosen once.
struct LevelTests {
    /// Between them every activation, loss, optimizer and metric, wide and narrow layers.
    static var jobs: [(job: TrainingJob, data: Dataset)] {
        var jobs: [(TrainingJob, Dataset)] = []
        for (index, activation) in Catalogue.activations.enumerated() {
            let units = [1, 7, 17, 33, 64][index % 5]
            let loss = Catalogue.losses[index % Catalogue.losses.count].init()
            let isClasses = type(of: loss).targetsAreClasses
            var metrics = Catalogue.metrics.filter { isClasses == ($0 == SparseCategoricalAccuracy.self) }.map {
                $0.init()
            }
            if isClasses { metrics.append(.sparseCategoricalAccuracy) }
            let job = TrainingJob(
                model: Sequential([
                    Dense(
                        units, activation: activation.init(), kernelRegularizer: .l1l2(l1: 0.01, l2: 0.02), dropout: 0.2
                    ),
                    Dense(5, activation: .tanh, kernelInitializer: .heNormal, kernelConstraint: .maxNorm(1)),
                    Dense(3, activation: index % 2 == 0 ? .softmax : .sigmoid),
                ]),
                loss: loss, metrics: metrics,
                optimizer: Catalogue.optimizers[index % Catalogue.optimizers.count].init(),
                clipping: index % 3 == 0 ? .globalNorm(0.1) : .norm(0.2), batchSize: [7, 32, 100][index % 3],
                sampling: index % 2 == 0 ? .random : .shuffle)
            jobs.append((job, .noise(rows: 150, features: 9, targets: isClasses ? 1 : 3, classes: isClasses ? 3 : nil)))
        }
        return jobs
    }

    /// All losses and final weights of all jobs, as one line of their bits.
    static func train() throws -> String {
        var words: [UInt32] = []
        for (job, data) in jobs {
            let trainer = try Trainer(job, training: data)
            for _ in 0..<25 { words.append(try trainer.step().loss.bitPattern) }
            words += trainer.weights.flatMap(\.values).map(\.bitPattern)
            words.append(Float(trainer.evaluate(on: data).loss).bitPattern)
        }
        return words.map { String($0, radix: 16) }.joined(separator: " ")
    }

    @Test("the same jobs give the same bits under every level of kernels", arguments: Level.available)
    func sameBits(_ level: Level) async throws {
        let outcome = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            [name = level.rawValue as String] in
            setenv("TRAINTUI_KERNELS", name, 1)
            #expect(kernelLevel.hasSuffix(name))
            print("bits: \(try LevelTests.train())")
        }
        let output = String(decoding: try #require(outcome).standardOutputContent, as: UTF8.self)
        let bits = try #require(output.split(separator: "\n").first { $0.hasPrefix("bits: ") }?.dropFirst(6))
        let own = try LevelTests.train()
        #expect(bits == own)
    }
}
