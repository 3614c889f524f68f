import Canvas
import RunModel
import Testing
import TrainProtocol

@testable import Dashboard

@Suite("The hint bar never lies")
struct HintTests {
    /// A generator for walks: Knuth's MMIX, repeatable.
    private struct Walk: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 33)
        }
    }

    private static let keys: [Key] = KeyTable.all.flatMap { $0.keys + $0.aliases }.filter { $0 != .control("c") }

    /// What an engine could tell next.
    private static func event(_ run: inout FakeRun, _ state: DashboardState, _ walk: inout Walk) -> [Event] {
        let recovery = RunState.Divergence.Recovery(step: 3, learningRate: 0.005)
        let states: [RunState] = [
            .connecting, .training, .replaying, .paused, .evaluating, .done, .stopped, .lost(reason: "gone"),
            .diverged(.init(step: 9, reason: "the loss is nan")),
            .diverged(.init(step: 9, reason: "the loss is nan", recovery: recovery)),
        ]
        switch Int.random(in: 0..<9, using: &walk) {
        case 0:
            let value = SettingValue.number(Double.random(in: 0.001...0.1, using: &walk))
            return run.edit(
                Edit(number: state.run.edits.count + 1, name: "learning_rate", old: 0.01, new: value, step: run.step))
        case 1: return run.advance(to: run.step + Int.random(in: 1...200, using: &walk)).events
        case 2:
            let kinds = Command.Kind.allCases.filter { _ in Bool.random(using: &walk) }
            return [.capabilities(Capabilities(only: kinds, reason: "not here"))]
        case 3: return [.capabilities(.all)]
        case 4:
            let race = Race(
                name: "learning_rate", old: 0.01,
                entrants: [
                    .init(branch: BranchID(70), value: 0.01, edit: nil),
                    .init(branch: BranchID(71), value: 1, edit: 99),
                ],
                step: run.step)
            return [.race(state.race == nil ? race : nil)]
        case 5: return [.lineage(run.lineage, redo: Bool.random(using: &walk) ? BranchID(5) : nil)]
        case 6: return [.hyperparameters(Bool.random(using: &walk) ? FakeRun.hyperparameters : [])]
        default: return [.state(states.randomElement(using: &walk)!)]
        }
    }

    @Test(
        "Whatever happened: a key that is shown does something, and one that says why not is not shown",
        arguments: 1...12)
    func walks(seed: UInt64) {
        var walk = Walk(state: seed)
        var run = FakeRun()
        var state = FakeRun.state()
        for _ in 0..<40 {
            if Bool.random(using: &walk) {
                let events = Self.event(&run, state, &walk)
                state.receive(run.news(events: events))
            } else {
                state.press(Self.keys.randomElement(using: &walk)!)
            }
            state.view.overlay = nil
            check(state)
        }
    }

    private func check(_ state: DashboardState) {
        let hints = KeyTable.all.compactMap { $0.hint(in: state) }
        for hint in hints {
            for key in hint.keys {
                var pressed = state
                let effects = pressed.press(key)
                let said = pressed.view.notice.flatMap { $0.isRefusal ? $0.text : nil }
                #expect(said == nil, "\(key.label) \(hint.word) is shown and says: \(said ?? "")")
                // A selection that has come to the end of its list stays there.
                let doesSomething = !effects.isEmpty || pressed != state || hint.word == "select"
                #expect(doesSomething, "\(key.label) \(hint.word) is shown and does nothing")
            }
        }
        let shown = Set(hints.flatMap(\.keys))
        for key in Self.keys {
            var pressed = state
            let effects = pressed.press(key)
            guard pressed.view.notice?.isRefusal == true else { continue }
            #expect(effects.isEmpty && !shown.contains(key), "\(key.label) is refused")
            #expect(pressed.requests == state.requests)
        }
    }

    @Test("After going to a step there is nothing to redo, and the bar does not say so")
    func noRedo() {
        var run = FakeRun()
        var state = FakeRun.state()
        state.receive(run.advance(to: 100))
        state.receive(run.move(.step, to: 2, at: 50))
        #expect(!KeyTable.all.contains { $0.hint(in: state)?.word == "redo" })
        #expect(state.press(.character("U")) == [])
        #expect(state.view.notice?.text == "there is nothing to redo")
    }

    @Test("Where only one of two keys does something, it alone is shown with its own word")
    func oneOfTwo() {
        var state = FakeRun.state()
        state.view.selection = 4
        let hint = KeyTable.all.first { $0.keys.first == .character("+") }?.hint(in: state)
        #expect(hint?.keys == [.character("-")] && hint?.word == "/2")
    }

    @Test("Out of a divergence space does what the bar says, whole; after an edit it goes on")
    func wayOut() {
        var run = FakeRun()
        var state = FakeRun.state()
        state.receive(run.advance(to: 100))
        let recovery = RunState.Divergence.Recovery(step: 81, learningRate: 0.005)
        let divergence = RunState.Divergence(step: 101, reason: "the loss is nan at step 101", recovery: recovery)
        state.receive(run.news(events: [.state(.diverged(divergence))]))
        let row = render(state, size: Size(width: 80, height: 24), glyphs: .braille).snapshot
        #expect(row.contains("space goes back to step 81 and on at learning rate 0.005"))
        var recovering = state
        #expect(recovering.press(.character(" ")) == [.send(.recover, RequestID(1))])
        state.receive(run.news(events: [.state(.paused)]))
        #expect(state.press(.character(" ")) == [.send(.resume, RequestID(1))])
    }
}
