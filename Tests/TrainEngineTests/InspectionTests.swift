import Testing
import TrainCore
import TrainProtocol

@testable import TrainEngine

/// Looking inside of a run: what is told is so, and the run goes on as though nobody had looked.
@Suite struct InspectionTests {
    /// The last findings of a kind of look, waited for.
    private func look(_ inspection: Inspection, in run: WatchedRun) throws -> Findings {
        let known = run.events.count
        _ = try run.ask(.inspect(inspection)).get()
        func found(_ run: WatchedRun) -> Findings? {
            run.events.dropFirst(known).lazy.reversed().compactMap { event in
                if case .inspected(let findings) = event, findings.inspection == inspection { findings } else { nil }
            }.first
        }
        try run.waitUntil { found($0) != nil }
        return try #require(found(run))
    }

    private func rows(_ findings: Findings) throws -> InspectedRows {
        guard case .rows(let rows) = findings.content else {
            throw WatchedRun.Refusal(reason: "\(findings.content)")
        }
        return rows
    }

    @Test("the rows of any step are those that it saw, and their losses make up its loss")
    func batches() throws {
        let run = try WatchedRun(epochs: 4) { $0.startsPaused = true }
        // Before the first step it is the first one's rows.
        #expect(try look(.batch(nil), in: run).step == 0)
        try run.go(13)
        _ = try run.ask(.set("learning_rate", 0.2)).get()
        _ = try run.ask(.set("batch_size", 5)).get()
        try run.go(12)
        let losses = run.losses(of: .first)
        #expect(losses.count == 25)
        for (step, loss) in losses {
            let findings = try look(.batch(step...step), in: run)
            let rows = try rows(findings)
            #expect(findings.step == step - 1 && findings.branch == .first)
            #expect(rows.count == (step <= 13 ? 10 : 5) && rows.rows.count == rows.count)
            #expect(abs(rows.loss + rows.penalty - Double(loss)) < 1e-6)
            #expect(rows.rows.map(\.loss) == rows.rows.map(\.loss).sorted(by: >))
            #expect(abs(rows.rows.reduce(0) { $0 + ($1.share ?? 0) } - 1) < 1e-9)
            for row in rows.rows {
                #expect(row.use == .training && (1...100).contains(row.number))
                let x = SmallRun.data.x[(row.number - 1) * 2..<row.number * 2].map { Double($0) }
                #expect(row.cells == x.map { .number($0) })
                #expect(row.targets == [.number(Double(SmallRun.data.y[row.number - 1]))])
                guard case .number(let target) = row.targets[0], case .number(let output) = row.predictions[0] else {
                    continue
                }
                #expect(abs((output - target) * (output - target) - row.loss) < 1e-5)
            }
        }
        // Of several steps it is the one with the greatest loss, and none that was not taken.
        let peak = try #require(losses.max { $0.value < $1.value })
        #expect(try look(.batch(1...25), in: run).step == peak.key - 1)
        let late = try #require(losses.filter { $0.key >= 14 }.max { $0.value < $1.value })
        #expect(try look(.batch(14...900), in: run).step == late.key - 1)
        #expect(try look(.batch(nil), in: run).step == 24)
    }

    @Test("the worst rows are of all rows, and seen anew where the run stands elsewhere")
    func worst() throws {
        let run = try WatchedRun(epochs: 4) { $0.startsPaused = true }
        try run.go(20)
        let first = try rows(look(.worstRows, in: run))
        #expect(first.count == 200 && first.rows.count == 200)
        #expect(Set(first.rows.map(\.use)) == [.training, .validation])
        #expect(first.rows.map(\.loss) == first.rows.map(\.loss).sorted(by: >))
        _ = try run.ask(.evaluate).get()
        guard
            case .evaluated(let evaluation)? = run.events.last(where: {
                if case .evaluated = $0 { true } else { false }
            })
        else { throw WatchedRun.Refusal(reason: "not evaluated") }
        let validation = first.rows.filter { $0.use == .validation }.map(\.loss)
        #expect(abs(validation.reduce(0, +) / 100 + first.penalty - evaluation.loss) < 1e-6)

        // Nobody has to ask again.
        func steps() -> [Int] {
            run.events.compactMap { if case .inspected(let findings) = $0 { findings.step } else { nil } }
        }
        try run.go(1)
        try run.waitUntil { _ in steps().last == 21 }
        _ = try run.ask(.goToStep(5)).get()
        try run.waitUntil { _ in steps().last == 5 }
        _ = try run.ask(.inspect(nil)).get()
        let count = steps().count
        try run.go(3)
        _ = try run.ask(.evaluate).get()
        #expect(steps().count == count)
    }

    @Test("test rows are among the worst ones when the test was told, and not before")
    func testRows() throws {
        let run = try WatchedRun(epochs: 1) { options in
            options.startsPaused = true
            options.test = SmallRun.data
        }
        try run.go(9)
        #expect(try rows(look(.worstRows, in: run)).count == 200)
        try run.go(1)
        try run.wait { if case .tested = $0 { true } else { false } }
        #expect(try rows(look(.worstRows, in: run)).count == 300)
    }

    @Test("what a table's numbers mean is told in its words")
    func words() throws {
        let run = try WatchedRun { options in
            options.startsPaused = true
            options.meaning.features = ["a", "b"]
            options.meaning.targets = [.init(name: "price", coding: .value(center: 100, scale: 10))]
            options.meaning.columns = ["town"]
            options.meaning.cells = { use, rows in
                rows.map {
                    DataMeaning.Line(
                        number: $0 + (use == .training ? 1000 : 5000), cells: ["town \($0)"], targets: ["\($0).25"])
                }
            }
        }
        try run.go(3)
        let rows = try rows(look(.worstRows, in: run))
        #expect(rows.columns == ["town"] && rows.targets == ["price"])
        for row in rows.rows {
            let place = row.number - (row.use == .training ? 1000 : 5000)
            #expect(row.cells == [.text("town \(place)")])
            #expect(row.targets == [.number(Double(place) + 0.25)])
        }
    }

    @Test("a run that is looked into takes the same steps as one that is not")
    func sameBits() throws {
        func losses(_ looks: [Inspection]) throws -> [Int: Float] {
            let run = try WatchedRun(epochs: 60) { $0.startsPaused = true }
            for look in looks { _ = try run.ask(.inspect(look)).get() }
            // In pieces that are told step by step, however late this thread comes.
            for _ in 1...6 { try run.go(100) }
            for look in looks { _ = try self.look(look, in: run) }
            return run.losses(of: .first)
        }
        let plain = try losses([])
        #expect(plain.count == 600)
        #expect(try losses([.batch(nil), .worstRows]) == plain)
    }
}
