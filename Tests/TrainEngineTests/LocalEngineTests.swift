import Dispatch
import Synchronization
import Testing
import TrainCore
import TrainEngine
import TrainProtocol

@Suite("A run in this process")
struct LocalEngineTests {
    @Test("goes through all epochs and tells every step once")
    func wholeRun() throws {
        let run = try WatchedRun()
        try run.wait { $0 == .state(.done) }
        #expect(run.progress.step == 20)
        #expect(run.samples.map(\.loss.count).reduce(0, +) == 20)
        #expect(run.samples.map(\.firstStep) == Array(1...20))
        let epochs = run.events.compactMap { if case .epochEnded(let report) = $0 { report.step } else { nil } }
        #expect(epochs == [10, 20])
        let evaluations = run.events.compactMap { if case .evaluated(let e) = $0 { e.step } else { nil } }
        #expect(evaluations == [10, 20])
    }

    @Test("gives the same losses as a loop of one's own")
    func sameAsTrainer() throws {
        let run = try WatchedRun()
        try run.wait { $0 == .state(.done) }
        let trainer = try Trainer(SmallRun.job(), training: SmallRun.data)
        var losses: [Float] = []
        while !trainer.isComplete { losses.append(try trainer.step().loss) }
        #expect(run.samples.map(\.loss.min) == losses)
    }

    @Test(
        "tells every metric's value at each step as a loop of one's own finds it, whether there are none, one or three",
        arguments: [0, 1, 3])
    func metrics(count: Int) throws {
        let metrics = Array([.r2Score, .meanAbsoluteError, .rootMeanSquaredError].prefix(count)) as [any Metric]
        let run = try WatchedRun(metrics: metrics)
        try run.wait { $0 == .state(.done) }
        let trainer = try Trainer(SmallRun.job(metrics: metrics), training: SmallRun.data)
        var values: [[Float]] = []
        while !trainer.isComplete {
            try trainer.step()
            values.append(trainer.batchMetricValues)
        }
        #expect(values.count == 20)
        #expect(run.samples.map { $0.metrics.map(\.min) } == values)
        #expect(run.samples.map { $0.metrics.map(\.max) } == values)
        #expect(run.samples.flatMap { $0.metrics.map(\.count) }.allSatisfy { $0 == 1 })
    }

    @Test("pauses between two steps, takes single steps, and goes on")
    func pausing() throws {
        let run = try WatchedRun(epochs: 1000) { $0.pace = 50 }
        let paused = try run.ask(.pause).get()
        #expect(try run.ask(.step(1)).get() == paused)
        let before = run.events.count
        try run.wait { _ in run.events.dropFirst(before - 2).contains(.state(.paused)) }
        #expect(run.progress.step == paused + 1)
        #expect(try run.ask(.step(3)).get() == paused + 1)
        #expect(try run.ask(.setPace(0)).get() >= paused + 1)
        _ = try run.ask(.resume).get()
    }

    @Test("an edit says from which step on it counts, and does")
    func editing() throws {
        let run = try WatchedRun(epochs: 1000) { $0.pace = 100 }
        let at = try run.ask(.pause).get()
        #expect(try run.ask(.set("learning_rate", 0.005)).get() == at)
        let changes = run.events.compactMap { if case .edited(let change) = $0 { change } else { nil } }
        #expect(
            changes == [
                Edit(number: 1, name: "learning_rate", old: 0.01, new: 0.005, step: at)
            ])
        #expect(run.progress.learningRate == 0.005)
    }

    @Test(
        "refuses what cannot be, and says why",
        arguments: [
            (Command.set("learning_rate", -1), "learning_rate must be greater than 0"),
            (.set("learning_rate", .number(.nan)), "learning_rate must be a finite number"),
            (.set("batch_size", 101), "batch_size must be at most 100"),
            (.set("batch_size", 2.5), "batch_size must be a whole number"),
            (.setPace(-1), "pace must be at least 0"),
            (.set("learningrate", 1), "there is no hyperparameter 'learningrate'"),
            (.step(0), "the number of steps must be at least 1"),
            (.evaluate, "there are no validation rows"),
            (.test, "there are no test rows; test_fraction in [data] keeps some"),
            (.save, "no file to save to"),
        ])
    func refusals(command: Command, reason: String) throws {
        let run = try WatchedRun(epochs: 1_000_000, validation: false) { $0.pace = 100 }
        #expect(try run.ask(command) == .failure(WatchedRun.Refusal(reason: reason)))
    }

    @Test("an answer is out before the next step, however long that takes")
    func answersFirst() throws {
        let (taken, next) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let run = try WatchedRun(epochs: 1) { options in
            options.onStep = { _ in
                taken.signal()
                next.wait()
            }
        }
        taken.wait()
        run.engine.send(.set("learning_rate", .number(0.02)), id: RequestID(1))
        next.signal()
        // The second step is not over before the end of this test.
        defer { for _ in 1..<10 { next.signal() } }
        try run.wait { if case .applied(RequestID(1), 1) = $0 { true } else { false } }
        #expect(run.events.contains { if case .edited = $0 { true } else { false } })
        #expect(run.samples.map(\.firstStep) == [1])
    }

    @Test("answers while a race goes on, and says that it began")
    func slowRace() throws {
        let run = try WatchedRun(epochs: 1_000_000) { $0.pace = 100 }
        let at = try run.ask(.pause).get()
        #expect(try run.ask(.race("learning_rate", [0.01, 0.02])).get() == at)
        let races = run.events.compactMap {
            if case .race(let race?) = $0 { race.entrants.map(\.values[0]) } else { nil }
        }
        #expect(races == [[0.01, 0.02]])
        #expect(try run.ask(.undo) == .failure(.init(reason: "a race is on: adopt a branch or end it first")))
        #expect(try run.ask(.endRace).get() == at)
    }

    @Test("more epochs wake a run that was done")
    func moreEpochs() throws {
        let run = try WatchedRun()
        try run.wait { $0 == .state(.done) }
        #expect(try run.ask(.resume) == .failure(.init(reason: "all epochs are done; raise epochs to go on")))
        #expect(try run.ask(.set("epochs", 3)).get() == 20)
        try run.wait { _ in run.events.filter { $0 == .state(.done) }.count == 2 }
        #expect(run.progress.step == 30)
    }

    @Test("runs one epoch, then pauses")
    func oneEpoch() throws {
        let run = try WatchedRun(epochs: 100) { $0.pace = 20 }
        _ = try run.ask(.pause).get()
        _ = try run.ask(.setPace(0)).get()
        let epoch = run.progress.epoch
        _ = try run.ask(.runEpoch).get()
        try run.wait { _ in run.events.last == .state(.paused) && run.progress.stepInEpoch == 10 }
        #expect(run.progress.epoch == epoch)
    }

    @Test("a loss that is not finite stops the run at its step with finite weights")
    func divergence() throws {
        let run = try WatchedRun(epochs: 1000, optimizer: .sgd(learningRate: 10_000))
        try run.wait { if case .state(.diverged) = $0 { true } else { false } }
        guard case .state(.diverged(let divergence)) = run.events.last else {
            Issue.record("the last event is \(String(describing: run.events.last))")
            return
        }
        #expect(divergence.step == run.progress.step + 1)
        _ = try run.ask(.stop).get()
        #expect(run.engine.weightsAfterStop().weights.allSatisfy { $0.values.allSatisfy(\.isFinite) })
    }

    @Test("pace changes nothing but time")
    func paceKeepsBits() throws {
        let slow = try WatchedRun { $0.pace = 400 }
        let fast = try WatchedRun()
        for run in [slow, fast] {
            try run.wait { $0 == .state(.done) }
            run.engine.send(.stop, id: RequestID(99))
        }
        #expect(slow.engine.weightsAfterStop().weights == fast.engine.weightsAfterStop().weights)
    }

    @Test("saves when done where it is asked to")
    func saving() throws {
        let saved = Mutex<[[Weights]]>([])
        let run = try WatchedRun { options in
            options.savesWhenDone = true
            options.save = { kept in
                saved.withLock { $0.append(kept.weights) }
                return "weights"
            }
        }
        try run.wait { $0 == .state(.done) }
        #expect(run.events.contains(.saved(path: "weights", step: run.progress.step)))
        _ = try run.ask(.stop).get()
        #expect(saved.withLock { $0 } == [run.engine.weightsAfterStop().weights])
    }

    @Test("a journal that cannot be written is told once, and the run goes on")
    func brokenJournal() throws {
        struct Full: Error, CustomStringConvertible { let description = "no space left" }
        let written = Mutex(0)
        let run = try WatchedRun { options in
            options.journal = { _ in
                let count = written.withLock { count in
                    count += 1
                    return count
                }
                if count == 5 { throw Full() }
            }
        }
        try run.wait { $0 == .state(.done) }
        _ = try run.ask(.stop).get()
        let notices = run.events.filter { if case .notice = $0 { true } else { false } }
        #expect(notices == [.notice("the journal ends here: no space left")])
        #expect(written.withLock { $0 } == 5)
        #expect(run.progress.step == 20)
    }

    @Test("no step comes after all epochs, wherever the run comes from")
    func nothingAfterTheEnd() throws {
        let run = try WatchedRun(epochs: 2)
        try run.wait { $0 == .state(.done) }
        _ = try run.ask(.goToStep(5)).get()
        _ = try run.ask(.goToBranch(.first)).get()
        #expect(try run.ask(.resume) == .failure(.init(reason: "all epochs are done; raise epochs to go on")))
        _ = try run.ask(.goToStep(15)).get()
        // Half the rows are left, too few for such a batch.
        _ = try run.ask(.set("batch_size", 60)).get()
        #expect(run.events.last { if case .epochEnded = $0 { true } else { false } } != nil)
        #expect(try run.ask(.step(1)) == .failure(.init(reason: "all epochs are done; raise epochs to go on")))
        #expect(run.progress.step == 15)
    }
}
