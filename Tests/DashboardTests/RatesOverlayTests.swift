import Canvas
import CanvasTesting
import Testing
import TrainProtocol

@testable import Dashboard
@testable import RunModel

@Suite("Learning rate test")
struct RatesOverlayTests {
    /// A loss that is flat, falls fastest at 3.2e-3, and runs away at 1.
    private let test: LearningRateTest = {
        let rates = (0..<240).map { index in
            (0..<index).reduce(1e-6) { rate, _ in rate * 1.0594630943592953 }
        }
        let losses = rates.map { rate in
            0.9 + 1.6 / (1 + rate / 0.0032) + (rate > 0.3 ? (rate - 0.3) * (rate - 0.3) * 30 : 0)
        }
        return LearningRateTest(
            step: 1204, rates: rates, losses: losses, steepest: 0.00316227766, suggestion: 0.00316227766,
            divergedAt: 1.04)
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
        #expect(adopting.press(.enter) == [.send(.set("learning_rate", 0.003162), RequestID(1))])
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

    @Test("No suggestion, no finite loss, no rates: it says so and draws what there is")
    func poor() {
        for (rates, losses) in [([], []), ([1e-6, 1e-5], [.nan, .infinity]), ([0, -1], [1, 2])]
            as [([Double], [Double])]
        {
            let test = LearningRateTest(
                step: .max, rates: rates, losses: losses, steepest: nil, suggestion: nil, divergedAt: nil)
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
