import Canvas
import Testing
import TrainProtocol

@testable import Dashboard
@testable import RunModel

@Suite("Summary")
struct SummaryTests {
    @Test("A finished run in a few lines")
    func finished() {
        var state = FakeRun.state(after: 1715, edit: (700, 0.005))
        state.receive(
            EngineUpdate(
                events: [.state(.done), .saved(path: "storms.safetensors", step: state.progress!.step)],
                progress: state.progress!))
        let expected = """
            storms      8 → 30 elu → 1 · 301 weights · nadam · seed 42
            trained     5 of 5 epochs, 1,715 steps in 0:08.5
            epoch 5     mean loss 0.9539   mean_absolute_error 0.6105
            validation  best at epoch 5: loss 0.9635   mean_absolute_error 0.6201
            edits       @700  learning rate 0.01 → 0.005
            saved       storms.safetensors

            """
        #expect(Summary(state).description == expected)
    }

    @Test("A run that never began")
    func empty() {
        let text = Summary(
            DashboardState(run: FakeRun.description, themes: [], theme: "midnight"), glyphs: .ascii
        ).description
        #expect(text == "storms      8 -> 30 elu -> 1 . 301 weights . nadam . seed 42\n")
    }
}
