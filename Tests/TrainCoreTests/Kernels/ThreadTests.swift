import Foundation
import Testing
import TrainCore

/// Trains the same wide jobs with one, two and three threads, each in a process of its own, as threads are started once.
struct ThreadTests {
    /// Layers and batches so large that every kind of work is shared, in pieces of which the last is not full.
    static func train() throws -> String {
        var words: [UInt32] = []
        let data = Dataset.noise(rows: 131, features: 515, targets: 1, classes: 5)
        for (index, optimizer) in Catalogue.optimizers.enumerated() {
            let job = TrainingJob(
                model: Sequential([
                    Dense(517, activation: index % 2 == 0 ? .gelu : .sigmoid, dropout: 0.2),
                    Dense(131, activation: .softmax), Dense(5, activation: .softmax),
                ]),
                loss: .sparseCategoricalCrossentropy, metrics: [.sparseCategoricalAccuracy],
                optimizer: optimizer.init(), batchSize: 131)
            let trainer = try Trainer(job, training: data)
            for _ in 0..<2 { words.append(try trainer.step().loss.bitPattern) }
            words += trainer.weights.map { tensor in
                tensor.values.reduce(UInt32(0)) { ($0 &* 31) ^ $1.bitPattern }
            }
        }
        return words.map { String($0, radix: 16) }.joined(separator: " ")
    }

    @Test("any number of threads gives the same bits", arguments: ["1", "2", "3"])
    func sameBits(_ threads: String) async throws {
        let outcome = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            [threads = threads as String] in
            setenv("TRAINTUI_THREADS", threads, 1)
            #expect(threadCount == Int(threads))
            print("bits: \(try ThreadTests.train())")
        }
        let output = String(decoding: try #require(outcome).standardOutputContent, as: UTF8.self)
        let bits = try #require(output.split(separator: "\n").first { $0.hasPrefix("bits: ") }?.dropFirst(6))
        #expect(bits == (try Self.train()))
    }

    @Test("an update in pieces leaves no parameter out")
    func everyParameter() throws {
        let data = Dataset.noise(rows: 40, features: 130, targets: 1)
        for optimizer in Catalogue.optimizers {
            let job = TrainingJob(
                model: Sequential([Dense(517, activation: .tanh), Dense(1)]), optimizer: optimizer.init(), batchSize: 40
            )
            let trainer = try Trainer(job, training: data)
            // So great a rate that even the least gradient shows.
            try trainer.set("learning_rate", to: 100)
            let before = trainer.weights
            try trainer.step()
            for (old, new) in zip(before, trainer.weights) {
                #expect(zip(old.values, new.values).allSatisfy { $0 != $1 }, "\(type(of: job.optimizer).name)")
            }
        }
    }

    @Test("activations in pieces are those of each row alone", arguments: Catalogue.activations.map { $0.name })
    func everyRow(_ name: String) throws {
        let activation = try #require(Catalogue.activations.first { $0.name == name }).init()
        let data = Dataset.noise(rows: 131, features: 5, targets: 1)
        let job = TrainingJob(model: Sequential([Dense(517, activation: activation), Dense(1)]), batchSize: 131)
        let trainer = try Trainer(job, training: data)
        let alone = (0..<data.rows).map { row in
            trainer.evaluate(
                on: Dataset(
                    rows: 1, features: 5, targets: 1, x: Array(data.x[row * 5..<row * 5 + 5]), y: [data.y[row]])
            ).loss
        }
        let mean = alone.reduce(0, +) / Double(data.rows)
        #expect(abs(trainer.evaluate(on: data).loss - mean) < 1e-5 * mean)
    }
}
