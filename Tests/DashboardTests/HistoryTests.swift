import Testing
import TrainProtocol

@testable import Dashboard
@testable import RunModel

@Suite("History of branches")
struct HistoryTests {
    private var history = History(metrics: [.init(name: "mae", higherIsBetter: false)])

    private func samples(_ branch: Int, _ steps: ClosedRange<Int>, _ loss: Float) -> [Sample] {
        steps.map {
            Sample(branch: BranchID(branch), firstStep: $0, loss: Fold(loss), metrics: MetricFolds([Fold(loss)]))
        }
    }

    /// The lineages of all branches.
    private var lineages: [Int: Lineage] = [1: Lineage()]

    private mutating func fork(_ id: Int, of parent: Int, at step: Int) {
        let lineage = (lineages[parent] ?? Lineage()).forked(as: BranchID(id), at: Moment(step: step, edits: 0))
        lineages[id] = lineage
        history.begin(lineage)
    }

    private mutating func go(to branch: Int) {
        history.go(to: lineages[branch] ?? Lineage(BranchID(branch)))
    }

    /// Means of ten steps each, as the lineage has them.
    private var means: [Double] {
        stride(from: 1, through: 110, by: 10).map { history.series.loss(from: $0, through: $0 + 9).mean ?? 0 }
    }

    @Test("An undo goes on from its step; what it left lies aside, and a redo brings it back as it was")
    mutating func undoAndRedo() {
        history.append(samples(1, 1...100, 1), recent: nil)
        let before = Array(history.series.samples(from: 1, through: 100))
        fork(2, of: 1, at: 60)
        go(to: 2)
        #expect(history.series.lastStep == 60)
        #expect(history.branches[.first]?.samples == SampleRing(samples(1, 61...100, 1)))
        #expect(history.abandoned == [.first])

        history.append(samples(2, 61...80, 2), recent: nil)
        #expect(means == [1, 1, 1, 1, 1, 1, 2, 2, 0, 0, 0])
        go(to: 1)
        #expect(Array(history.series.samples(from: 1, through: 100)) == before)
        #expect(history.branches[BranchID(2)]?.samples == SampleRing(samples(2, 61...80, 2)))
        #expect(history.abandoned == [BranchID(2)])
        #expect(history.lineage == Lineage())
    }

    @Test("Two undos, one behind the other: every branch keeps its own steps, and each can be gone back to")
    mutating func undoTwice() {
        history.append(samples(1, 1...100, 1), recent: nil)
        fork(2, of: 1, at: 60)
        go(to: 2)
        history.append(samples(2, 61...80, 2), recent: nil)
        fork(3, of: 2, at: 30)
        go(to: 3)
        history.append(samples(3, 31...50, 3), recent: nil)
        #expect(means == [1, 1, 1, 3, 3, 0, 0, 0, 0, 0, 0])
        #expect(history.branches[.first]?.samples == SampleRing(samples(1, 31...100, 1)))
        go(to: 2)
        #expect(means == [1, 1, 1, 1, 1, 1, 2, 2, 0, 0, 0])
        go(to: 1)
        #expect(means == [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0])
        #expect(Set(history.abandoned) == [BranchID(2), BranchID(3)])
        let kept = history.branches.values.flatMap(\.samples).map(\.loss.count).reduce(history.series.count, +)
        #expect(kept == 100 + 20 + 20)
    }

    @Test("The best shown are those of the lineage")
    mutating func best() {
        history.append(samples(1, 1...60, 2) + samples(1, 61...100, 1), recent: nil)
        history.append(Evaluation(step: 50, loss: 2.5, metrics: [0.5]))
        history.append(Evaluation(step: 100, loss: 1.5, metrics: [0.3]))
        fork(2, of: 1, at: 60)
        go(to: 2)
        #expect(history.bestLoss == History.Best(value: 2, step: 1, isExact: true))
        #expect(history.bestEvaluation == Evaluation(step: 50, loss: 2.5, metrics: [0.5]))
        #expect(history.bestMetrics == [0.5])
        #expect(history.evaluations.elements.map(\.step) == [50])
        go(to: 1)
        #expect(history.bestLoss == History.Best(value: 1, step: 61, isExact: true))
        #expect(history.bestEvaluation?.step == 100)
        #expect(history.bestMetrics == [0.3])
    }

    @Test("Abandoned branches are bounded, in number and in size, and every step of a long one counts")
    mutating func bounded() {
        history.append(samples(1, 1...10, 1), recent: nil)
        for id in 2...100 {
            fork(id, of: id - 1, at: 10)
            go(to: id)
            history.append(samples(id, 11...20, 1), recent: nil)
        }
        #expect(history.abandoned.count == History.mostAbandoned)
        #expect(history.branches.count == History.mostAbandoned)
        #expect(history.abandoned.last == BranchID(99))

        fork(200, of: 100, at: 10)
        history.append(samples(200, 11...10_010, 1), recent: nil)
        let aside = history.branches[BranchID(200)]
        #expect(aside?.samples.count ?? .max <= BranchHistory.capacity)
        #expect(aside?.samples.map(\.loss.count).reduce(0, +) == 10_000)
    }

    @Test("Steps of huge numbers and moves to nowhere neither trap nor stick")
    mutating func huge() {
        var fold = Fold(1)
        fold.count = .max / 2
        history.append([Sample(firstStep: 1, loss: fold, metrics: MetricFolds([fold]))], recent: nil)
        fork(2, of: 7, at: .max - 1)
        go(to: 2)
        fork(9, of: 2, at: 1000)
        go(to: 9)
        #expect(history.series.lastStep == 1000)
        go(to: 1)
        fork(3, of: 1, at: 0)
        go(to: 3)
        #expect(history.series.count == 0)
    }
}
