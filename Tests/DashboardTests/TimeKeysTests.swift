import Canvas
import Testing
import TrainProtocol

@testable import Dashboard
@testable import RunModel

@Suite("Keys for time and comparison")
struct TimeKeysTests {
    private var state = FakeRun.state(after: 900, edit: (700, 0.005))

    @Test("u, U, R and F ask the engine")
    mutating func asks() {
        let told = EngineUpdate(
            events: [.lineage(state.run.lineage, redo: BranchID(7))], progress: state.progress!)
        state.receive(told)
        #expect(
            state.press(.character("u"), .character("U"), .character("R"), .character("F")) == [
                .send(.undo, RequestID(2)), .send(.redo, RequestID(3)), .send(.goToBest, RequestID(4)),
                .send(.testLearningRates, RequestID(5)),
            ])
    }

    @Test(
        "They work when the run is done or has diverged, too",
        arguments: [
            RunState.done, .diverged(RunState.Divergence(step: 900, reason: "the loss is nan")),
        ])
    func over(runState: RunState) {
        var state = state
        state.receive(EngineUpdate(events: [.state(runState)], progress: state.progress!))
        // A race has no steps to take where all epochs are done.
        let effects = state.press(.character("u"), .character("b"))
        #expect(effects.count == (runState == .done ? 1 : 2))
        state.press(.left)
        #expect(state.press(.enter) == [.send(.goToStep(883), RequestID(2 + effects.count))])
    }

    @Test("Enter goes to the cursor's step, and without a cursor types a value")
    mutating func cursor() {
        state.press(.home)
        #expect(state.press(.enter) == [.send(.goToStep(1), RequestID(2))])
        state.press(.enter)
        #expect(state.view.overlay == .entry(EntryOverlay(control: 0)))
    }

    @Test("The cursor reads off step, loss, metric and the rate with which that step was taken")
    mutating func readout() {
        state.view.chart.cursor = 700
        #expect(CursorReadout.text(state, within: 80, .braille) == "@700  loss 0.8120  mae 0.5197  lr 0.01")
        state.view.chart.cursor = 701
        #expect(CursorReadout.text(state, within: 80, .braille) == "@701  loss 1.1327  mae 0.7249  lr 0.005")
        #expect(CursorReadout.text(state, within: 24, .braille) == "@701  loss 1.1327")
    }

    @Test("With several metrics the cursor reads off each by its name, as many as there is room for")
    mutating func readoutOfSeveral() {
        state = FakeRun.state(after: 1100, edit: (700, 0.005), FakeRun.threeMetrics)
        state.view.chart.cursor = 701
        let all = "@701  loss 1.1327  mae 0.7249  rmse 0.9175  r2_score 0.4078  lr 0.005"
        #expect(CursorReadout.text(state, within: all.count, .braille) == all)
        let two = "@701  loss 1.1327  mae 0.7249  rmse 0.9175  lr 0.005"
        #expect(CursorReadout.text(state, within: all.count - 1, .braille) == two)
        #expect(CursorReadout.text(state, within: 40, .braille) == "@701  loss 1.1327  mae 0.7249  lr 0.005")
        #expect(CursorReadout.text(state, within: 38, .braille) == "@701  loss 1.1327  lr 0.005")
    }

    @Test("g turns the twin on, and off; where the story has the focus it is without the selected one")
    mutating func twin() {
        #expect(state.press(.character("g")) == [.send(.showTwin(withoutEdit: nil), RequestID(2))])
        let twin = Twin(branch: BranchID(2), withoutEdit: 1)
        state.receive(
            EngineUpdate(
                events: [
                    .branched(Lineage().forked(as: BranchID(2), at: Moment(step: 700, edits: 0))),
                    .applied(RequestID(2), at: 900), .twin(twin),
                ], progress: state.progress!))
        #expect(state.press(.character("g")) == [.send(.hideTwin, RequestID(3))])
        state.receive(EngineUpdate(events: [.twin(nil), .applied(RequestID(3), at: 900)], progress: state.progress!))
        state.press(.character("5"), .down, .up)
        #expect(state.selectedEdit == 1)
        #expect(state.press(.character("g")) == [.send(.showTwin(withoutEdit: 1), RequestID(4))])
    }

    @Test("The selected edit stays selected when new entries come")
    mutating func selection() {
        state.press(.character("5"), .down)
        let before = state.selectedLine
        state.receive(EngineUpdate(events: [.notice("news")], progress: state.progress!))
        #expect(state.selectedLine == before)
        state.press(.pageDown, .pageUp, .pageUp)
        #expect(state.selectedLine == state.story.last)
    }

    @Test("A breakpoint that was hit says which, and where")
    mutating func breakpoint() {
        state.receive(
            EngineUpdate(events: [.state(.paused), .hit(.lossAbove(2), at: 1204)], progress: state.progress!))
        #expect(state.view.notice?.text == "paused at step 1,204: loss > 2")
        #expect(state.log.entries.last?.kind == .hit(.lossAbove(2)))
    }

    @Test("Policies and breakpoints that were taken are said")
    mutating func watching() {
        state.press(.character(":"))
        state.type("break loss > 2")
        state.receive(
            EngineUpdate(
                events: [.applied(RequestID(2), at: 900), .watching(Watch(breakpoints: [.lossAbove(2)]))],
                progress: state.progress!))
        #expect(state.view.notice?.text == "break loss > 2")
        #expect(state.watch.breakpoints == [.lossAbove(2)])
    }
}
