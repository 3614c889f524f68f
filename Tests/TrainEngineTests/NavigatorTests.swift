import RandomTesting
import Testing
import TrainCore
import TrainProtocol

@testable import TrainEngine

@Suite("The way of a run")
struct NavigatorTests {
    @Test("an edit that was undone has left nothing behind")
    func undo() throws {
        let voyage = try Voyage()
        voyage.take(37)
        try voyage.edit("learning_rate", to: 0.3)
        voyage.take(25)
        try voyage.undo()
        #expect(voyage.step == 37)
        #expect(voyage.navigator.trainer.settings.optimizer.learningRate == 0.01)
        voyage.take(80)
        #expect(try voyage.weights == Voyage.weights(after: 117))
    }

    @Test("redo goes on where undo left from, as often as undo was asked for")
    func redo() throws {
        let voyage = try Voyage()
        voyage.take(10)
        try voyage.edit("learning_rate", to: 0.02)
        voyage.take(10)
        try voyage.edit("batch_size", to: 20)
        voyage.take(10)
        let tip = voyage.weights
        try voyage.undo()
        try voyage.undo()
        #expect(voyage.step == 10)
        try voyage.redo()
        #expect(voyage.step == 20)
        #expect(voyage.navigator.trainer.settings.batchSize == 10)
        try voyage.redo()
        #expect(voyage.step == 30)
        #expect(voyage.weights == tip)
        #expect(throws: Timeline.Refusal("there is nothing to redo")) { try voyage.redo() }
        voyage.take(10)
        #expect(
            try voyage.weights
                == Voyage.weights(after: 40, [(10, "learning_rate", 0.02), (20, "batch_size", 20)]))
    }

    @Test("edits of one step are undone and redone one by one")
    func editsOfOneStep() throws {
        let voyage = try Voyage()
        voyage.take(10)
        let edits: [(name: String, value: SettingValue)] = [
            ("learning_rate", 0.02), ("batch_size", 5), ("optimizer", .choice("sgd")), ("learning_rate", 0.03),
        ]
        func values() -> [SettingValue?] {
            edits.map { voyage.navigator.trainer.setting(named: $0.name)?.settingValue }
        }
        var passed = [values()]
        for edit in edits {
            try voyage.edit(edit.name, to: edit.value)
            passed.append(values())
        }
        voyage.take(5)
        let end = voyage.weights
        for expected in passed.dropLast().reversed() {
            try voyage.undo()
            #expect(voyage.step == 10 && values() == expected)
        }
        for _ in edits { try voyage.redo() }
        #expect(voyage.step == 15 && voyage.weights == end)
        for _ in edits { try voyage.undo() }
        voyage.take(20)
        #expect(try voyage.weights == Voyage.weights(after: 30))
    }

    @Test("an edit after an undo ends what could be redone, but the branch can be returned to")
    func abandoned() throws {
        let voyage = try Voyage()
        voyage.take(10)
        try voyage.edit("learning_rate", to: 0.02)
        voyage.take(15)
        let tip = voyage.weights
        try voyage.undo()
        try voyage.edit("learning_rate", to: 0.03)
        voyage.take(5)
        #expect(throws: Timeline.Refusal("there is nothing to redo")) { try voyage.redo() }
        try voyage.go(to: .first)
        #expect(voyage.step == 25)
        #expect(voyage.weights == tip)
    }

    @Test("any step of the way is reached, whatever is kept of it", arguments: [256 << 20, 0])
    func steps(memory: Int) throws {
        let edits: [(step: Int, name: String, value: Double)] = [
            (12, "learning_rate", 0.02), (30, "optimizer", 0), (30, "learning_rate", 0.05),
            (44, "layers.0.l2", 0.1), (60, "optimizer", 3), (75, "batch_size", 7),
        ]
        for target in [0, 1, 12, 13, 29, 30, 31, 44, 59, 60, 74, 99] {
            let voyage = try Voyage(memory: memory)
            for edit in edits {
                voyage.take(edit.step - voyage.step)
                let isOptimizer = edit.name == "optimizer"
                try voyage.edit(
                    edit.name,
                    to: isOptimizer ? .choice(Catalogue.optimizers[Int(edit.value)].name) : .number(edit.value))
            }
            voyage.take(100 - voyage.step)
            try voyage.go(toStep: target)
            #expect(try voyage.weights == Voyage.weights(after: target, edits.filter { $0.step < target }))
        }
    }

    @Test("a ramp moves geometrically and ends at its value, also when it is entered midway")
    func ramp() throws {
        let voyage = try Voyage()
        voyage.take(10)
        try voyage.edit("learning_rate", to: 0.0001, over: 20)
        voyage.take(10)
        let midway = voyage.navigator.trainer.settings.optimizer.learningRate
        #expect(abs(midway / 0.001 - 1) < 1e-12)
        voyage.take(30)
        #expect(voyage.navigator.trainer.settings.optimizer.learningRate == 0.0001)
        let end = voyage.weights
        try voyage.go(toStep: 17)
        voyage.take(33)
        #expect(voyage.weights == end)
    }

    @Test("a planned edit is made when its step is done, waits again after going back, and is gone once undone")
    func plans() throws {
        let voyage = try Voyage()
        voyage.take(10)
        try voyage.plan("learning_rate", .dividedBy(2), at: 20)
        voyage.take(15)
        #expect(try voyage.weights == Voyage.weights(after: 25, [(20, "learning_rate", 0.005)]))
        try voyage.go(toStep: 15)
        voyage.take(10)
        #expect(try voyage.weights == Voyage.weights(after: 25, [(20, "learning_rate", 0.005)]))
        try voyage.undo()
        #expect(voyage.step == 20)
        voyage.take(5)
        #expect(try voyage.weights == Voyage.weights(after: 25))
        #expect(voyage.navigator.plans.waiting == [])
        #expect(throws: Timeline.Refusal("step 25 has been taken; the run is at step 25")) {
            try voyage.plan("learning_rate", .value(.number(1)), at: 25)
        }
    }

    @Test("the best validation of the way is gone back to, not that of an abandoned branch")
    func best() throws {
        let voyage = try Voyage()
        #expect(throws: Timeline.Refusal("there was no validation on the way here")) { try voyage.goToBest() }
        voyage.take(30)
        try voyage.edit("learning_rate", to: 0.02)
        voyage.take(60)
        try voyage.undo()
        try voyage.edit("learning_rate", to: 3)
        voyage.take(40)
        try voyage.goToBest()
        #expect(voyage.step == 30)
        #expect(try voyage.weights == Voyage.weights(after: 30))
    }

    @Test("a twin is the run without the edit, and with all others")
    func twin() throws {
        let voyage = try Voyage()
        voyage.take(10)
        try voyage.edit("learning_rate", to: 0.05)
        voyage.take(10)
        try voyage.edit("layers.0.l2", to: 0.2)
        voyage.take(10)
        let (twin, named, lineage) = try voyage.navigator.twin(withoutEdit: 1)
        #expect((named.edit, lineage.fork.step, lineage.edits.map(\.number)) == (1, 10, [2]))
        #expect(twin.advance(to: Moment(step: 30, edits: 1)) == nil)
        #expect(try twin.trainer.weightsChecksum == Voyage.weights(after: 30, [(20, "layers.0.l2", 0.2)]))
        #expect(
            try voyage.weights == Voyage.weights(after: 30, [(10, "learning_rate", 0.05), (20, "layers.0.l2", 0.2)]))
    }

    @Test("a race leaves the run as it was, its adopted branch is the run with that edit, the others stay")
    func race() throws {
        let voyage = try Voyage()
        voyage.take(15)
        try voyage.beginRace("learning_rate", [0.005, 0.01, 0.02])
        let track = try #require(voyage.navigator.race)
        for _ in 0..<5 { track.run(atMost: 4) { _ in SmallRun.data } }
        #expect(track.entrants.map(\.branchTrainer.trainer.position.step) == [35, 35, 35])
        #expect(throws: (any Error).self) { try voyage.edit("learning_rate", to: 1) }
        try voyage.endRace(adopting: track.entrants[2].branch)
        #expect(try voyage.weights == Voyage.weights(after: 35, [(15, "learning_rate", 0.02)]))
        try voyage.go(to: track.entrants[0].branch)
        #expect(try voyage.weights == Voyage.weights(after: 35, [(15, "learning_rate", 0.005)]))
        try voyage.go(to: .first)
        voyage.take(20)
        #expect(try voyage.weights == Voyage.weights(after: 35))
    }

    @Test("a grid has every value with every other, each entrant as a run with both edits")
    func grid() throws {
        let voyage = try Voyage()
        voyage.take(15)
        try voyage.beginRace([("learning_rate", [0.01, 0.02]), ("layers.0.l2", [0, 0.1, 0.2])])
        let race = try #require(voyage.navigator.timeline.race)
        #expect(
            race.entrants.map(\.values) == [
                [0.01, 0], [0.01, 0.1], [0.01, 0.2], [0.02, 0], [0.02, 0.1], [0.02, 0.2],
            ])
        #expect(race.entrants.map(\.edits) == [[nil, nil], [nil, 1], [nil, 2], [3, nil], [4, 5], [6, 7]])
        let track = try #require(voyage.navigator.race)
        track.run(atMost: 20) { _ in nil }
        try voyage.endRace(adopting: track.entrants[5].branch)
        #expect(
            try voyage.weights == Voyage.weights(after: 35, [(15, "learning_rate", 0.02), (15, "layers.0.l2", 0.2)]))
        #expect(voyage.navigator.lineage.edits.map(\.number) == [6, 7] && voyage.navigator.timeline.editsMade == 2)
        try voyage.undo()
        #expect(voyage.navigator.lineage.edits.map(\.name) == ["learning_rate"] && voyage.step == 15)
        for terms in [
            RaceTerms([("learning_rate", [0.1]), ("learning_rate", [0.2, 0.3])]),
            RaceTerms([("optimizer", ["sgd", "adam"].map(SettingValue.choice)), ("learning_rate", [0.2, 0.3])]),
            RaceTerms([("learning_rate", (1...17).map { .number(Double($0)) })]),
            RaceTerms([("learning_rate", [0.2, 0.3])], halvesEvery: 0),
        ] {
            #expect(throws: Timeline.Refusal.self) { try voyage.navigator.race(terms) }
        }
    }

    @Test(
        "a race that halves itself drops the worse half at each rung, in whatever turns it goes; the last one goes on")
    func halving() throws {
        let rates = [0.0001, 0.001, 0.01, 0.02, 0.05, 1e-6, 1e-5]
        func dropped(turns: [Int]) throws -> (at: [Int?], best: Int, track: RaceRunner, voyage: Voyage) {
            let voyage = try Voyage()
            voyage.take(15)
            try voyage.beginRace([("learning_rate", rates.map(SettingValue.number))], halvesEvery: 20)
            let track = try #require(voyage.navigator.race)
            var turn = 0
            while track.step < 95 {
                track.run(atMost: min(turns[turn % turns.count], 95 - track.step)) { _ in nil }
                turn += 1
            }
            let at = track.entrants.map { $0.progress(stepsPerSecond: 1).droppedAt }
            return (at, at.firstIndex(of: nil) ?? -1, track, voyage)
        }
        let whole = try dropped(turns: [100])
        // Seven are four, two and one.
        #expect(
            whole.at.count { $0 == 35 } == 3 && whole.at.count { $0 == 55 } == 2 && whole.at.count { $0 == 75 } == 1)
        let means = try rates.map { rate in
            let trainer = try Trainer(SmallRun.job(epochs: 20), training: SmallRun.data)
            for _ in 0..<15 { try trainer.step() }
            try trainer.set("learning_rate", to: rate)
            return try (0..<20).reduce(0.0) { sum, _ in sum + Double(try trainer.step().loss) }
        }
        let worst = rates.indices.sorted { means[$0] < means[$1] }.suffix(3)
        #expect(Set(whole.at.indices.filter { whole.at[$0] == 35 }) == Set(worst))
        for turns in [[1], [3, 7]] { #expect(try dropped(turns: turns).at == whole.at) }
        let rate = try #require(whole.voyage.navigator.timeline.race?.entrants[whole.best].values[0].number)
        try whole.voyage.endRace(adopting: whole.track.entrants[whole.best].branch)
        #expect(try whole.voyage.weights == Voyage.weights(after: 95, [(15, "learning_rate", rate)]))
        // Who was dropped can be gone on with from there.
        let first = try #require(worst.first)
        try whole.voyage.go(to: whole.track.entrants[first].branch)
        #expect(try whole.voyage.weights == Voyage.weights(after: 35, [(15, "learning_rate", rates[first])]))
    }

    @Test("optimizers race from the same weights, each with a memory of its own")
    func optimizerRace() throws {
        let voyage = try Voyage()
        voyage.take(15)
        try voyage.beginRace("optimizer", Catalogue.optimizers.map { .choice($0.name) })
        let track = try #require(voyage.navigator.race)
        track.run(atMost: 25) { _ in nil }
        let sums = track.entrants.map(\.branchTrainer.trainer.weightsChecksum)
        #expect(try sums[5] == Voyage.weights(after: 40))
        #expect(try sums[0] == Voyage.weights(after: 40, [(15, "optimizer", 0)]))
        #expect(Set(sums).count == 6)
        try voyage.endRace(adopting: track.entrants[3].branch)
        #expect(voyage.weights == sums[3])
    }
}

@Suite("A replay")
struct ReplayTests {
    /// A long random way over edits, ramps, plans, moves, races.
    private func randomVoyage(seed: Int) throws -> Voyage {
        let voyage = try Voyage(memory: seed.isMultiple(of: 2) ? 256 << 20 : 20_000, epochs: 200)
        var random = SplitMix(state: UInt64(seed))
        func below(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
        for _ in 0..<40 {
            voyage.take(below(40))
            do throws(Timeline.Refusal) {
                switch below(10) {
                case 0: try voyage.edit("learning_rate", to: .number(0.001 * Double(1 + below(30))))
                case 1:
                    try voyage.edit("learning_rate", to: .number(0.001 * Double(1 + below(30))), over: 1 + below(30))
                case 2: try voyage.edit("optimizer", to: .choice(Catalogue.optimizers[below(6)].name))
                case 3:
                    try voyage.plan(
                        "layers.0.l2", .value(.number(0.01 * Double(below(9)))), at: voyage.step + 1 + below(30))
                case 4, 5: try voyage.undo()
                case 6: try voyage.redo()
                case 7: try voyage.go(toStep: below(voyage.step + 1))
                case 8:
                    if below(2) == 0 {
                        try voyage.goToBest()
                    } else {
                        try voyage.go(to: BranchID(1 + below(6)))
                    }
                default:
                    let isGrid = below(2) == 0
                    let rates: [SettingValue] = [0.01, 0.02]
                    try voyage.beginRace(
                        isGrid ? [("batch_size", [5, 10]), ("learning_rate", rates)] : [("batch_size", [5, 10, 20])],
                        halvesEvery: below(2) == 0 ? 1 + below(12) : nil)
                    for _ in 0..<3 { voyage.navigator.race?.run(atMost: below(12)) { _ in SmallRun.data } }
                    let adopted = voyage.navigator.race?.entrants[below(3)].branch
                    try voyage.endRace(adopting: below(3) == 0 ? nil : adopted)
                }
            } catch {
                // Not all is possible everywhere: nothing to redo, no such branch.
                continue
            }
        }
        voyage.navigator.noteEnd()
        return voyage
    }

    @Test("of a random way is identical, whatever either keeps of its past", arguments: 1...20)
    func random(seed: Int) throws {
        let voyage = try randomVoyage(seed: seed)
        let outcome = try voyage.replay(memory: seed.isMultiple(of: 3) ? 0 : 256 << 20)
        #expect(outcome.difference == nil)
        #expect(outcome.isComplete)
        #expect(outcome.checks > 10)
    }

    @Test("says where a journal's numbers are not those of the run")
    func difference() throws {
        let voyage = try Voyage()
        voyage.take(25)
        try voyage.edit("learning_rate", to: 0.02)
        voyage.take(10)
        voyage.navigator.noteEnd()
        var entries = voyage.journal
        let index = try #require(entries.firstIndex { if case .edited = $0 { true } else { false } })
        guard case .edited(let edit) = entries[index] else { return }
        entries[index] = .edited(
            Edit(number: edit.number, name: edit.name, old: edit.old, new: 0.021, step: edit.step))
        let outcome = try Replay(of: entries, job: voyage.navigator.job, training: SmallRun.data).run()
        #expect(
            outcome.difference?.description
                == "at step 26: the weights differ; the first difference lies after step 25")
        #expect(outcome.lastIdenticalStep == 25)
    }
}
