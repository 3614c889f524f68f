import Foundation
import RandomTesting
import Synchronization
import Testing
import TrainCore
import TrainProtocol

@testable import TrainEngine

/// What a person may do to a run, at random.
@Suite("A run's journal")
struct EngineJournalTests {
    @Test("has the numbers of a large model less often, within epochs and at their ends")
    func largeModel() throws {
        let entries = Mutex<[JournalEntry]>([])
        var options = LocalEngine.Options()
        options.journal = { entry in entries.withLock { $0.append(entry) } }
        // 8,001 weights, five steps an epoch.
        var job = SmallRun.job(epochs: 5, batchSize: 20)
        job.model = Sequential([Dense(2000, activation: .elu), Dense(1)])
        let engine = try LocalEngine(job, training: SmallRun.data, validation: nil, options: options)
        while engine.drain().progress.step < 25 { sched_yield() }
        engine.send(.stop, id: RequestID(0))
        _ = engine.weightsAfterStop()
        let told = entries.withLock { $0 }
        let kinds = told.map { entry in
            switch entry {
            case .epochEnded(let check): "epoch \(check.epoch) \(check.step)"
            case .checked(let check): "check \(check.step)"
            case .ended(let check): "end \(check.step)"
            default: "other"
            }
        }
        #expect(kinds == ["epoch 2 10", "epoch 4 20", "end 25"])
        let outcome = try Replay(of: told, job: job, training: SmallRun.data).run()
        #expect(outcome.difference == nil && outcome.isComplete && outcome.steps == 25)
    }

    @Test("tells all that was done, so that a replay is identical", arguments: 1...20)
    func random(seed: Int) throws {
        let entries = Mutex<[JournalEntry]>([])
        let run = try WatchedRun(epochs: 40) { options in
            options.journal = { entry in entries.withLock { $0.append(entry) } }
            options.pace = seed.isMultiple(of: 2) ? 0 : 3000
            options.historyMemory = seed.isMultiple(of: 3) ? 0 : 1 << 20
            options.onDivergence = .rewind
        }
        var random = SplitMix(state: UInt64(seed))
        func below(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
        for _ in 0..<40 {
            try run.go(1 + below(30))
            let command: Command =
                switch below(14) {
                case 0..<10: .random(at: run.progress.step, using: &random)
                case 10: .testLearningRates
                case 11: .showTwin(withoutEdit: nil)
                case 12:
                    .race(
                        RaceTerms(
                            [("learning_rate", [0.01, 0.02]), ("layers.0.l2", [0, 0.1])], halvesEvery: 1 + below(9)))
                // Now and then it diverges, and goes back by itself.
                default: .set("learning_rate", 1e9)
                }
            _ = try run.ask(command)
            if case .race = command {
                try run.go(1 + below(30))
                let entrants = run.events.compactMap { if case .race(let race?) = $0 { race.entrants } else { nil } }
                if below(3) > 0, let entrant = entrants.last?.randomElement(using: &random) {
                    _ = try run.ask(.adopt(entrant.branch))
                } else {
                    _ = try run.ask(.endRace)
                }
            }
        }
        _ = try run.ask(.stop).get()
        let weights = run.engine.weightsAfterStop().weights
        let outcome = try Replay(of: entries.withLock { $0 }, job: SmallRun.job(epochs: 40), training: SmallRun.data)
            .run()
        // The same with an engine that follows the journal, as it is watched.
        let watched = try WatchedRun(epochs: 40) { options in
            options.following = entries.withLock { $0 }
            options.historyMemory = seed.isMultiple(of: 3) ? 1 << 20 : 0
        }
        try watched.wait { if case .notice = $0 { true } else { false } }
        _ = try watched.ask(.stop).get()
        #expect(watched.engine.replayAfterStop() == outcome)
        #expect(watched.engine.weightsAfterStop().weights == weights)
        #expect(outcome.difference == nil)
        #expect(outcome.isComplete)
        #expect(outcome.edits + outcome.rewinds + outcome.returns + outcome.races > 10)
        #expect(entries.withLock { $0.stepCount } == outcome.steps)
        #expect(weights.allSatisfy { $0.values.allSatisfy(\.isFinite) })
    }
}
