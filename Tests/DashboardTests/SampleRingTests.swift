import Testing
import TrainProtocol

@testable import RunModel

@Suite("SampleRing")
struct SampleRingTests {
    /// A sample of so many metrics, after those before it.
    private func sample(
        after former: Sample?, metrics: Int, using random: inout some RandomNumberGenerator
    ) -> Sample {
        let first = (former?.lastStep ?? Int.random(in: 0...5, using: &random)) + 1
        var loss = Fold()
        for _ in 0..<Int.random(in: 1...9, using: &random) { loss.add(.random(in: 0...1, using: &random)) }
        return Sample(
            firstStep: first, loss: loss, metrics: MetricFolds((0..<metrics).map { _ in loss }),
            learningRate: Bool.random(using: &random) ? 0.1 : nil)
    }

    @Test("Whatever is done to it, it holds what a plain list would hold", arguments: 0...3)
    func random(metrics: Int) {
        var random = SystemRandomNumberGenerator()
        for capacity in [2, 3, 8, 61, Int.max] {
            var ring = SampleRing(capacity: capacity)
            var list: [Sample] = []
            for _ in 0..<400 {
                switch Int.random(in: 0..<9, using: &random) {
                case 0 where !list.isEmpty:
                    let next = sample(after: list.last, metrics: metrics, using: &random)
                    ring.mergeIntoLast(next)
                    list[list.count - 1].merge(next)
                case 1:
                    let count = Int.random(in: 0...list.count, using: &random) / 2
                    ring.removeLast(count)
                    list.removeLast(count)
                case 2:
                    let (lower, upper) = (steps(list, using: &random), steps(list, using: &random))
                    let steps = min(lower, upper)...max(lower, upper)
                    let held = list.filter { $0.lastStep >= steps.lowerBound && $0.firstStep <= steps.upperBound }
                    #expect(Array(ring[...].holding(steps)) == held)
                    #expect(Array(ring[...].parts(of: steps)) == held.compactMap { $0.part(steps) })
                case 3:
                    let next = sample(after: list.last, metrics: metrics, using: &random)
                    let two: SampleRing = [next, sample(after: next, metrics: metrics, using: &random)]
                    ring.append(two)
                    list = (list + two).suffix(capacity)
                default:
                    let next = sample(after: list.last, metrics: metrics, using: &random)
                    ring.append(next)
                    list = (list + [next]).suffix(capacity)
                }
                #expect(Array(ring) == list)
            }
            for metric in [nil] + (0...3).map(Optional.init) {
                var folds: [Fold] = []
                ring[...].forEachFold(ofMetric: metric) { _, _, fold in folds.append(fold) }
                let expected = list.compactMap { sample in
                    metric.map { sample.metrics.indices.contains($0) ? sample.metrics[$0] : nil } ?? sample.loss
                }
                #expect(folds == expected)
            }
        }
    }

    private func steps(_ list: [Sample], using random: inout some RandomNumberGenerator) -> Int {
        Int.random(in: 0...(list.last?.lastStep ?? 0) + 2, using: &random)
    }

    @Test("Samples of fewer metrics have no values of the rest, whichever comes first")
    func fewerMetrics() {
        let none = Sample(firstStep: 1, loss: Fold(1))
        let two = Sample(firstStep: 2, loss: Fold(2), metrics: MetricFolds([Fold(3), Fold(4)]))
        let ring: SampleRing = [none, two, none]
        #expect(ring.map { $0.metrics.map(\.mean) } == [[nil, nil], [3, 4], [nil, nil]])
    }

    @Test("A copy changes by itself")
    func copies() {
        let ring: SampleRing = [Sample(firstStep: 1, loss: Fold(1)), Sample(firstStep: 2, loss: Fold(2))]
        var copy = ring
        copy.removeLast(1)
        copy.append(Sample(firstStep: 2, loss: Fold(3)))
        #expect(ring.map(\.loss.sum) == [1, 2])
        #expect(copy.map(\.loss.sum) == [1, 3])
    }
}
