import Canvas
import CanvasTesting
import Testing
import TrainProtocol

@testable import Dashboard

@Suite("What a hyperparameter was over the run")
struct ValuePictureTests {
    /// A run whose learning rate was halved at step 700, with the hyperparameters zoomed.
    private static func state(selecting name: String = "learning_rate") -> DashboardState {
        var state = FakeRun.state(after: 1100, edit: (700, 0.005))
        state.view.selection = state.controls.firstIndex { $0.name == name } ?? 0
        state.view.focus = .hyperparameters
        state.press(.character("4"))
        return state
    }

    @Test("stands over the loss where a zoomed pane has room", arguments: [(80, 24), (120, 36), (200, 55), (44, 12)])
    func picture(width: Int, height: Int) {
        let frame = render(Self.state(), size: Size(width: width, height: height), glyphs: .braille)
        expectSnapshot(frame, named: "value-\(width)x\(height)")
    }

    @Test("a ramp on its way goes no farther than the run is")
    func ramp() {
        var run = FakeRun()
        _ = run.advance(to: 400)
        var state = FakeRun.state(after: 400)
        state.view.selection = state.controls.firstIndex { $0.name == "momentum" } ?? 0
        state.view.focus = .hyperparameters
        state.press(.character("4"))
        let ramp = Edit(number: 1, name: "momentum", old: 0, new: 0.9, over: 1200, step: 200)
        state.receive(run.news(events: run.edit(ramp)))
        let rows = Self.words(state).split(separator: "\n").filter { $0.contains("┤") || $0.contains("│") }
        // The run has 1,715 steps, so step 400 is in the first third of the chart.
        let farthest = rows.compactMap { row in
            row.lastIndex { $0 >= "\u{2801}" && $0 <= "\u{28FF}" }.map { row.distance(from: row.startIndex, to: $0) }
        }
        #expect((farthest.max() ?? 80) < 30, "\(Self.words(state))")
    }

    @Test("of what nobody edited there is little to say")
    func unedited() {
        #expect(Self.words(Self.state(selecting: "nesterov")).contains("no edit"))
        #expect(Self.words(Self.state(selecting: "batch_size")).contains("no edit"))
    }

    @Test("changes of what is no number are a list")
    func choice() {
        var run = FakeRun()
        _ = run.advance(to: 400)
        var state = FakeRun.state(after: 400)
        state.view.selection = state.controls.firstIndex { $0.name == "nesterov" } ?? 0
        state.view.focus = .hyperparameters
        state.press(.character("4"))
        let change = Edit(number: 1, name: "nesterov", old: .flag(true), new: .flag(false), step: 400)
        state.receive(run.news(events: run.edit(change)))
        let screen = Self.words(state)
        #expect(screen.contains("@400  on → off"), "\(screen)")
        #expect(screen.contains("on at first, 1 edit"), "\(screen)")
    }

    private static func words(_ state: DashboardState) -> String {
        let size = Size(width: 80, height: 24)
        let frame = render(state, size: size, glyphs: .braille)
        return (0..<size.height).map { y in String((0..<size.width).map { frame[$0, y].character }) }
            .joined(separator: "\n")
    }
}
