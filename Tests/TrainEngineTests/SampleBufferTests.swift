import Testing
import TrainCore
import TrainProtocol

@testable import TrainEngine

@Suite("Samples on their way")
struct SampleBufferTests {
    private func buffer(of losses: some Sequence<Float>) -> SampleBuffer {
        var buffer = SampleBuffer()
        outcomes(losses).withUnsafeBufferPointer { buffer.append(firstStep: 1, $0) }
        return buffer
    }

    private func outcomes(_ losses: some Sequence<Float>) -> [StepOutcome] {
        losses.map { StepOutcome(loss: $0, mainLoss: $0, metric: -$0, learningRate: 0.1) }
    }

    @Test("a few steps stay single")
    func single() {
        #expect(
            buffer(of: [3, 1, 2]).samples == [
                Sample(firstStep: 1, loss: Fold(3), metrics: MetricFolds([Fold(-3)]), learningRate: 0.1),
                Sample(firstStep: 2, loss: Fold(1), metrics: MetricFolds([Fold(-1)]), learningRate: 0.1),
                Sample(firstStep: 3, loss: Fold(2), metrics: MetricFolds([Fold(-2)]), learningRate: 0.1),
            ])
    }

    @Test("too many are folded: none is lost, every spike shows, and the list stays short", arguments: [4097, 100_000])
    func folded(count: Int) {
        let buffer = buffer(of: (1...count).map { $0 == 777 ? 1000 : $0 == count - 5 ? -1000 : Float(1) })
        #expect(buffer.samples.count <= SampleBuffer.capacity)
        #expect(buffer.samples.reduce(0) { $0 + $1.loss.count } == count)
        #expect(zip(buffer.samples, buffer.samples.dropFirst()).allSatisfy { $0.lastStep + 1 == $1.firstStep })
        let spike = buffer.samples.first { $0.loss.max == 1000 }
        #expect(spike.map { $0.firstStep...$0.lastStep ~= 777 } == true)
        #expect(buffer.samples.contains { $0.loss.min == -1000 })
        #expect(buffer.samples.reduce(0) { $0 + $1.loss.sum } == Double(count - 2))
    }

    @Test("after many steps the next list begins as wide as the last one ended, after few with single ones")
    func cleared() {
        var buffer = buffer(of: (1...40_000).map { Float($0) })
        buffer.clear()
        #expect(buffer.samples.isEmpty)
        let steps = outcomes((1...40_000).map { Float($0) })
        steps.withUnsafeBufferPointer { buffer.append(firstStep: 40_001, $0) }
        #expect(buffer.samples.first?.lastStep == 40_064 && buffer.samples.count == 625)
        buffer.clear()
        steps[..<3].withUnsafeBufferPointer { buffer.append(firstStep: 80_001, $0) }
        #expect(buffer.samples.map(\.loss.count) == [3])
        buffer.clear()
        steps[..<3].withUnsafeBufferPointer { buffer.append(firstStep: 80_004, $0) }
        #expect(buffer.samples.map(\.loss.count) == [1, 1, 1])
    }

    @Test("a loss that is not finite counts and spoils nothing")
    func notFinite() {
        var fold = Fold(2)
        fold.add(.nan)
        fold.add(.infinity)
        #expect(fold.count == 3 && fold.notFinite == 2 && fold.mean == 2 && fold.max == 2)
    }

    @Test("the last steps come in order, whatever was before")
    func recent() {
        var ring = RecentRing()
        #expect(ring.losses == RecentLosses())
        outcomes((1...990).map { Float($0) }).withUnsafeBufferPointer { ring.append(firstStep: 1, $0) }
        outcomes((991...1000).map { Float($0) }).withUnsafeBufferPointer { ring.append(firstStep: 991, $0) }
        #expect(ring.losses == RecentLosses(lastStep: 1000, losses: (489...1000).map { Float($0) }))
    }

    @Test("the latest losses follow a run that goes back, with and without a word before")
    func recentAfterGoingBack() {
        var ring = RecentRing()
        outcomes((1...300).map { Float($0) }).withUnsafeBufferPointer { ring.append(firstStep: 1, $0) }
        ring.go(to: 100)
        #expect(ring.losses == RecentLosses(lastStep: 100, losses: (1...100).map { Float($0) }))
        outcomes([-101, -102]).withUnsafeBufferPointer { ring.append(firstStep: 101, $0) }
        #expect(ring.losses == RecentLosses(lastStep: 102, losses: (1...100).map { Float($0) } + [-101, -102]))
        outcomes([-3]).withUnsafeBufferPointer { ring.append(firstStep: 3, $0) }
        #expect(ring.losses == RecentLosses(lastStep: 3, losses: [1, 2, -3]))
        outcomes([9]).withUnsafeBufferPointer { ring.append(firstStep: 900, $0) }
        #expect(ring.losses == RecentLosses(lastStep: 900, losses: [9]))
    }
}
