import RandomTesting
import Synchronization
import Testing
import TrainCore
import TrainProtocol

@testable import TrainEngine

/// What outlives a process, as far as an engine knows: the journal and the checkpoints.
private final class Remains: Sendable {
    let entries: Mutex<[JournalEntry]>
    let checkpoints = Mutex<[RunCheckpoint]>([])

    init(_ entries: [JournalEntry] = []) { self.entries = Mutex(entries) }

    /// Without the end, which is none where a run goes on.
    var journal: [JournalEntry] {
        entries.withLock { entries in
            if case .ended? = entries.last { Array(entries.dropLast()) } else { entries }
        }
    }

    func configure(_ options: inout LocalEngine.Options, every seconds: Double = 0) {
        options.journal = { [self] entry in entries.withLock { $0.append(entry) } }
        options.checkpoints = CheckpointSink(
            every: seconds, isBusy: { false },
            write: { [self] checkpoint, _, _ in checkpoints.withLock { $0.append(checkpoint) } }, cost: { 0 })
    }
}

@Suite("A run that goes on in another process")
struct ResumeTests {
    /// Early stopping ends it, and now and then it goes back by itself.
    private func run(
        _ remains: Remains, _ configure: (inout LocalEngine.Options) -> Void = { _ in }
    ) throws -> WatchedRun {
        try WatchedRun(
            epochs: 60, optimizer: .sgd(learningRate: 3),
            earlyStopping: EarlyStopping(patience: 3, minDelta: 1e-4)
        ) { options in
            remains.configure(&options)
            options.onDivergence = .rewind
            configure(&options)
        }
    }

    /// Ends it, and waits until all is written.
    private func stop(_ run: WatchedRun) throws {
        _ = try run.ask(.stop).get()
        _ = run.engine.weightsAfterStop()
    }

    private func finish(_ run: WatchedRun) throws -> KeptWeights {
        try run.waitUntil { run in
            switch run.state {
            case .done?, .diverged?: true
            default: false
            }
        }
        _ = try run.ask(.stop).get()
        return run.engine.weightsAfterStop()
    }

    @Test("comes to the same numbers and the same journal from any checkpoint, wherever its journal was cut")
    func same() throws {
        let whole = Remains()
        let kept = try finish(try run(whole))
        let journal = whole.entries.withLock { $0 }
        let checkpoints = whole.checkpoints.withLock { $0 }
        #expect(checkpoints.count > 30, "\(checkpoints.count)")
        let goesBack = journal.contains { if case .branchedOff = $0 { true } else { false } }
        let endsEarly = journal.contains { if case .edited(let edit) = $0 { edit.name == "epochs" } else { false } }
        #expect(goesBack && endsEarly, "\(kept.step)")
        var random = SplitMix(state: 5)
        for number in 0..<60 {
            let checkpoint = checkpoints[number * checkpoints.count / 60]
            // The last one is of the end, which is not in it.
            let cut = journal.count - 1 - Int(random.next() % UInt64(journal.count - checkpoint.journalEntries))
            let remains = Remains(Array(journal[..<max(cut, checkpoint.journalEntries)]))
            let again = try run(remains) { options in
                options.resumption = Resumption(entries: remains.journal, checkpoint: checkpoint)
            }
            #expect(try finish(again) == kept, "checkpoint \(number), cut at \(cut)")
            let isSame = remains.entries.withLock { $0 } == journal
            #expect(isSame, "checkpoint \(number), cut at \(cut)")
        }
    }

    @Test("takes its steps again as fast as it goes, however slow its pace")
    func pace() throws {
        let remains = Remains()
        _ = try finish(try run(remains))
        let steps = remains.journal.stepCount
        try #require(steps > 50)
        // At its pace they would take more than an hour.
        let again = try run(remains) { options in
            options.resumption = Resumption(entries: remains.journal, checkpoint: nil)
            options.pace = 0.01
        }
        try again.wait { if case .wentOn(let back) = $0 { back.stepsAgain == steps } else { false } }
        #expect(again.progress.pace == 0.01)
        try stop(again)
    }

    @Test("comes to the same without any checkpoint")
    func withoutCheckpoint() throws {
        let whole = Remains()
        let kept = try finish(try run(whole))
        let journal = whole.entries.withLock { $0 }
        for count in stride(from: 0, to: journal.count, by: 7) {
            let remains = Remains(Array(journal[..<count]))
            let again = try run(remains) { options in
                options.resumption = Resumption(entries: remains.journal, checkpoint: nil)
            }
            #expect(try finish(again) == kept)
            let isSame = remains.entries.withLock { $0 } == journal
            #expect(isSame, "cut at \(count)")
        }
    }

    @Test("has all that a person did to it, so that its journal replays identically", arguments: 1...12)
    func random(seed: Int) throws {
        var random = SplitMix(state: UInt64(seed))
        func below(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
        var remains = Remains()
        var resumption: Resumption?
        var run: WatchedRun?
        var resumed = 0
        for turn in 0..<60 {
            if run == nil || below(6) == 0 {
                if let run {
                    // The process dies: what comes to the old journal now is not seen.
                    let (entries, checkpoints) = (remains.journal, remains.checkpoints.withLock { $0.suffix(2) })
                    try stop(run)
                    let checkpoint = checkpoints.randomElement(using: &random)
                    let least = checkpoint?.journalEntries ?? 0
                    let kept = Array(entries[..<(entries.count - below(1 + (entries.count - least) / 2))])
                    remains = Remains(kept)
                    resumption = Resumption(entries: kept, checkpoint: checkpoint)
                    resumed += 1
                }
                let former = remains
                let goesOn = resumption
                run = try WatchedRun(epochs: 40) { options in
                    former.configure(&options, every: 0.003)
                    options.resumption = goesOn
                    options.startsPaused = true
                    options.onDivergence = .rewind
                    options.historyMemory = seed.isMultiple(of: 3) ? 0 : 1 << 20
                }
            }
            let run = try #require(run)
            try run.waitUntil { $0.state == .paused || $0.state == .done || $0.state == .racing }
            try run.go(1 + below(30))
            let command: Command =
                switch below(12) {
                case 0..<10: .random(at: run.progress.step, using: &random)
                case 10: .set("epochs", .number(Double(40 + turn)))
                default: .set("optimizer", .choice(["sgd", "adam", "nadam"][below(3)]))
                }
            _ = try run.ask(command)
            if case .race = command, below(3) > 0 {
                try run.go(1 + below(30))
                _ = try run.ask(.endRace)
            }
        }
        try stop(try #require(run))
        let outcome = try Replay(
            of: remains.entries.withLock { $0 }, job: SmallRun.job(epochs: 40), training: SmallRun.data
        ).run()
        #expect(outcome.difference == nil && outcome.isComplete, "\(outcome)")
        #expect(resumed > 3)
    }

    @Test("shows its chart, and what was left")
    func chart() throws {
        let remains = Remains()
        let first = try WatchedRun(epochs: 40) { options in
            remains.configure(&options)
            options.startsPaused = true
        }
        try first.go(60)
        _ = try first.ask(.set("learning_rate", 0.02)).get()
        try first.go(30)
        _ = try first.ask(.undo).get()
        try first.go(15)
        _ = try first.ask(.plan("learning_rate", .times(2), at: 200)).get()
        try stop(first)
        let checkpoint = try #require(remains.checkpoints.withLock { $0.last })
        let second = try WatchedRun(epochs: 40) { options in
            options.resumption = Resumption(entries: remains.journal, checkpoint: checkpoint)
            options.startsPaused = true
        }
        try second.waitUntil { $0.state == .paused }
        let past = try #require(
            second.events.lazy.compactMap { if case .resumed(let past) = $0 { past } else { nil } }.first)
        #expect(past.lineage.segments.map(\.branch.number) == [1, 2])
        #expect(past.abandoned.map(\.branch.number) == [1])
        let steps = Dictionary(grouping: past.samples, by: \.branch.number).mapValues { $0.reduce(0) { $0 + $1.steps } }
        #expect(steps == [1: 90, 2: 15])
        #expect(past.epochs.count == 10 && past.evaluations.count == 10)
        #expect(second.progress.step == 75)
        #expect(second.events.contains { if case .planned(let plan) = $0 { plan.step == 200 } else { false } })
        #expect(try second.ask(.redo).get() == 90)
    }

    @Test("has its twin again, which is written down at once and leaves the journal as it would be without")
    func twin() throws {
        func steered(withTwin: Bool) throws -> Remains {
            let remains = Remains()
            let run = try WatchedRun(epochs: 40) { options in
                // None comes by itself.
                remains.configure(&options, every: 1e6)
                options.startsPaused = true
            }
            try run.go(20)
            _ = try run.ask(.set("learning_rate", 0.02)).get()
            if withTwin {
                _ = try run.ask(.showTwin(withoutEdit: nil)).get()
                try run.wait { if case .twin(_?) = $0 { true } else { false } }
                try run.waitUntil { _ in remains.checkpoints.withLock { $0.last?.wantsTwin == true } }
            }
            try run.go(10)
            _ = try run.ask(.undo).get()
            _ = try run.ask(.set("learning_rate", 0.005)).get()
            try run.go(10)
            _ = try run.ask(.goToStep(5)).get()
            try stop(run)
            return remains
        }
        let (without, with) = (try steered(withTwin: false), try steered(withTwin: true))
        let (plain, seen) = (without.entries.withLock { $0 }, with.entries.withLock { $0 })
        #expect(plain == seen)
        let again = try WatchedRun(epochs: 40) { options in
            options.resumption = Resumption(
                entries: with.journal, checkpoint: with.checkpoints.withLock { $0.last { $0.moment.step == 20 } })
            options.startsPaused = true
        }
        try again.waitUntil { $0.state == .paused }
        _ = try again.ask(.set("learning_rate", 0.02)).get()
        try again.wait { if case .twin(_?) = $0 { true } else { false } }
        try stop(again)
    }

    @Test("has no marks of a branch that no timeline knows, as a former twin's")
    func formerTwin() throws {
        var timeline = Timeline()
        let branches = [BranchID.first, timeline.makeTwin()]
        let past = RunPast(
            epochs: branches.map { EpochReport(branch: $0, epoch: 1, step: 10, meanLoss: 1, metrics: []) },
            evaluations: branches.map { Evaluation(branch: $0, step: 10, loss: 1, metrics: []) }
        ).placed(by: timeline)
        #expect(past.epochs.map(\.branch) == [.first] && past.evaluations.map(\.branch) == [.first])
    }

    @Test("takes nothing of a former program's twin for that of a branch which gets its number")
    func formerTwinOfThatNumber() throws {
        let remains = Remains()
        let first = try WatchedRun(epochs: 40) { options in
            remains.configure(&options)
            options.startsPaused = true
        }
        try first.go(60)
        _ = try first.ask(.set("learning_rate", 0.02)).get()
        try first.go(30)
        try stop(first)
        // Twins were numbered as branches once, and their validations written among those of the run.
        var checkpoint = try #require(remains.checkpoints.withLock { $0.last })
        checkpoint.past.evaluations.append(Evaluation(branch: BranchID(2), step: 75, loss: -1, metrics: []))
        checkpoint.past.epochs.append(EpochReport(branch: BranchID(2), epoch: 5, step: 75, meanLoss: -1, metrics: []))
        let second = try WatchedRun(epochs: 40) { options in
            remains.configure(&options)
            options.resumption = Resumption(entries: remains.journal, checkpoint: checkpoint)
            options.startsPaused = true
        }
        try second.waitUntil { $0.state == .paused }
        _ = try second.ask(.undo).get()
        try second.go(45)
        try stop(second)
        let last = try #require(remains.checkpoints.withLock { $0.last })
        #expect(last.branch == BranchID(2) && last.moment.step == 105)
        #expect(last.bests.contains { $0.branch == BranchID(2) } && last.bests.allSatisfy { $0.loss > 0 })
        #expect(last.past.evaluations.count(where: { $0.branch == BranchID(2) }) == 4)
        #expect(last.past.evaluations.allSatisfy { $0.loss > 0 } && last.past.epochs.allSatisfy { $0.meanLoss > 0 })
    }

    @Test("is refused where the journal or the job is another's")
    func refused() throws {
        let remains = Remains()
        let first = try WatchedRun(epochs: 4) { remains.configure(&$0) }
        try first.waitUntil { $0.state == .done }
        try stop(first)
        var checkpoint = try #require(remains.checkpoints.withLock { $0.last })
        let trainer = try Trainer(SmallRun.job(epochs: 4), training: SmallRun.data)
        try checkpoint.validate(remains.journal, by: trainer)
        #expect(throws: TrainingError.self) { try checkpoint.validate([], by: trainer) }
        let other = try Trainer(SmallRun.job(epochs: 4, metrics: []), training: SmallRun.data)
        #expect(throws: TrainingError("the state is one of another model")) {
            try checkpoint.validate(remains.journal, by: other)
        }
        checkpoint.states[0].parts.batchSize = 0
        #expect(throws: TrainingError.self) { try checkpoint.validate(remains.journal, by: trainer) }
        checkpoint.states[0].parts.batchSize = 10
        checkpoint.states[0].parts.position.rowsInEpoch = 101
        #expect(throws: TrainingError.self) { try checkpoint.validate(remains.journal, by: trainer) }
        checkpoint.states = []
        #expect(throws: TrainingError.self) { try checkpoint.validate(remains.journal, by: trainer) }
    }

    @Test("gets more epochs")
    func extended() throws {
        let remains = Remains()
        let first = try WatchedRun(epochs: 4) { remains.configure(&$0) }
        try first.waitUntil { $0.state == .done }
        try stop(first)
        let second = Remains(remains.journal)
        let again = try WatchedRun(epochs: 4) { options in
            second.configure(&options)
            options.resumption = Resumption(
                entries: remains.journal, checkpoint: remains.checkpoints.withLock { $0[$0.count / 2] },
                addingEpochs: 3)
        }
        try again.waitUntil { $0.state == .done }
        #expect(again.progress.step == 70)
        try stop(again)
        let outcome = try Replay(
            of: second.entries.withLock { $0 }, job: SmallRun.job(epochs: 4), training: SmallRun.data
        ).run()
        #expect(outcome.difference == nil && outcome.isComplete && outcome.edits == 1)
    }
}
