import Synchronization
import Testing
import TrainCore
import TrainEngine
import TrainProtocol

@Suite("Runs that end early")
struct EarlyStoppingRunTests {
    static let rule = EarlyStopping(patience: 3)

    /// A run whose steps are so large that its validation loss soon falls no more.
    static func run(
        _ rule: EarlyStopping? = rule, configure: (inout LocalEngine.Options) -> Void = { _ in }
    ) throws -> WatchedRun {
        try WatchedRun(
            epochs: 200, optimizer: .nadam(learningRate: 0.3), earlyStopping: rule, configure: configure)
    }

    static func validations(_ run: WatchedRun) -> [Evaluation] {
        run.events.compactMap { if case .evaluated(let evaluation) = $0 { evaluation } else { nil } }
    }

    @Test("the run is done when it was waited long enough, and keeps the best weights")
    func ends() throws {
        let saved = Mutex<[[Weights]]>([])
        let run = try Self.run { options in
            options.test = SmallRun.data
            options.savesWhenDone = true
            options.save = { kept in
                saved.withLock { $0.append(kept.weights) }
                return "weights"
            }
        }
        try run.wait { $0 == .state(.done) }
        let validations = Self.validations(run)
        let best = try #require(validations.min { $0.loss < $1.loss })
        #expect(validations.count < 200)
        #expect(validations.suffix(4).first == best)
        #expect(run.progress.epochs == validations.count)

        // What a trainer that nobody watches has after the best epoch.
        var job = SmallRun.job(epochs: 200, optimizer: .nadam(learningRate: 0.3))
        job.epochs = 200
        let trainer = try Trainer(job, training: SmallRun.data)
        while trainer.position.step < best.step { try trainer.step() }
        #expect(saved.withLock { $0 } == [trainer.weights])
        #expect(run.events.contains(.saved(path: "weights", step: best.step)))
        let tested = run.events.compactMap { if case .tested(let evaluation) = $0 { evaluation } else { nil } }
        #expect(tested == [Evaluation(step: best.step, loss: best.loss, metrics: best.metrics)])
        _ = try run.ask(.stop).get()
        let kept = run.engine.weightsAfterStop()
        #expect(kept.step == best.step)
        #expect(kept.weights == trainer.weights)
    }

    @Test("patience that is asked for on the way ends the run as the job's does, and none is none")
    func asked() throws {
        let run = try Self.run(nil) { $0.startsPaused = true }
        #expect(try run.ask(.setPatience(3)).get() == 0)
        #expect(run.events.contains(.watching(Watch(patience: 3))))
        _ = try run.ask(.resume).get()
        try run.wait { $0 == .state(.done) }
        let other = try Self.run()
        try other.wait { $0 == .state(.done) }
        #expect(Self.validations(run) == Self.validations(other))
        for run in [run, other] { _ = try run.ask(.stop).get() }
        #expect(run.engine.weightsAfterStop().weights == other.engine.weightsAfterStop().weights)

        let without = try Self.run { $0.startsPaused = true }
        _ = try without.ask(.setPatience(nil)).get()
        _ = try without.ask(.resume).get()
        let stopped = Self.validations(run).count
        try without.waitUntil { Self.validations($0).count > stopped + 5 }
        let blind = try WatchedRun(epochs: 2, validation: false)
        #expect(throws: (any Error).self) { _ = try blind.ask(.setPatience(3)).get() }
    }

    @Test("a replay ends where the run ended whose patience was another than the job's")
    func replayedAsAsked() throws {
        for (rule, asked) in [(nil, 3), (Self.rule, 6)] as [(EarlyStopping?, Int)] {
            let entries = Mutex<[JournalEntry]>([])
            let run = try Self.run(rule) { options in
                options.startsPaused = true
                options.journal = { entry in entries.withLock { $0.append(entry) } }
            }
            _ = try run.ask(.setPatience(asked)).get()
            _ = try run.ask(.resume).get()
            try run.wait { $0 == .state(.done) }
            _ = try run.ask(.stop).get()
            _ = run.engine.weightsAfterStop()
            var job = SmallRun.job(epochs: 200, optimizer: .nadam(learningRate: 0.3))
            job.earlyStopping = rule
            let outcome = try Replay(of: entries.withLock { $0 }, job: job, training: SmallRun.data).run()
            #expect(outcome.difference == nil && outcome.isComplete)
            #expect(outcome.steps == run.progress.step)
            #expect(run.progress.epochs ?? 200 < 200)
        }
    }

    @Test("it goes on where it is undone, and waits as long again")
    func undone() throws {
        let run = try Self.run()
        try run.wait { $0 == .state(.done) }
        let before = Self.validations(run).count
        _ = try run.ask(.undo).get()
        _ = try run.ask(.resume).get()
        try run.waitUntil { run in run.events.count { $0 == .state(.done) } == 2 }
        #expect(Self.validations(run).count >= before + 3)
    }

    @Test("after going back before the best epoch, the best of the way that is left counts")
    func elsewhere() throws {
        let run = try Self.run(EarlyStopping(patience: 3))
        try run.wait { $0 == .state(.done) }
        let best = try #require(Self.validations(run).min { $0.loss < $1.loss })
        let earlier = try #require(
            Self.validations(run).filter { $0.step < best.step }.min { $0.loss < $1.loss },
            "the best epoch is the first")
        _ = try run.ask(.goToStep(best.step - 1)).get()
        _ = try run.ask(.stop).get()
        let kept = run.engine.weightsAfterStop()
        #expect(kept.step == earlier.step)
        let trainer = try Trainer(
            SmallRun.job(epochs: 200, optimizer: .nadam(learningRate: 0.3)), training: SmallRun.data)
        while trainer.position.step < earlier.step { try trainer.step() }
        #expect(kept.weights == trainer.weights)
    }

    @Test("a look at the test rows before the end is counted, by the weights that were looked at")
    func looks() throws {
        let run = try Self.run { $0.test = SmallRun.data }
        try run.wait { $0 == .state(.done) }
        _ = try run.ask(.test).get()
        _ = try run.ask(.goToStep(10)).get()
        _ = try run.ask(.test).get()
        _ = try run.ask(.redo)
        let tests = run.events.compactMap { if case .tested(let evaluation) = $0 { evaluation } else { nil } }
        #expect(tests.count == 3)
        #expect(tests[0] == tests[1])
        #expect(tests[2].step <= 10 && tests[2].loss != tests[0].loss)
        _ = try run.ask(.stop).get()
        // Of these weights the rows told before; of those of the end they were asked twice, which is one look.
        #expect(run.engine.weightsAfterStop().earlierTests == 1)
    }

    @Test("a replay ends where the run ended")
    func replayed() throws {
        let journal = Mutex<[JournalEntry]>([])
        let run = try Self.run { options in options.journal = { entry in journal.withLock { $0.append(entry) } } }
        try run.wait { $0 == .state(.done) }
        _ = try run.ask(.stop).get()
        let weights = run.engine.weightsAfterStop()
        let entries = journal.withLock { $0 }
        let again = try Self.run { $0.following = entries }
        try again.wait { $0 == .state(.done) }
        _ = try again.ask(.stop).get()
        #expect(again.engine.replayAfterStop()?.difference == nil)
        #expect(again.engine.weightsAfterStop() == weights)
    }

    @Test("the best weights are written on request, whatever was done since, and the run stays where it is")
    func savesBest() throws {
        let saved = Mutex<[KeptWeights]>([])
        let run = try WatchedRun(epochs: 200, optimizer: .nadam(learningRate: 0.3)) { options in
            options.startsPaused = true
            options.save = { kept in
                saved.withLock { $0.append(kept) }
                return "weights"
            }
        }
        #expect(throws: (any Error).self) { try run.ask(.saveBest).get() }
        try run.go(400)
        _ = try run.ask(.set("learning_rate", 0.2)).get()
        try run.go(7)
        let best = try #require(Self.validations(run).min { $0.loss < $1.loss })
        #expect(best.step < 400)
        let step = run.progress.step
        _ = try run.ask(.saveBest).get()
        _ = try run.ask(.save).get()
        let trainer = try Trainer(
            SmallRun.job(epochs: 200, optimizer: .nadam(learningRate: 0.3)), training: SmallRun.data)
        while trainer.position.step < best.step { try trainer.step() }
        let kept = saved.withLock { $0 }
        #expect(kept.map(\.step) == [best.step, step] && kept.first?.weights == trainer.weights)
        #expect(kept.first?.validation == best && run.progress.step == step)
        _ = try run.ask(.stop).get()
        #expect(run.engine.weightsAfterStop().step == step)
    }
}
