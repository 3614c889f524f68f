import Testing

@testable import TrainEngine

@Suite("The pace of checkpoints")
struct CheckpointPaceTests {
    private static let second: UInt64 = 1_000_000_000

    /// Writes one when it is due, which takes so long here and so long at its writer's.
    @discardableResult
    private func write(_ pace: inout CheckpointPace, _ here: UInt64, _ there: UInt64) -> UInt64 {
        let due = pace.due
        pace.wrote(from: due, to: due + here)
        pace.settle(there)
        return due
    }

    @Test("grows from a fraction of a second to ten")
    func grows() {
        var pace = CheckpointPace(every: nil, now: 0)
        let times = (0..<8).map { _ in write(&pace, 1, 0) / 100_000_000 }
        #expect(times == [6, 12, 24, 48, 96, 192, 292, 392])
    }

    @Test("never costs more than a hundredth of the time since the start, where the first costs what its size tells")
    func cost() {
        for (bytes, cost) in [(0, 6_000_000), (500_000, 6_000_000), (25_000_000, 150_000_000)] as [(Int, UInt64)] {
            var pace = CheckpointPace(every: nil, now: 7, bytes: bytes)
            for count in 1...50 as ClosedRange<UInt64> {
                let due = write(&pace, cost / 3, 2 * cost / 3)
                #expect(100 * count * cost <= due - 7)
            }
        }
    }

    @Test("comes at least every 30 s where one costs up to 150 ms")
    func often() {
        var pace = CheckpointPace(every: nil, now: 0, bytes: 25_000_000)
        var last: UInt64 = 0
        for _ in 0..<50 {
            let due = write(&pace, 5_000_000, 140_000_000)
            #expect(due - last <= 30 * Self.second)
            last = due
        }
    }

    @Test("waits with the first of a large model, whose size tells what it costs at least")
    func large() {
        var pace = CheckpointPace(every: nil, now: 0, bytes: 25_000_000)
        #expect(pace.due == 15 * Self.second)
        write(&pace, 5_000_000, 0)
        #expect(pace.due == 30_005_000_000)
        #expect(CheckpointPace(every: 0.5, now: 0, bytes: 25_000_000).due == Self.second / 2)
    }

    @Test("is soon in a pause, in which nothing waits for it")
    func pause() {
        var pace = CheckpointPace(every: nil, now: 0)
        pace.wrote(from: Self.second, to: 2 * Self.second)
        pace.settle(Self.second)
        #expect(pace.dueInPause == 22 * Self.second && pace.due == 402 * Self.second)
    }

    @Test("is a person's where one is named")
    func fixed() {
        var pace = CheckpointPace(every: 0.5, now: 7)
        #expect(pace.due == 500_000_007)
        pace.wrote(from: Self.second, to: 3 * Self.second)
        pace.settle(Self.second)
        #expect(pace.due == 3_500_000_000)
    }
}
