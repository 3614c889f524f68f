import Canvas
import CanvasTesting
import Testing
import TrainProtocol

@testable import Dashboard
@testable import RunModel

@Suite("Learning rate test")
struct RatesOverlayTests {
    /// Nothing is gained below 1e-4, most around 3.2e-2, and the loss runs away from 1 on.
    private let test: LearningRateTest = {
        let rates = [1e-4, 1.8e-4, 3.2e-4, 5.6e-4, 1e-3, 1.8e-3, 3.2e-3, 5.6e-3, 0.01, 0.018, 0.032, 0.056, 0.1, 0.18]
        let changes = rates.map { rate in -1.1 * rate / (rate + 0.002) + (rate > 0.05 ? (rate - 0.05) * 9 : 0) }
        return LearningRateTest(
            step: 1204, horizon: 256, streams: 5, rates: rates + [0.32, 0.56],
            changes: changes + [.infinity, .infinity],
            loss: 2.1, range: 0.02...0.06, suggestion: 0.02)
    }()

    private func state(_ test: LearningRateTest) -> DashboardState {
        var state = FakeRun.state(after: 1204)
        state.receive(EngineUpdate(events: [.learningRatesTested(test)], progress: state.progress!))
        return state
    }

    @Test("It opens when the test is done; Enter sets what is suggested, Esc leaves all as it is")
    func keys() {
        var adopting = state(test)
        #expect(adopting.view.overlay == .rates(RatesOverlay(test: test)))
        #expect(adopting.press(.enter) == [.send(.set("learning_rate", 0.02), RequestID(1))])
        #expect(adopting.view.overlay == nil)
        var leaving = state(test)
        #expect(leaving.press(.escape) == [])
        #expect(leaving.view.overlay == nil && leaving.controls[0].pending == nil)
    }

    @Test("It does not cover a question that is being answered")
    func patience() {
        var state = FakeRun.state(after: 10)
        state.press(.character("q"))
        state.receive(EngineUpdate(events: [.learningRatesTested(test)], progress: state.progress!))
        #expect(state.view.overlay == .quit(QuitOverlay()))
    }

    @Test("The picture", arguments: [(120, 36), (80, 24), (44, 12)])
    func picture(width: Int, height: Int) {
        let frame = render(state(test), size: Size(width: width, height: height), glyphs: .braille)
        expectSnapshot(frame, named: "rates-\(width)x\(height)")
    }

    @Test("The picture in ASCII")
    func ascii() {
        expectSnapshot(
            render(state(test), size: Size(width: 80, height: 24), glyphs: .ascii), named: "rates-ascii-80x24")
    }

    @Test("Where it is flat it says so, and small wiggles stay small", arguments: [(80, 24), (44, 12)])
    func flat(width: Int, height: Int) {
        let flat = LearningRateTest(
            step: 1204, horizon: 256, streams: 4, rates: test.rates, changes: test.rates.map { $0 / 100 - 0.001 },
            loss: 1, range: nil, suggestion: nil)
        let frame = render(state(flat), size: Size(width: width, height: height), glyphs: .braille)
        expectSnapshot(frame, named: "rates-flat-\(width)x\(height)")
    }

    @Test("No answer, no finite loss, no rates: it says so and draws what there is")
    func poor() {
        for (rates, changes) in [([], []), ([1e-6, 1e-5], [.nan, .infinity]), ([0, -1], [1, 2])]
            as [([Double], [Double])]
        {
            let test = LearningRateTest(
                step: .max, horizon: 256, streams: 4, rates: rates, changes: changes, loss: .nan, range: nil,
                suggestion: nil)
            var state = state(test)
            for glyphs in GlyphSet.allCases {
                for (width, height) in [(120, 36), (44, 12), (40, 10)] {
                    _ = render(state, size: Size(width: width, height: height), glyphs: glyphs)
                }
            }
            #expect(state.press(.enter) == [])
        }
    }
}
