import Canvas
import CanvasTesting
import Testing
import TrainProtocol

@testable import Dashboard
@testable import RunModel

@Suite("Screens with branches")
struct BranchScreenTests {
    private static let halved = Edit(number: 1, name: "learning_rate", old: 0.01, new: 0.005, step: 700)

    /// Halved at 700, on to 1,300, undone, and on with a tenth of the rate to 900.
    private let undone: DashboardState = {
        var run = FakeRun()
        var state = FakeRun.state()
        func train(to step: Int) {
            while run.step < step { state.receive(run.advance(to: min(step, run.step + 7))) }
        }
        train(to: 700)
        run.learningRate = 0.005
        state.receive(run.news(events: run.edit(Self.halved)))
        train(to: 1300)
        run.learningRate = 0.01
        var news = run.move(.undo(Self.halved), to: 2, at: 700)
        news.events.append(.hyperparameters(FakeRun.hyperparameters))
        state.receive(news)
        let other = Edit(number: 2, name: "learning_rate", old: 0.01, new: 0.04, step: 740)
        train(to: 740)
        run.learningRate = 0.04
        state.receive(run.news(events: run.edit(other)))
        train(to: 900)
        state.receive(run.news(events: [.state(.training)]))
        _ = update(&state, .tick(100))
        return state
    }()

    /// A twin without the halving, and what is planned and under way.
    private let compared: DashboardState = {
        var run = FakeRun()
        var state = FakeRun.state()
        while run.step < 700 { state.receive(run.advance(to: run.step + 7)) }
        let twin = BranchID(2)
        state.receive(
            run.news(
                events: [.branched(run.lineage.forked(as: twin, at: Moment(step: 700, edits: 0)))]
                    + run.edit(Self.halved) + [.twin(Twin(branch: twin, withoutEdit: 1))]))
        var other = run
        other.learningRate = 0.04
        run.learningRate = 0.005
        while run.step < 1001 {
            let theirs = other.advance(to: other.step + 7)
            var news = run.advance(to: run.step + 7)
            news.samples += theirs.samples.map { sample in
                var sample = sample
                sample.branch = twin
                return sample
            }
            state.receive(news)
        }
        let ramp = Edit(number: 2, name: "beta_1", old: 0.9, new: 0.5, over: 200, step: run.step)
        let plans = [(1, "learning_rate", ValueChange.dividedBy(3), 1200), (2, "epochs", .plus(5), 1715)]
        state.receive(
            run.news(
                events: run.edit(ramp) + [
                    .evaluated(Evaluation(step: run.step, loss: 1.0321, metrics: [0.66])),
                    .evaluated(Evaluation(branch: twin, step: run.step, loss: 1.0643, metrics: [0.68])),
                ] + plans.map { .planned(PlannedEdit(number: $0.0, name: $0.1, change: $0.2, step: $0.3)) }))
        state.receive(run.advance(to: 1050))
        var news = run.news(events: [.state(.training)])
        news.progress.ramps = [RampProgress(name: "beta_1", value: 0.777, target: 0.5, stepsLeft: 151)]
        state.receive(news)
        _ = update(&state, .tick(100))
        return state
    }()

    @Test(
        "What was left stays, dim, under the way taken, and the log tells the story",
        arguments: [
            (120, 36), (80, 24), (200, 50), (44, 12),
        ])
    func undone(width: Int, height: Int) {
        screen(undone, "undone", width, height)
    }

    @Test("A twin under the run, what the edit was worth, a ramp and plans", arguments: [(120, 36), (80, 24)])
    func compared(width: Int, height: Int) {
        screen(compared, "compared", width, height)
    }

    @Test("The same without colour and without anything but ASCII")
    func ascii() {
        screen(undone, "undone-ascii", 100, 30, glyphs: .ascii)
        screen(compared, "compared-ascii", 100, 30, glyphs: .ascii)
    }

    @Test("With the cursor on the chart the hint bar says where Enter goes")
    func cursor() {
        var state = undone
        state.press(.character("1"), .shiftLeft)
        screen(state, "cursor", 100, 30)
        #expect(state.press(.enter) == [.send(.goToStep(729), RequestID(1))])
        #expect(state.view.chart.cursor == nil)
    }

    @Test("In the story a line can be selected, for a twin without it")
    func selection() {
        var state = undone
        state.press(.character("5"), .down, .down, .down)
        screen(state, "edits-selected", 120, 36)
    }

    private func screen(
        _ state: DashboardState, _ name: String, _ width: Int, _ height: Int, glyphs: GlyphSet = .braille
    ) {
        expectSnapshot(
            render(state, size: Size(width: width, height: height), glyphs: glyphs), named: "\(name)-\(width)x\(height)"
        )
    }
}
