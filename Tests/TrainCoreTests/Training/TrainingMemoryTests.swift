import Testing

@testable import TrainCore

struct TrainingMemoryTests {
    private let data = Dataset.noise(rows: 20, features: 3)

    private func job(_ units: [Int], batchSize: Int = 5) -> TrainingJob {
        TrainingJob(model: Sequential(units.map { Dense($0) }), batchSize: batchSize)
    }

    @Test("what is counted is what a trainer takes", arguments: [[1], [7, 1], [8, 1], [30, 5, 1], [300, 200, 1]])
    func count(units: [Int]) throws {
        let job = job(units)
        let trainer = try Trainer(job, training: data)
        let memory = TrainingMemory(job, features: 3, targets: 1, batchSize: 0)
        #expect(memory.bytes == Double(4 * (trainer.arena.count + trainer.gradients.count)))
        #expect(memory.weights == Double(trainer.weights.reduce(0) { $0 + $1.values.count }))
        // A batch comes on top: features and targets, and four rows of each layer.
        let row = 16 + 1 + 4 * units.reduce(0) { $0 + padded($1) }
        let withBatch = TrainingMemory(job, features: 3, targets: 1, batchSize: 10)
        #expect(withBatch.bytes - memory.bytes == Double(4 * 10 * row))
    }

    @Test("a model that no machine has room for is refused before it is made")
    func refusal() {
        let error = #expect(throws: TrainingError.self) {
            try Trainer(job([1_000_000, 1_000_000, 1]), training: data)
        }
        let start = "the model has 1,000,006,000,001 weights, which take 16.0 TB of memory to train"
        #expect(error?.description.hasPrefix(start) == true, "\(String(describing: error))")
        #expect(throws: TrainingError.self) { try Trainer(job([.max, .max, 1]), training: data) }
    }

    @Test("a model of more than a thousand layers is refused")
    func layers() throws {
        _ = try Trainer(job(Array(repeating: 1, count: 1000)), training: data)
        let error = #expect(throws: TrainingError.self) {
            try Trainer(job(Array(repeating: 1, count: 1001)), training: data)
        }
        #expect(error?.description == "the model has 1001 layers; at most 1000 are possible")
    }

    @Test("the objection says how much it would be and how much there is")
    func objection() {
        let memory = TrainingMemory(job([1000, 1]), features: 3, targets: 1, batchSize: 5)
        #expect(memory.objection(available: memory.bytes) == nil)
        #expect(
            memory.objection(available: 2000)
                == "the model has 5,001 weights, which take 0.2 MB of memory to train with a batch of that size; "
                + "this machine has 0.0 MB")
        #expect(TrainingMemory.available > 1e8)
    }
}
