import Canvas
import CanvasTesting
import RunModel
import Testing
import TrainProtocol

@testable import Dashboard

@Suite("An engine that knows little, answers late and dies")
struct OtherEngineTests {
    private let engine = FakeEngine()
    private var state: DashboardState

    init() { state = DashboardState(run: engine.run, themes: ["midnight"], theme: "midnight") }

    /// Presses a key, and sends what comes of it.
    private mutating func press(_ key: Key) {
        for case .send(let command, let id) in state.press(key) { engine.send(command, id: id) }
    }

    private mutating func tell(at seconds: Double) {
        _ = update(&state, .tick(seconds))
        state.receive(engine.drain())
    }

    private func screen(_ name: String) {
        expectSnapshot(
            render(state, size: Size(width: 100, height: 30), glyphs: .braille), named: "other-\(name)-100x30")
    }

    @Test("The screen tells the truth while it connects, works, answers late, is lost, and is back again")
    mutating func life() {
        tell(at: 0)
        screen("connecting")
        press(.character("-"))
        #expect(state.view.notice?.text == "the training is not there yet" && state.requests.open.isEmpty)

        engine.connect()
        engine.train(to: 40)
        tell(at: 10)
        screen("training")

        press(.character("-"))
        press(.character(" "))
        #expect(state.wakesAt == 11)
        _ = update(&state, .tick(10.9))
        #expect(state.waitRemark == nil)
        tell(at: 52.5)
        #expect(state.waitRemark == "lr 0.05 waits for the end of the step, 42 s")
        #expect(state.wakesAt == 53)
        screen("late")

        engine.die()
        tell(at: 60)
        screen("lost")
        _ = update(&state, .tick(70))
        press(.character(" "))
        #expect(state.view.notice?.text == "the training does not answer: the process ended with signal 9")
        #expect(state.requests.open.count == 2)

        engine.connect()
        engine.answer()
        engine.train(to: 60)
        tell(at: 80)
        #expect(state.requests.open.isEmpty && state.waitRemark == nil)
        #expect(state.run.edits.map(\.new) == [0.05])
        #expect(state.runState == .paused)
        screen("back")
    }

    @Test("What it cannot do is dim in the help, with the reason")
    mutating func help() {
        engine.connect()
        tell(at: 0)
        press(.character("?"))
        screen("help")
    }
}
