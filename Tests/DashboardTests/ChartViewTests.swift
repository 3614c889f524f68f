import Testing

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
}
