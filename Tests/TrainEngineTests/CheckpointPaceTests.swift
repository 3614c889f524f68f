import Testing

@testable import TrainEngine

@Suite("The pace of checkpoints")
struct CheckpointPaceTests {
    @Test("grows from a fraction of a second to ten")
    func grows() {
        var pace = CheckpointPace(every: nil, now: 0)
        var times: [UInt64] = []
        for _ in 0..<9 {
            times.append(pace.due / 100_000_000)
            pace.wrote(from: pace.due, to: pace.due + 1)
        }
        #expect(times == [2, 4, 8, 16, 32, 64, 128, 228, 328])
    }

    @Test("never costs more than a hundredth of the time, in a pause neither")
    func cost() {
        var pace = CheckpointPace(every: nil, now: 0)
        pace.wrote(from: 0, to: 1_000_000_000)
        #expect(pace.due == 101_000_000_000)
        #expect(pace.dueInPause == 101_000_000_000)
    }

    @Test("waits with the first of a large model, and takes its size for its cost until that is known to be more")
    func large() {
        var pace = CheckpointPace(every: nil, now: 0, bytes: 25_000_000)
        #expect(pace.due == 15_000_000_000)
        pace.wrote(from: 15_000_000_000, to: 15_005_000_000)
        #expect(pace.due == 30_005_000_000)
        pace.wrote(from: 30_005_000_000, to: 30_205_000_000)
        #expect(pace.due == 50_205_000_000)
        #expect(CheckpointPace(every: 0.5, now: 0, bytes: 25_000_000).due == 500_000_000)
    }

    @Test("is a person's where one is named")
    func fixed() {
        var pace = CheckpointPace(every: 0.5, now: 7)
        #expect(pace.due == 500_000_007)
        pace.wrote(from: 1_000_000_000, to: 3_000_000_000)
        #expect(pace.due == 3_500_000_000)
    }
}
