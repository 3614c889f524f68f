import Canvas
import Testing
import TrainEngine

@testable import Dashboard

@Suite("Keys for time and comparison")
struct TimeKeysTests {
    private var state = FakeRun.state(after: 900, edit: (700, 0.005))

    @Test("u, U, R and F ask the engine")
    mutating func asks() {
        #expect(
            state.press(.character("u"), .character("U"), .character("R"), .character("F")) == [
                .send(.undo, RequestID(2)), .send(.redo, RequestID(3)), .send(.goToBest, RequestID(4)),
                .send(.testLearningRates, RequestID(5)),
            ])
    }

    @Test(
        "They work when the run is done or has diverged, too",
        arguments: [
            RunState.done, .diverged(step: 900, reason: "the loss is nan"),
        ])
    func over(runState: RunState) {
        var state = state
        state.receive(Bulletin(events: [.state(runState)], progress: state.progress!))
        #expect(state.press(.character("u"), .character("b")).count == 2)
        state.press(.left)
        #expect(state.press(.enter) == [.send(.goToStep(883), RequestID(4))])
    }

    @Test("Enter goes to the cursor's step, and without a cursor types a value")
    mutating func cursor() {
        state.press(.home)
        #expect(state.press(.enter) == [.send(.goToStep(1), RequestID(2))])
        state.press(.enter)
        #expect(state.overlay == .entry(EntryOverlay(knob: 0)))
    }

    @Test("The cursor reads off step, loss, metric and the rate of that step, along ramps and schedules")
    mutating func readout() {
        state.chart.cursor = 700
        #expect(CursorReadout.text(state, within: 80, face: .braille) == "@700  loss 0.8120  mae 0.5197  lr 0.01")
        state.chart.cursor = 701
        #expect(CursorReadout.text(state, within: 24, face: .braille) == "@701  loss 1.1327")
        #expect(state.learningRate(at: 701) == 0.005)
        let ramp = HyperparameterChange(
            number: 2, request: nil, name: "learning_rate", old: 0.005, new: 0.00005, over: 200, step: 700)
        state.receive(Bulletin(events: [.changed(ramp)], progress: state.progress!))
        #expect((state.learningRate(at: 800)! - 0.0005).magnitude < 1e-12)
        var progress = state.progress!
        progress.step = 901
        progress.learningRate = 0.000025
        state.receive(Bulletin(progress: progress))
        #expect((state.learningRate(at: 901)! - 0.000025).magnitude < 1e-12)
    }

    @Test("g turns the twin on, and off; where the edits have the focus it is without the selected one")
    mutating func twin() {
        #expect(state.press(.character("g")) == [.send(.showTwin(withoutEdit: nil), RequestID(2))])
        let twin = Twin(branch: BranchID(2), withoutEdit: 1)
        state.receive(
            Bulletin(
                events: [
                    .branched(Branch(id: BranchID(2), parent: .first, forkStep: 700)),
                    .applied(RequestID(2), at: 900), .twin(twin),
                ], progress: state.progress!))
        #expect(state.press(.character("g")) == [.send(.hideTwin, RequestID(3))])
        state.receive(Bulletin(events: [.twin(nil), .applied(RequestID(3), at: 900)], progress: state.progress!))
        state.press(.character("5"), .down, .up)
        #expect(state.selectedEdit == 1)
        #expect(state.press(.character("g")) == [.send(.showTwin(withoutEdit: 1), RequestID(4))])
    }

    @Test("The selected edit stays selected when new entries come")
    mutating func selection() {
        state.press(.character("5"), .down)
        let before = state.selectedEntryIndex
        state.receive(Bulletin(events: [.notice("news")], progress: state.progress!))
        #expect(state.selectedEntryIndex == before)
        state.press(.pageDown, .pageUp, .pageUp)
        #expect(state.selectedEntryIndex == state.ledger.entries.count - 1)
    }

    @Test("A breakpoint that was hit says which, and where")
    mutating func breakpoint() {
        state.receive(
            Bulletin(events: [.state(.paused), .hit(.lossAbove(2), at: 1204)], progress: state.progress!))
        #expect(state.notice?.text == "paused at step 1,204: loss > 2")
        #expect(state.ledger.entries.last?.kind == .note("paused at step 1,204: loss > 2", .warning))
    }

    @Test("Policies and breakpoints that were taken are said")
    mutating func watching() {
        state.press(.character(":"))
        state.type("break loss > 2")
        state.receive(
            Bulletin(
                events: [.applied(RequestID(2), at: 900), .watching(Watch(breakpoints: [.lossAbove(2)]))],
                progress: state.progress!))
        #expect(state.notice?.text == "break loss > 2")
        #expect(state.watch.breakpoints == [.lossAbove(2)])
    }
}
