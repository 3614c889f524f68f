import Canvas
import Testing
import TrainProtocol

@testable import Dashboard

@Suite("The number of epochs")
struct EpochsTests {
    @Test("It is checked against the epoch under way, wherever the run went")
    func epochs() {
        var run = FakeRun()
        var state = FakeRun.state()
        state.receive(run.advance(to: 1000))
        state.press(.character(":"))
        #expect(state.type("epochs 2") == [])
        #expect(
            state.view.overlay
                == .command(CommandOverlay(field: TextField("epochs 2"), mistake: "epochs must be at least 3")))
        state.press(.escape)
        state.receive(run.move(.step, to: 2, at: 300))
        state.press(.character(":"))
        #expect(state.type("epochs 1") == [.send(.set("epochs", 1), RequestID(1))])
    }
}
