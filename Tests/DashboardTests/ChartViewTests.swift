import Canvas
import Testing
import TrainProtocol

@testable import Dashboard
@testable import RunModel

@Suite("Chart view")
struct ChartViewTests {
    @Test("A chart of the whole run ends with the plan, or with a half, a quarter, ... of a plan that is hardly begun")
    func horizon() {
        let chart = ChartView()
        func end(_ step: Int, of totalSteps: Int, stepsPerEpoch: Int = 343) -> Int {
            chart.window(step: step, totalSteps: totalSteps, stepsPerEpoch: stepsPerEpoch).upperBound
        }
        // The book's run of five epochs stands still from its first step.
        #expect(end(0, of: 1715) == 1715 && end(1000, of: 1715) == 1715)
        let plan = 343 * 1024
        #expect(
            [0, 700, 30_000, 100_000, plan].map { end($0, of: plan) } == [plan / 128, plan / 128, plan / 4, plan, plan])
        for step in stride(from: 1000, to: plan, by: 997) {
            let share = Double(step) / Double(end(step, of: plan))
            #expect(share > 0.249 && share <= 1)
        }
        #expect(end(0, of: 0, stepsPerEpoch: 0) == 2)
        #expect(end(5, of: .max, stepsPerEpoch: .max) == .max)
    }

    @Test("A closer look keeps its step in place, and looking back shows all of it again")
    func zoom() {
        var state = FakeRun.state(after: 1100)
        state.press(.character("1"), .left)
        let cursor = state.view.chart.cursor ?? 0
        func place() -> Double {
            Double(cursor - state.window.lowerBound) / Double(state.window.upperBound - state.window.lowerBound)
        }
        let before = place()
        state.press(.character("i"))
        #expect(state.window.count == 858 && abs(place() - before) < 0.01)
        state.press(.character("i"), .character("i"))
        #expect(state.window.count == 215 && abs(place() - before) < 0.02)
        state.press(.character("I"), .character("I"), .character("I"), .character("I"))
        #expect(state.view.chart.zoom == nil && state.window == 1...1715)
        for _ in 0..<20 { state.press(.character("i")) }
        #expect(state.window.count == 8 && state.window.contains(cursor))
        state.press(.character("0"))
        #expect(state.window == 1...1715)
    }

    @Test("The cursor takes a closer look along, to either end of the run")
    func pan() {
        var state = FakeRun.state(after: 1100)
        state.press(.character("1"), .character("i"), .character("i"), .home)
        #expect(state.window == 1...429 && state.view.chart.cursor == 1)
        state.press(.end)
        #expect(state.window == 672...1100)
        state.press(.shiftLeft)
        #expect(state.window == 672...1100 && state.view.chart.cursor == 1058)
    }

    @Test("The wheel looks more closely at what is under it")
    func wheel() throws {
        var state = FakeRun.state(after: 1100)
        let size = Size(width: 120, height: 36)
        let rect = try #require(Layout(size, state: state)?[.loss])
        for action in [MouseEvent.Action.wheelUp, .wheelUp, .wheelDown] {
            _ = update(&state, .mouse(MouseEvent(action, x: rect.x + 30, y: rect.y + 5), on: size))
        }
        #expect(state.window.count == 858)
    }

    @Test("m shows the next metric first, and the axis of each is its own")
    func metrics() {
        var state = FakeRun.state(after: 1100, FakeRun.threeMetrics)
        func titles(_ width: Int, _ height: Int) -> [String] {
            let text = render(state, size: Size(width: width, height: height), glyphs: .braille).snapshot
            return ["loss", "mean_absolute_error", "root_mean_squared_error", "r2_score"].filter {
                text.contains("─ \($0) ") || text.contains("━ \($0) ") || text.contains("─ 1 \($0) ")
            }
        }
        #expect(titles(120, 36) == ["loss"])
        #expect(titles(120, 50) == ["loss", "mean_absolute_error"])
        #expect(titles(200, 55).count == 4)
        state.press(.character("m"))
        #expect(titles(120, 36) == ["mean_absolute_error"])
        state.press(.character("m"), .character("m"), .character("m"))
        #expect(titles(120, 36) == ["loss"])
    }

    @Test("From zero means that zero is there")
    func fromZero() {
        var state = FakeRun.state(after: 1100)
        #expect((state.view.chart.ranges[.loss]?.lowerBound ?? 0) > 0)
        state.press(.character("y"))
        #expect(state.view.chart.ranges[.loss]?.lowerBound == 0)
        state.press(.character("y"), .character("y"))
        #expect(state.view.chart.axis == .fitted)
    }
}
