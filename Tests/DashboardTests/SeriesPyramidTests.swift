import Testing
import TrainProtocol

@testable import Dashboard
@testable import RunModel

@Suite("SeriesPyramid")
struct SeriesPyramidTests {
    private func sample(_ step: Int, _ loss: Float) -> Sample {
        Sample(firstStep: step, loss: Fold(loss), metrics: MetricFolds([Fold(loss * 2)]))
    }

    @Test("Nothing is lost: the whole run's stretches hold every step, and follow one another")
    func complete() {
        var pyramid = SeriesPyramid(capacity: 16)
        for step in 1...1000 { pyramid.append(sample(step, Float(step))) }
        let stretches = pyramid.samples(from: 1, through: 1000)
        #expect(stretches.map(\.loss.count).reduce(0, +) == 1000)
        #expect(stretches.map(\.loss.sum).reduce(0, +) == 500_500)
        #expect(stretches.map(\.metrics[0].sum).reduce(0, +) == 1_001_000)
        #expect(zip(stretches, stretches.dropFirst()).allSatisfy { $0.lastStep + 1 == $1.firstStep })
        #expect((8...16).contains(stretches.count))
        #expect(pyramid.count == 1000)
    }

    @Test("Of several metrics each is folded by itself, and the memory of a long run stays bounded")
    func severalMetrics() {
        var pyramid = SeriesPyramid(capacity: 16)
        for step in 1...5000 {
            let folds = [Fold(Float(step)), Fold(step == 1234 ? -7 : 2), Fold(3)]
            pyramid.append(Sample(firstStep: step, loss: Fold(1), metrics: MetricFolds(folds)))
        }
        let stretches = pyramid.samples(from: 1, through: 5000)
        #expect(stretches.count <= 16)
        #expect(
            (0..<3).map { metric in stretches.map(\.metrics[metric].sum).reduce(0, +) } == [12_502_500, 9991, 15_000])
        #expect(stretches.allSatisfy { $0.metrics.map(\.count) == Array(repeating: $0.steps, count: 3) })
        #expect(
            stretches.filter { $0.metrics[1].min == -7 }.map { ($0.firstStep...$0.lastStep).contains(1234) } == [true])
        #expect(pyramid.levels.allSatisfy { $0.samples.count <= 16 })
    }

    @Test("A spike of one step survives every fold")
    func spike() {
        var pyramid = SeriesPyramid(capacity: 16)
        for step in 1...5000 { pyramid.append(sample(step, step == 1234 ? 99 : 1)) }
        let stretches = pyramid.samples(from: 1, through: 5000)
        #expect(stretches.filter { $0.loss.max == 99 }.map { ($0.firstStep...$0.lastStep).contains(1234) } == [true])
    }

    @Test("A recent window comes from the finest level that reaches back to it")
    func finest() {
        var pyramid = SeriesPyramid(capacity: 16)
        for step in 1...1000 { pyramid.append(sample(step, 1)) }
        #expect(pyramid.samples(from: 990, through: 1000).map(\.loss.count) == Array(repeating: 1, count: 11))
        #expect(pyramid.samples(from: 975, through: 1000).map(\.loss.count).max() == 2)
    }

    @Test("Memory is bounded for a run of a million million steps that arrive folded")
    func bounded() {
        var pyramid = SeriesPyramid(capacity: 64)
        var step = 1
        for width in [1, 10_000_000] {
            for _ in 0..<100_000 {
                var fold = Fold(1)
                fold.count = width
                fold.sum = Double(width)
                pyramid.append(Sample(firstStep: step, loss: fold, metrics: MetricFolds()))
                step += width
            }
        }
        #expect(pyramid.count == 1_000_000_100_000)
        #expect(pyramid.levels.count <= SeriesPyramid.maximumLevels)
        #expect(pyramid.levels.allSatisfy { $0.samples.count <= 64 })
        let whole = pyramid.samples(from: 1, through: step)
        #expect(whole.map(\.loss.count).reduce(0, +) == pyramid.count)
    }

    @Test("A sample of no steps is no sample")
    func empty() {
        var pyramid = SeriesPyramid(capacity: 4)
        pyramid.append(Sample(firstStep: 1, loss: Fold(), metrics: MetricFolds()))
        #expect(pyramid == SeriesPyramid(capacity: 4))
        #expect(pyramid.samples(from: 1, through: 10).isEmpty)
    }

    @Test("What came after a step is cut off and given back; a stretch across the cut is shortened, its mean kept")
    func cut() {
        var pyramid = SeriesPyramid(capacity: 16)
        for step in 1...1000 { pyramid.append(sample(step, step > 768 ? 3 : 1)) }
        let removed = pyramid.removeSteps(after: 650)
        #expect(removed.first?.firstStep == 651 && removed.last?.lastStep == 1000)
        #expect(removed.map(\.loss.count).reduce(0, +) == 350)
        #expect(pyramid.count == 650)
        #expect(pyramid.lastStep == 650)
        #expect(pyramid.loss(from: 1, through: 1000).mean == 1)

        for step in 651...2000 { pyramid.append(sample(step, 5)) }
        let stretches = pyramid.samples(from: 1, through: 2000)
        #expect(stretches.map(\.loss.count).reduce(0, +) == 2000)
        #expect(zip(stretches, stretches.dropFirst()).allSatisfy { $0.lastStep + 1 == $1.firstStep })
        #expect(stretches.map(\.loss.sum).reduce(0, +) == 7400)
        #expect(pyramid.removeSteps(after: 0).map(\.loss.count).reduce(0, +) == 2000)
        #expect(pyramid.samples(from: 1, through: 2000).isEmpty)
    }
}
