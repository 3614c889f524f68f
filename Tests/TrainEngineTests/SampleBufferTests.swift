import Testing
import TrainCore
import TrainProtocol

@testable import TrainEngine

@Suite("Samples on their way")
struct SampleBufferTests {
    private func buffer(of losses: some Sequence<Float>) -> SampleBuffer {
        var buffer = SampleBuffer(metricCount: 2)
        buffer.append(firstStep: 1, steps(losses))
        return buffer
    }

    /// Steps with two metrics: less the loss, and twice the loss.
    private func steps(_ losses: some Sequence<Float>) -> StepBuffer {
        let losses = Array(losses)
        let steps = StepBuffer(capacity: losses.count, metricCount: 2)
        for loss in losses {
            steps.append(StepOutcome(loss: loss, mainLoss: loss, learningRate: 0.1), metrics: [-loss, 2 * loss])
        }
        return steps
    }

    @Test("a few steps stay single")
    func single() {
        #expect(
            buffer(of: [3, 1, 2]).samples == [
                Sample(firstStep: 1, loss: Fold(3), metrics: MetricFolds([Fold(-3), Fold(6)]), learningRate: 0.1),
                Sample(firstStep: 2, loss: Fold(1), metrics: MetricFolds([Fold(-1), Fold(2)]), learningRate: 0.1),
                Sample(firstStep: 3, loss: Fold(2), metrics: MetricFolds([Fold(-2), Fold(4)]), learningRate: 0.1),
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
        #expect(buffer.samples.allSatisfy { $0.metrics.map(\.count) == [$0.loss.count, $0.loss.count] })
        #expect(spike?.metrics[0].min == -1000 && spike?.metrics[1].max == 2000)
        #expect(buffer.samples.reduce(0) { $0 + $1.metrics[0].sum } == -Double(count - 2))
        #expect(buffer.samples.reduce(0) { $0 + $1.metrics[1].sum } == 2 * Double(count - 2))
    }

    @Test("after many steps the next list begins as wide as the last one ended, after few with single ones")
    func cleared() {
        var buffer = buffer(of: (1...40_000).map { Float($0) })
        buffer.clear()
        #expect(buffer.samples.isEmpty)
        buffer.append(firstStep: 40_001, steps((1...40_000).map { Float($0) }))
        #expect(buffer.samples.first?.lastStep == 40_064 && buffer.samples.count == 313)
        buffer.clear()
        buffer.append(firstStep: 80_001, steps([1, 2, 3]))
        #expect(buffer.samples.map(\.loss.count) == [3])
        buffer.clear()
        buffer.append(firstStep: 80_004, steps([1, 2, 3]))
        #expect(buffer.samples.map(\.loss.count) == [1, 1, 1])
    }

    @Test("in whatever pieces they come, steps are folded the same way, each metric by itself", arguments: [0, 1, 3])
    func pieces(metricCount: Int) {
        var values = [[Float]]()
        for step in 1...5000 { values.append((0..<metricCount).map { Float((step * 37 + $0 * 11) % 101) - 50 }) }
        func buffer(pieces: [Int]) -> SampleBuffer {
            var (buffer, next, piece) = (SampleBuffer(branch: BranchID(3), metricCount: metricCount), 0, 0)
            while next < values.count {
                let end = min(values.count, next + pieces[piece % pieces.count])
                let steps = StepBuffer(capacity: end - next, metricCount: metricCount)
                for index in next..<end {
                    let outcome = StepOutcome(
                        loss: Float(index), mainLoss: 0, learningRate: 1 / Float(index + 1))
                    steps.append(outcome, metrics: values[index])
                }
                buffer.append(firstStep: next + 1, steps)
                (next, piece) = (end, piece + 1)
            }
            return buffer
        }
        let samples = buffer(pieces: [5000]).samples
        for pieces in [[1], [1, 2, 3, 5, 7], [1000, 23]] { #expect(buffer(pieces: pieces).samples == samples) }
        for sample in samples {
            var expected = Sample(branch: BranchID(3), firstStep: sample.firstStep, loss: Fold())
            expected.metrics = MetricFolds(count: metricCount)
            for step in sample.firstStep...sample.lastStep {
                expected.loss.add(Float(step - 1))
                for metric in 0..<metricCount { expected.metrics.add(values[step - 1][metric], at: metric) }
                (expected.lastStep, expected.learningRate) = (step, 1 / Float(step))
            }
            #expect(sample == expected)
        }
    }

    @Test("a metric without a value on a batch is not counted there, and spoils no other one")
    func noValue() {
        let steps = StepBuffer(capacity: 2, metricCount: 2)
        for values in [[Float.nan, 1], [2, .infinity]] as [[Float]] {
            steps.append(StepOutcome(loss: 1, mainLoss: 1, learningRate: 0.1), metrics: values)
        }
        var buffer = SampleBuffer(metricCount: 2)
        buffer.append(firstStep: 1, steps)
        #expect(buffer.samples.map { $0.metrics.map(\.count) } == [[0, 1], [1, 1]])
        #expect(buffer.samples.map { $0.metrics.map(\.mean) } == [[nil, 1], [2, nil]])
    }

    @Test("a loss that is not finite counts and spoils nothing")
    func notFinite() {
        var fold = Fold(2)
        fold.add(.nan)
        fold.add(.infinity)
        #expect(fold.count == 3 && fold.notFinite == 2 && fold.mean == 2 && fold.max == 2)
    }

    private func append(firstStep: Int, _ losses: some Sequence<Float>, to ring: inout RecentRing) {
        let steps = steps(losses)
        ring.append(firstStep: firstStep, steps.outcomes)
    }

    @Test("the last steps come in order, whatever was before")
    func recent() {
        var ring = RecentRing()
        #expect(ring.losses == RecentLosses())
        append(firstStep: 1, (1...990).map { Float($0) }, to: &ring)
        append(firstStep: 991, (991...1000).map { Float($0) }, to: &ring)
        #expect(ring.losses == RecentLosses(lastStep: 1000, losses: (489...1000).map { Float($0) }))
    }

    @Test("the last steps come in order in pieces of any length", arguments: [1, 7, 100, 511, 512, 513, 700])
    func recentInPieces(length: Int) {
        var ring = RecentRing()
        for first in stride(from: 1, to: 2000, by: length) {
            let last = first + length - 1
            append(firstStep: first, (first...last).map { Float($0) }, to: &ring)
            let kept = (max(1, last - 511)...last).map { Float($0) }
            #expect(ring.losses == RecentLosses(lastStep: last, losses: kept))
        }
    }

    @Test("the latest losses follow a run that goes back, with and without a word before")
    func recentAfterGoingBack() {
        var ring = RecentRing()
        append(firstStep: 1, (1...300).map { Float($0) }, to: &ring)
        ring.go(to: 100)
        #expect(ring.losses == RecentLosses(lastStep: 100, losses: (1...100).map { Float($0) }))
        append(firstStep: 101, [-101, -102], to: &ring)
        #expect(ring.losses == RecentLosses(lastStep: 102, losses: (1...100).map { Float($0) } + [-101, -102]))
        append(firstStep: 3, [-3], to: &ring)
        #expect(ring.losses == RecentLosses(lastStep: 3, losses: [1, 2, -3]))
        append(firstStep: 900, [9], to: &ring)
        #expect(ring.losses == RecentLosses(lastStep: 900, losses: [9]))
    }
}
