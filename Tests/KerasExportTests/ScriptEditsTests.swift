import Dispatch
import Synchronization
import Testing
import TrainCore
import TrainEngine
import TrainProtocol

@testable import KerasExport

@Suite struct ScriptEditsTests {
    /// 100 rows of y = x0 - x1.
    private static let data = Dataset(
        rows: 100, features: 2, targets: 1, x: (0..<200).map { Float($0 * 37 % 101) / 50 - 1 },
        y: (0..<100).map { Float(($0 * 74) % 101) / 50 - Float(($0 * 74 + 37) % 101) / 50 })

    private static let job = TrainingJob(
        model: Sequential([Dense(4, activation: .elu), Dense(1)]), optimizer: .nadam(learningRate: 0.01), epochs: 40,
        batchSize: 10)

    /// Those that can be written for Keras.
    private static let optimizers = Catalogue.optimizers.map { $0.name }.filter { KerasNames.optimizers[$0] != nil }

    @Test("The edits in force at the end alone give the weights with which the run ended", arguments: 1...20)
    func edits(seed: UInt64) throws {
        let entries = try journal(ofRandomRun: seed)
        guard case .ended(let end)? = entries.last else {
            Issue.record("the journal has no end")
            return
        }
        let edits = try ScriptEdits(entries, job: Self.job, rows: Self.data.rows)
        let straight: [JournalEntry] = edits.changes.enumerated().map { index, change in
            .edited(
                Edit(
                    number: index + 1, name: change.name, old: .number(change.old), new: .number(change.new),
                    over: change.over, step: change.step))
        }
        let outcome = try Replay(of: straight + [.ended(end)], job: Self.job, training: Self.data).run()
        #expect(outcome.difference == nil)
        #expect(outcome.isComplete && outcome.steps == end.step)
        #expect(entries.stepCount > end.step)
    }

    /// What is told of a run to which things were done at random, the same ones for a seed however fast the run is.
    private func journal(ofRandomRun seed: UInt64) throws -> [JournalEntry] {
        let entries = Mutex<[JournalEntry]>([])
        let news = DispatchSemaphore(value: 0)
        var options = LocalEngine.Options()
        options.journal = { entry in entries.withLock { $0.append(entry) } }
        options.onNews = { news.signal() }
        options.startsPaused = true
        let engine = try LocalEngine(Self.job, training: Self.data, validation: nil, options: options)
        var entrants: [Race.Entrant] = []
        var others: [BranchProgress] = []
        var step = 0
        var state = RunState.paused
        var requests = 0
        /// Waits for the answer and, where it was done, for what comes of it. What is refused is only not done.
        func ask(_ command: Command, until isReached: () -> Bool) throws {
            requests += 1
            var (isAnswered, isRefused) = (false, false)
            engine.send(command, id: RequestID(requests))
            while !isRefused, !isAnswered || !isReached() {
                try #require(news.wait(timeout: .now() + 20) == .success)
                let update = engine.drain()
                step = update.progress.step
                others = update.others
                for event in update.events {
                    switch event {
                    case .applied: isAnswered = true
                    case .refused: isRefused = true
                    case .state(let new): state = new
                    case .race(let race): entrants = race?.entrants ?? []
                    default: break
                    }
                }
            }
        }
        func ask(_ command: Command) throws { try ask(command) { !state.takesSteps } }
        let random = Philox(seed: seed, stream: .batches)
        var drawn: UInt32 = 0
        func below(_ count: Int) -> Int {
            drawn += 1
            return Int(random.block(drawn, 0, 0, 0).0 % UInt32(count))
        }
        for _ in 0..<40 {
            try ask(.step(1 + below(20)))
            switch below(14) {
            case 0, 1: try ask(.set("learning_rate", .number(0.001 * Double(1 + below(30)))))
            case 2: try ask(.ramp("learning_rate", 0.001 * Double(1 + below(30)), over: 1 + below(30)))
            case 3: try ask(.ramp("batch_size", Double(5 + below(20)), over: 1 + below(30)))
            case 4: try ask(.plan("layers.0.l2", .value(.number(0.01 * Double(below(9)))), at: step + 1 + below(30)))
            case 5: try ask(.set("optimizer", .choice(Self.optimizers[below(Self.optimizers.count)])))
            case 6, 7, 8: try ask(.undo)
            case 9: try ask(.redo)
            case 10: try ask(.goToStep(below(step + 1)))
            case 11: try ask(.goToBranch(BranchID(1 + below(8))))
            default:
                let race: Command =
                    below(2) == 0
                    ? .race("learning_rate", [0.001, 0.02, 0.3])
                    : .race("optimizer", ["sgd", "rmsprop", "adam"].map(SettingValue.choice))
                // At this pace it takes one step, and after it as many as it is asked for.
                let start = step
                try ask(.setPace(1e-3))
                try ask(race) { others.contains { $0.step > start } }
                try ask(.step(1 + below(20))) { true }
                try ask(.setPace(0))
                try ask(below(3) > 0 && !entrants.isEmpty ? .adopt(entrants[below(entrants.count)].branch) : .endRace)
            }
        }
        engine.send(.stop, id: RequestID(0))
        _ = engine.weightsAfterStop().weights
        return entries.withLock { $0 }
    }
}
