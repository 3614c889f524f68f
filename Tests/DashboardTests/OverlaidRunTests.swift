import Canvas
import CanvasTesting
import Testing
import TrainProtocol

@testable import Dashboard
@testable import RunModel

/// Other runs under the one that is watched.
@Suite("Runs under a run")
struct OverlaidRunTests {
    /// A run that learnt faster, with epochs of another length.
    private static func run(
        _ name: String, factor: Float, stepsPerEpoch: Int, seconds: Double, isPaired: Bool = true
    ) -> OverlaidRun {
        var past = RunPast()
        for epoch in 1...5 {
            for part in 0..<20 {
                let first = (epoch - 1) * stepsPerEpoch + part * stepsPerEpoch / 20 + 1
                let last = (epoch - 1) * stepsPerEpoch + (part + 1) * stepsPerEpoch / 20
                var sample = Sample(
                    firstStep: first, loss: Fold(factor * (1 + 3 / Float(first))), metrics: MetricFolds(count: 1))
                sample.lastStep = last
                past.samples.append(sample)
            }
            let step = epoch * stepsPerEpoch
            past.epochs.append(
                EpochReport(epoch: epoch, step: step, meanLoss: Double(factor), metrics: [0.5], learningRate: 0.01))
            past.evaluations.append(Evaluation(step: step, loss: Double(factor) + 0.1 / Double(epoch), metrics: [0.5]))
        }
        return OverlaidRun(
            name: name, past: past, metrics: FakeRun.description.metrics, steps: 5 * stepsPerEpoch, seconds: seconds,
            isPaired: isPaired,
            differences: ["optimizer.learning_rate  0.002, here 0.01", "edit @700  batch_size 32 → 64"])
    }

    private var state: DashboardState {
        var state = FakeRun.state(after: 1100, edit: (700, 0.005))
        _ = update(&state, .overlaid(Self.run("faster", factor: 0.9, stepsPerEpoch: 343, seconds: 4)))
        _ = update(&state, .overlaid(Self.run("wide", factor: 1.3, stepsPerEpoch: 172, seconds: 9, isPaired: false)))
        _ = update(&state, .tick(60))
        return state
    }

    @Test("are drawn in pictures", arguments: [(80, 24), (120, 36), (160, 45)])
    func pictures(width: Int, height: Int) {
        var state = state
        let size = Size(width: width, height: height)
        expectSnapshot(render(state, size: size, glyphs: .braille), named: "overlaid-\(width)x\(height)")
        state.press(.character("o"))
        expectSnapshot(render(state, size: size, glyphs: .braille), named: "overlaid-table-\(width)x\(height)")
    }

    @Test("are aligned by steps, by epochs and by time")
    func alignment() throws {
        var state = state
        let wide = state.view.overlaid[1]
        #expect(state.steps(perStepOf: wide) == 1)
        state.press(.character("x"))
        #expect(state.steps(perStepOf: wide) == 343.0 / 172)
        state.press(.character("x"))
        let progress = try #require(state.progress)
        let own = progress.trainingSeconds / Double(progress.step)
        let scale = try #require(state.steps(perStepOf: wide))
        #expect(abs(scale - 9 / 860 / own) < 1e-9)
        #expect(ChartView.window(1...100, scale: 2) == 1...50)
        #expect(ChartView.window(50...100, scale: 0.5) == 100...200)
    }

    @Test("are told apart from the run by their validation, epoch by epoch")
    func differences() throws {
        let difference = try #require(EpochDifference([1: 1, 2: 2, 3: 4], less: [2: 1, 3: 2, 4: 9]))
        #expect(difference.mean == 1.5 && difference.epochs == 2 && difference.error == 0.5)
        #expect(EpochDifference([1: 1], less: [2: 1]) == nil)
        #expect(EpochDifference([1: 1], less: [1: 3])?.error == nil)
    }

    @Test("come and go by commands; the fifth takes the place of the first")
    mutating func commands() {
        var state = FakeRun.state(after: 400)
        state.press(.character(":"))
        state.type("overlay faster", thenEnter: false)
        #expect(state.press(.enter) == [.overlay("faster")])
        for name in ["a", "b", "c", "d", "e", "b"] {
            _ = update(&state, .overlaid(Self.run(name, factor: 1, stepsPerEpoch: 343, seconds: 1)))
        }
        #expect(state.view.overlaid.map(\.name) == ["c", "d", "e", "b"])
        state.press(.character(":"))
        state.type("overlay off")
        #expect(state.view.overlaid.isEmpty)
        state.press(.character(":"))
        state.type("note as it should be", thenEnter: false)
        #expect(state.press(.enter) == [.note("as it should be")])
    }
}
