import Testing
import TrainCore
import TrainEngine
import TrainProtocol

/// Twins, races and the learning-rate test, beside what a loop of one's own makes of the same edits.
@Suite("What trains beside the run")
struct ComparisonTests {
    /// The losses of a run with these edits, each made after its step.
    private func losses(
        _ steps: Int, _ edits: [(step: Int, name: String, value: Double)] = []
    ) throws -> [Int: Float] {
        let trainer = try Trainer(SmallRun.job(epochs: 100), training: SmallRun.data)
        var losses: [Int: Float] = [:]
        for step in 0..<steps {
            for edit in edits where edit.step == step { try trainer.set(edit.name, to: edit.value) }
            losses[step + 1] = try trainer.step().loss
        }
        return losses
    }

    @Test("a twin's curve is that of a run without the edit, and the run's that of one without a twin")
    func twin() throws {
        let run = try WatchedRun(epochs: 100)
        try run.go(50)
        let first = run.progress.step
        _ = try run.ask(.set("learning_rate", 0.05)).get()
        try run.go(70)
        _ = try run.ask(.showTwin(withoutEdit: 1)).get()
        // An edit after it is one of both.
        let second = run.progress.step
        _ = try run.ask(.set("layers.0.l2", 0.02)).get()
        try run.go(70)
        let last = run.progress.step
        let twins = run.events.compactMap { if case .twin(let twin?) = $0 { twin } else { nil } }
        let branch = try #require(twins.first?.branch)
        #expect(twins == [Twin(branch: branch, withoutEdit: 1)])
        try run.waitUntil { $0.losses(of: branch)[last] != nil }

        let with = try losses(last, [(first, "learning_rate", 0.05), (second, "layers.0.l2", 0.02)])
        let without = try losses(last, [(second, "layers.0.l2", 0.02)])
        #expect(run.losses(of: .first).filter { $0.key > first } == with.filter { $0.key > first })
        #expect(run.losses(of: branch) == without.filter { $0.key > first })
        #expect(with[last] != without[last])
        let validated = run.events.compactMap { if case .evaluated(let seen) = $0 { seen } else { nil } }
        #expect(
            validated.filter { $0.branch == branch }.map(\.step)
                == Array(1...1000).map { $0 * 10 }.filter { (first + 1...last).contains($0) })
    }

    @Test("each entrant of a race is a run with its value, and the adopted one goes on as one")
    func race() throws {
        let run = try WatchedRun(epochs: 100)
        try run.go(30)
        let fork = run.progress.step
        _ = try run.ask(.race("learning_rate", [0.003, 0.01, 0.03])).get()
        try run.go(45)
        guard case .race(let race?)? = run.events.last(where: { if case .race = $0 { true } else { false } }) else {
            Issue.record("no race")
            return
        }
        let reference = try race.entrants.map {
            try losses(fork + 300, [(fork, "learning_rate", $0.values[0].number ?? 0)])
        }
        var least = Int.max
        for (entrant, expected) in zip(race.entrants, reference) {
            let seen = run.losses(of: entrant.branch)
            least = min(least, seen.count)
            #expect(!seen.isEmpty && seen == expected.filter { seen.keys.contains($0.key) })
        }
        // All are at the same step whenever they are seen.
        #expect(race.entrants.allSatisfy { run.losses(of: $0.branch).count == least } && least >= 45)

        let chosen = race.entrants[2].branch
        _ = try run.ask(.adopt(chosen)).get()
        try run.go(40)
        let own = run.losses(of: chosen)
        #expect(own.count >= least + 40)
        #expect(own == reference[2].filter { own.keys.contains($0.key) })
        // The edit is told when it becomes the run's, before the race is over.
        let adoption = run.events.firstIndex { event in
            if case .moved(let move) = event { move.cause == .adoption && move.branch == chosen } else { false }
        }
        let edit = run.events.firstIndex { event in
            if case .edited(let change) = event { change.new == 0.03 && change.step == fork } else { false }
        }
        let end = run.events.firstIndex { $0 == .race(nil) }
        #expect(try #require(adoption) < #require(edit))
        #expect(try #require(edit) < #require(end))
    }

    @Test("a twin and the entrants of a race tell every metric at each step as a run of one's own has it")
    func metrics() throws {
        let metrics: [any Metric] = [.r2Score, .meanAbsoluteError, .rootMeanSquaredError]
        func expected(_ edits: [(step: Int, value: Double)]) throws -> [Int: [Float]] {
            let trainer = try Trainer(SmallRun.job(epochs: 100, metrics: metrics), training: SmallRun.data)
            var values: [Int: [Float]] = [:]
            for step in 0..<1000 {
                for edit in edits where edit.step == step { try trainer.set("learning_rate", to: edit.value) }
                try trainer.step()
                values[step + 1] = trainer.batchMetricValues
            }
            return values
        }
        let run = try WatchedRun(epochs: 100, metrics: metrics)
        try run.go(20)
        let first = run.progress.step
        _ = try run.ask(.set("learning_rate", 0.05)).get()
        _ = try run.ask(.showTwin(withoutEdit: 1)).get()
        try run.go(30)
        let twins = run.events.compactMap { if case .twin(let twin?) = $0 { twin.branch } else { nil } }
        let twin = try #require(twins.last)
        let fork = run.progress.step
        try run.waitUntil { $0.losses(of: twin)[fork] != nil }
        _ = try run.ask(.race("learning_rate", [0.01, 0.03])).get()
        try run.go(40)
        let races = run.events.compactMap { if case .race(let race?) = $0 { race } else { nil } }
        let race = try #require(races.last)

        var branches = [BranchID.first: try expected([(first, 0.05)]), twin: try expected([])]
        for entrant in race.entrants {
            branches[entrant.branch] = try expected([(first, 0.05), (fork, entrant.values[0].number ?? 0)])
        }
        #expect(branches.count == 4 && Set(run.samples.map(\.branch)) == Set(branches.keys))
        for (branch, expected) in branches {
            let singles = run.samples.filter { $0.branch == branch && $0.loss.count == 1 }
            #expect(singles.count >= 30, "\(branch)")
            for sample in singles {
                #expect(sample.metrics.map(\.mean) == expected[sample.firstStep]?.map(Double.init))
            }
        }
    }

    @Test("a race that is ended goes on as if there had been none, and its branches can be gone to")
    func endedRace() throws {
        let run = try WatchedRun(epochs: 100)
        try run.go(30)
        let fork = run.progress.step
        _ = try run.ask(.race("optimizer", [.choice("sgd"), .choice("rmsprop")])).get()
        try run.go(20)
        _ = try run.ask(.endRace).get()
        try run.go(30)
        let (branch, step) = (BranchID.first, run.progress.step)
        #expect(step >= fork + 30)
        #expect(run.losses(of: branch) == (try losses(step)).filter { run.losses(of: branch).keys.contains($0.key) })
        #expect(run.losses(of: branch)[step] != nil)
        _ = try run.ask(.goToBranch(BranchID(2))).get()
        #expect(run.progress.step >= fork + 20)
        try run.go(5)
        let other = run.losses(of: BranchID(2))
        #expect(
            other == (try losses(run.progress.step, [(fork, "optimizer", 0)])).filter { other.keys.contains($0.key) })
    }

    @Test("learning rates are tried on copies, and the run stays as it was")
    func learningRates() throws {
        let run = try WatchedRun(epochs: 100)
        try run.go(30)
        _ = try run.ask(.goToStep(20)).get()
        let start = run.progress.step
        _ = try run.ask(.testLearningRates).get()
        // The run goes on meanwhile.
        try run.go(30)
        try run.wait { if case .learningRatesTested = $0 { true } else { false } }
        guard
            case .learningRatesTested(let test)? = run.events.last(where: {
                if case .learningRatesTested = $0 { true } else { false }
            })
        else { return }
        #expect(test.step == start && test.horizon == 256 && (4...16).contains(test.streams))
        #expect(test.rates.count == test.changes.count && test.rates.last! <= 10)
        let ratios = zip(test.rates.dropFirst(), test.rates).map { $0 / $1 }
        #expect(ratios.allSatisfy { abs($0 - ratios[0]) < 1e-9 })
        let range = try #require(test.range)
        #expect(test.rates.first! <= range.lowerBound && range.upperBound <= test.rates.last! * 1.05)
        let step = run.progress.step
        #expect(run.losses(of: BranchID(2))[step] == (try losses(step))[step])
    }
}
