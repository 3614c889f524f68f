import Dashboard
import Testing

@Suite("How often frames are drawn")
struct FramePaceTests {
    @Test(
        "30 times a second, but for a hundredth of the time at most, and 10 times at least",
        arguments: [
            (0.0, 1.0 / 30), (0.00025, 1.0 / 30), (0.0005, 0.05), (0.00075, 0.075), (0.001, 0.1), (0.3, 0.1),
        ])
    func followsTheLastFrame(took: Double, interval: Double) {
        var pace = FramePace()
        #expect(pace.interval == 1.0 / 30)
        pace.drew(in: took)
        #expect(abs(pace.interval - interval) < 1e-12)
        pace.drew(in: 0)
        #expect(pace.interval == 1.0 / 30)
    }

    @Test("60 times a second while an answer is waited for, and as before after that")
    func answers() {
        var pace = FramePace()
        pace.drew(in: 0.001)
        pace.awaitAnswer()
        #expect(pace.interval == 1.0 / 60)
        pace.drew(in: 0.001)
        #expect(abs(pace.interval - 0.1) < 1e-12)
    }
}
