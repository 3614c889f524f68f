import Canvas
import Testing
import TrainProtocol

@testable import Dashboard
@testable import RunModel

@Suite("What the dashboard offers and keeps")
struct TruthTests {
    @Test("An edit stays in force, marked, undoable and told, however many epochs pass")
    func edits() {
        var run = FakeRun()
        var state = FakeRun.state()
        state.receive(run.advance(to: 10))
        state.receive(
            run.news(events: run.edit(Edit(number: 1, name: "learning_rate", old: 0.01, new: 0.005, step: 10))))
        for epoch in 1...3000 {
            state.receive(
                run.news(events: [
                    .epochEnded(EpochReport(epoch: epoch, step: 10 + epoch * 343, meanLoss: 1, metrics: [1])),
                    .evaluated(Evaluation(step: 10 + epoch * 343, loss: 1, metrics: [1])),
                ]))
        }
        #expect(state.run.edits.map(\.number) == [1])
        #expect(state.press(.character("u")) == [.send(.undo, RequestID(1))])
        state.press(.character(":"))
        #expect(state.type("ghost 1") == [.send(.showTwin(withoutEdit: 1), RequestID(2))])
        #expect(Summary(state).description.contains("@10  learning rate 0.01 → 0.005"))
        let frame = render(state, size: Size(width: 120, height: 36), glyphs: .braille)
        let rows = (0..<36).map { y in String((0..<120).map { frame[$0, y].character }) }
        #expect(rows.contains { $0.contains("└1") })
    }

    @Test("A metric that the validation does not tell has no row, and one that was told once keeps its own")
    func untoldMetrics() {
        func shown(_ metrics: [Double]...) -> Bool {
            var run = FakeRun()
            var state = FakeRun.state()
            state.receive(run.advance(to: 10))
            for metric in metrics {
                state.receive(run.news(events: [.evaluated(Evaluation(step: 10, loss: 0.5, metrics: metric))]))
            }
            let frame = render(state, size: Size(width: 120, height: 36), glyphs: .braille)
            let rows = (0..<36).map { y in String((0..<120).map { frame[$0, y].character }) }
            #expect(rows.contains { $0.contains("val loss") })
            return rows.contains { $0.contains("val mae") }
        }
        #expect(shown([0.25]))
        #expect(!shown([.nan]))
        #expect(!shown([.nan], [.nan]))
        #expect(shown([0.25], [.nan]))
    }

    @Test("The hint bar never lies: what it shows can be asked for, what cannot be is not shown", arguments: 1...40)
    func hints(seed: UInt64) {
        var random = seed
        func below(_ count: Int) -> Int {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(random >> 33) % count
        }
        var state = FakeRun.state(after: 100 + below(400))
        let race = Race(
            name: "learning_rate", old: 0.01,
            entrants: [
                .init(branch: BranchID(8), value: 0.01, edit: nil), .init(branch: BranchID(9), value: 0.02, edit: 7),
            ], step: 100)
        for _ in 0..<12 {
            let edit = Edit(number: 1 + below(5), name: "learning_rate", old: 0.01, new: 0.005, step: 50)
            let lineage = below(2) == 0 ? Lineage() : Lineage(segments: Lineage().segments, edits: [edit])
            let states: [RunState] = [
                .training, .paused, .done, .replaying, .lost(reason: "gone"), .connecting,
                .diverged(.init(step: 9, reason: "nan", recovery: .init(step: 3, learningRate: 0.1))),
            ]
            let events: [Event] = [
                .lineage(lineage, redo: below(2) == 0 ? nil : BranchID(3)), .race(below(3) == 0 ? race : nil),
                .state(states[below(states.count)]),
                .capabilities(below(3) == 0 ? Capabilities(only: [.pause, .save], reason: "only so much") : .all),
            ]
            state.receive(EngineUpdate(events: events, progress: state.progress!))
            if below(3) == 0 { state.press([.tab, .left, .escape, .down][below(4)]) }
            for binding in KeyTable.all where binding.applies(state) {
                guard let kind = binding.asks, let key = binding.keys.first,
                    KeyTable.all.first(where: { $0.matches(key) && $0.applies(state) })?.help == binding.help
                else { continue }
                let isOffered = binding.hint(in: state) != nil
                let objection = state.objection(to: kind)
                #expect(!isOffered || objection == nil)
                // Space does one of three things; each has its own say.
                guard objection != nil, key != .character(" ") else { continue }
                var pressed = state
                #expect(pressed.press(key).isEmpty, "\(binding.help)")
            }
        }
    }
}
