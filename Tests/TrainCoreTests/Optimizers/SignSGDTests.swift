import Foundation
import Testing
import TrainCore

/// The optimizer that the documentation shows.
@Suite struct SignSGDTests {
    @Test("the optimizer in the article trains as its rule says")
    func rule() throws {
        let data = Dataset(rows: 1, features: 3, targets: 1, x: [3, -4, 0], y: [1])
        var optimizer = SignSGD()
        optimizer.learningRate = 0.5
        let job = TrainingJob(
            model: Sequential([Dense(1, kernelInitializer: .zeros)]), optimizer: optimizer, batchSize: 1,
            sampling: .sequential)
        let trainer = try Trainer(job, training: data)
        func weightsAfterStep() throws -> [Float] {
            try trainer.step()
            return trainer.weights.flatMap(\.values)
        }
        // The output is 0, then 1.5 + 2 + 0.5, so it must rise to 1 and then fall; the feature 0 has no gradient.
        #expect(try weightsAfterStep() == [0.5, -0.5, 0, 0.5])
        #expect(try weightsAfterStep() == [0, 0, 0, 0])
        try trainer.set("learning_rate", to: 0.125)
        // The output is 0, then 0.375 + 0.5 + 0.125, which is right: no gradient anywhere.
        #expect(try weightsAfterStep() == [0.125, -0.125, 0, 0.125])
        #expect(try weightsAfterStep() == [0.125, -0.125, 0, 0.125])
    }

    @Test("the article shows the code that is compiled here")
    func article() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let source = try String(contentsOf: folder.appending(path: "SignSGD.swift"), encoding: .utf8)
        let article = try String(
            contentsOf: folder.appending(path: "../../../Sources/TrainCore/TrainCore.docc/AddingAnOptimizer.md"),
            encoding: .utf8)
        let code = try #require(source.split(separator: "public import TrainCore\n\n").first)
        #expect(article.contains("```swift\n\(code)```\n"))
    }
}
