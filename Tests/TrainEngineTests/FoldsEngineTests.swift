import Dispatch
import Testing
import TrainCore
import TrainEngine
import TrainProtocol

@Suite("Folds side by side")
struct FoldsEngineTests {
    /// Three folds of one table: those of 34 rows take a step an epoch more in three epochs than one of 33.
    private static let parts = [34, 33, 33].enumerated().map { index, rows in
        FoldsEngine.Part(
            SmallRun.job(epochs: 3, batchSize: 4), training: data(100 - rows, from: index * 7),
            validation: data(rows, from: index * 11))
    }

    private static func data(_ rows: Int, from start: Int) -> Dataset {
        Dataset(
            rows: rows, features: 2, targets: 1, x: Array(SmallRun.data.x[2 * start..<2 * (start + rows)]),
            y: Array(SmallRun.data.y[start..<start + rows]))
    }

    /// Takes news until the run is in a state.
    private static func updates(
        of engine: FoldsEngine, _ news: DispatchSemaphore, until state: RunState
    ) throws -> [EngineUpdate] {
        var updates: [EngineUpdate] = []
        while !updates.contains(where: { $0.events.contains(.state(state)) }) {
            try #require(news.wait(timeout: .now() + 20) == .success)
            updates.append(engine.drain())
        }
        return updates
    }

    @Test("each fold is the training of its rows alone, and the run that is told is their mean")
    func mean() throws {
        let news = DispatchSemaphore(value: 0)
        var options = LocalEngine.Options()
        options.onNews = { news.signal() }
        let engine = try FoldsEngine(Self.parts, options: options)
        let updates = try Self.updates(of: engine, news, until: .done)
        engine.send(.stop, id: RequestID(1))

        var expected: [Evaluation] = []
        var losses: [[Float]] = []
        for (index, part) in Self.parts.enumerated() {
            let trainer = try Trainer(part.job, training: part.training)
            let steps = StepBuffer(capacity: 1000, for: trainer)
            while !trainer.isComplete { _ = trainer.run(atMost: 1000, into: steps) }
            losses.append(steps.outcomes.map(\.loss))
            let (loss, metrics) = trainer.evaluate(on: part.validation)
            expected.append(
                Evaluation(
                    branch: BranchID(index + 2), step: trainer.position.step, loss: loss, metrics: metrics))
        }
        #expect(engine.evaluationsAfterStop() == expected)

        let samples = updates.flatMap(\.samples).filter { $0.branch == .first && $0.loss.count == 1 }
        try #require(!samples.isEmpty)
        for sample in samples {
            let those = losses.compactMap { $0.indices.contains(sample.firstStep - 1) ? $0[sample.firstStep - 1] : nil }
            #expect(sample.loss.min == Float(those.reduce(0.0) { $0 + Double($1) } / Double(those.count)))
        }
        let evaluations = updates.flatMap(\.events).compactMap { event in
            if case .evaluated(let evaluation) = event, evaluation.branch == .first { evaluation } else { nil }
        }
        #expect(evaluations.count == 3)
        #expect(evaluations.last?.loss == expected.reduce(0) { $0 + $1.loss } / 3)
    }

    @Test("they can be paused and not steered")
    func steering() throws {
        let news = DispatchSemaphore(value: 0)
        var options = LocalEngine.Options()
        options.onNews = { news.signal() }
        options.startsPaused = true
        let engine = try FoldsEngine(Self.parts, options: options)
        engine.send(.set("learning_rate", 0.1), id: RequestID(1))
        engine.send(.step(5), id: RequestID(2))
        var updates = try Self.updates(of: engine, news, until: .training)
        while !updates.contains(where: { $0.progress.step == 5 }) {
            try #require(news.wait(timeout: .now() + 20) == .success)
            updates.append(engine.drain())
        }
        let reason = "the folds say how good the job is as it stands; without --folds it can be steered"
        #expect(updates.flatMap(\.events).contains(.refused(RequestID(1), reason: reason)))
        engine.send(.stop, id: RequestID(3))
        #expect(engine.evaluationsAfterStop() == [nil, nil, nil])
    }
}
