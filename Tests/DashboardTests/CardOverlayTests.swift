import Canvas
import CanvasTesting
import RunModel
import Testing
import TrainProtocol

@testable import Dashboard

@Suite("The closing card")
struct CardOverlayTests {
    /// A run on a table of one's own that has come to its end.
    static func done(test: Bool = true) -> DashboardState {
        var state = TableOverlayTests.waiting()
        state.view.overlay = nil
        var events: [Event] = [
            .state(.training),
            .epochEnded(EpochReport(epoch: 59, step: 2832, meanLoss: 0.0133, metrics: [9.71])),
            .evaluated(Evaluation(step: 2832, loss: 0.0641, metrics: [20.5])),
            .epochEnded(EpochReport(epoch: 60, step: 2880, meanLoss: 0.0123, metrics: [9.09])),
            .evaluated(Evaluation(step: 2880, loss: 0.0648, metrics: [20.84])),
        ]
        if test {
            events += [.refitting(rows: 964), .tested(Evaluation(step: 2880, loss: 0.0592, metrics: [21.3]))]
        }
        state.receive(
            EngineUpdate(
                events: events + [.state(.done)],
                progress: Progress(
                    step: 2880, epoch: 60, stepInEpoch: 48, stepsPerEpoch: 48, epochs: 60, batchSize: 16, rows: 771,
                    meanLoss: 0.0123, metrics: [9.09], learningRate: 0, pace: 140, trainingSeconds: 20.4,
                    stepsPerSecond: nil)))
        return state
    }

    @Test("tells all scores and what to do next, at every size", arguments: [(80, 24), (120, 36), (44, 12)])
    func sizes(width: Int, height: Int) {
        let frame = render(Self.done(), size: Size(width: width, height: height), glyphs: .braille)
        expectSnapshot(frame, named: "card-\(width)x\(height)")
    }

    @Test("a run whose test rows were looked at before says so")
    func lookedAt() {
        var state = Self.done()
        state.receive(
            EngineUpdate(
                events: [.tested(Evaluation(step: 2832, loss: 0.06, metrics: [21.9])), .state(.training)],
                progress: state.progress!))
        state.receive(
            EngineUpdate(
                events: [.tested(Evaluation(step: 2880, loss: 0.0592, metrics: [21.3])), .state(.done)],
                progress: state.progress!))
        let frame = render(state, size: Size(width: 80, height: 24), glyphs: .braille)
        expectSnapshot(frame, named: "card-looked-at-80x24")
    }

    @Test("a run without test rows has a dash for them")
    func untested() {
        let frame = render(Self.done(test: false), size: Size(width: 80, height: 24), glyphs: .braille)
        expectSnapshot(frame, named: "card-untested-80x24")
    }

    @Test("its keys are those of the dashboard")
    func keys() {
        var state = Self.done()
        #expect(state.view.overlay == .card(CardOverlay()))
        #expect(state.press(.character("w")) == [.send(.save, RequestID(1))])
        #expect(state.view.overlay == nil)
        var other = Self.done()
        #expect(other.press(.escape) == [])
        #expect(other.view.overlay == nil)
    }

    @Test("the demonstration ends with the best epoch and three ways on", arguments: [(80, 24), (44, 12)])
    func demonstration(width: Int, height: Int) {
        var state = FakeRun.state(after: 1715, opening: .demonstration)
        state.receive(EngineUpdate(events: [.state(.done)], progress: state.progress!))
        expectSnapshot(
            render(state, size: Size(width: width, height: height), glyphs: .braille),
            named: "card-demonstration-\(width)x\(height)")
    }

    @Test("a run that is nobody's first, and has no table to tell of, ends without it")
    func builtin() {
        var state = FakeRun.state(after: 1715)
        state.receive(EngineUpdate(events: [.state(.done)], progress: state.progress!))
        #expect(state.view.overlay == nil)
    }
}
