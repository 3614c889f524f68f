import Testing

@testable import TrainEngine

@Suite("The guard against losses that run away")
struct LossGuardTests {
    private func explosion(_ losses: [Float]) -> Int? {
        var lossGuard = LossGuard()
        return lossGuard.explosion(among: losses, after: -1)
    }

    @Test("sees a loss a thousand times the best mean and ten times the first")
    func explodes() {
        #expect(explosion([38, 20, 10, 2e9]) == 3)
        #expect(explosion([1] + Array(repeating: 1, count: 100) + [1001]) == 101)
        #expect(explosion([1] + Array(repeating: 1, count: 100) + [999]) == nil)
        #expect(explosion([1] + Array(repeating: 1e-3, count: 500) + Array(repeating: 0.1, count: 500) + [11]) == 1001)
    }

    @Test("leaves alone what is large beside next to nothing, and slow ways up from a bad start")
    func harmless() {
        #expect(explosion([1] + Array(repeating: 1e-6, count: 1000) + [0.5, 1e-6, 5]) == nil)
        #expect(explosion([1e6, 1e5, 2e6, 5e6]) == nil)
    }

    @Test("knows the last step at which all was well")
    func sane() {
        var lossGuard = LossGuard()
        #expect(lossGuard.explosion(among: [1, 1, 1, 50, 400], after: 0) == nil)
        #expect(lossGuard.lastSaneStep == 3)
        lossGuard.reset()
        #expect(lossGuard.lastSaneStep == nil)
    }

    @Test("sees the same, however many losses come at once")
    func bursts() {
        let losses = (0..<200).map { Float(1 + $0 * 37 % 11) } + [20_000, 3, 4, 2e6, 5]
        var whole = LossGuard()
        #expect(whole.explosion(among: losses, after: 7) == 208)
        #expect(whole.explosion(among: losses[201...], after: 208) == 211)
        for burst in [1, 2, 3, 64] {
            var parts = LossGuard()
            var (next, explosions) = (0, [Int]())
            while next < losses.count {
                let part = losses[next..<min(next + burst, 204)]
                if part.isEmpty { break }
                if let step = parts.explosion(among: part, after: 7 + next) {
                    explosions.append(step)
                    next = step - 7
                } else {
                    next += part.count
                }
            }
            #expect(explosions == [208, 211])
            #expect(parts.seen == whole.seen)
        }
    }
}

@Suite("The stopwatch")
struct StopwatchTests {
    private let second: UInt64 = 1_000_000_000

    @Test("counts training and leaves pauses out")
    func pauses() {
        var watch = Stopwatch()
        watch.start(step: 0, now: 0)
        watch.tick(step: 100, now: second)
        watch.stop()
        #expect(watch.stepsPerSecond == nil && watch.rate == 100)
        watch.start(step: 100, now: 60 * second)
        watch.tick(step: 200, now: 61 * second)
        #expect(watch.seconds == 2)
        #expect(watch.stepsPerSecond == 100)
    }

    @Test("another pace makes the rate unknown until it is seen")
    func pace() {
        var watch = Stopwatch()
        watch.start(step: 0, now: 0)
        watch.tick(step: 1000, now: second)
        watch.forgetRate(step: 1000, now: second)
        #expect(watch.rate == nil)
        watch.tick(step: 1020, now: 2 * second)
        #expect(watch.rate == 20)
    }
}
