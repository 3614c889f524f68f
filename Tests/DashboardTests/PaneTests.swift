import Canvas
import CanvasTesting
import Testing
import TrainProtocol

@testable import Dashboard
@testable import RunModel

@Suite("Panes")
struct PaneTests {
    private let state = FakeRun.state(after: 1100, edit: (700, 0.005))

    @Test("Each pane fills a screen of 80 x 24", arguments: Panes.all.indices)
    func alone(index: Int) {
        let pane = Panes.all[index]
        var frame = Frame(Size(width: 80, height: 24))
        let state =
            switch pane.place {
            case .race, .difference: RaceTests.state()
            case .processes: Self.distributed
            case .output: Self.printing
            default: state
            }
        pane.draw(in: frame.bounds, on: &frame, state: state)
        expectSnapshot(frame, named: "pane-\(pane.place)-80x24")
    }

    @Test("Each pane in a corner too small for it draws what it can and nothing beyond its rectangle")
    func cramped() {
        var frame = Frame(Size(width: 26, height: Panes.all.count * 5 + 1))
        for (index, pane) in Panes.all.enumerated() {
            pane.draw(in: Rect(x: 1, y: 1 + index * 5, width: 24, height: 4), on: &frame, state: state)
        }
        expectSnapshot(frame, named: "panes-cramped")
        for y in 0..<frame.size.height {
            #expect(frame[0, y] == Cell())
            #expect(frame[25, y] == Cell())
            if y.isMultiple(of: 5) { #expect((0..<26).allSatisfy { frame[$0, y] == Cell() }) }
        }
    }

    @Test("The rate stands apart from the time that is left, at each width", arguments: 24...70)
    func timesStandApart(width: Int) throws {
        var state = state
        var progress = try #require(state.progress)
        progress.stepsPerSecond = 2960
        state.receive(EngineUpdate(progress: progress))
        var frame = Frame(Size(width: width, height: 5))
        ProgressPane().draw(in: frame.bounds, on: &frame, state: state)
        #expect(frame.text.firstMatch(of: /left[0-9]/) == nil, Comment(rawValue: frame.text))
    }

    /// A run on four processes, of which one is lost.
    private static let distributed: DashboardState = {
        var state = FakeRun.state(after: 1100)
        guard var progress = state.progress else { return state }
        progress.processes = [
            ProcessProgress(rank: 0, host: "gpu1", step: 1100), ProcessProgress(rank: 1, host: "gpu1", step: 1100),
            ProcessProgress(rank: 2, host: "gpu2", step: 1098),
            ProcessProgress(rank: 3, host: "a-computer-with-a-long-name.example.org", step: 1012, state: .lost),
        ]
        state.receive(EngineUpdate(progress: progress))
        return state
    }()

    /// A run whose command prints.
    private static let printing: DashboardState = {
        var state = FakeRun.state(after: 1100)
        guard let progress = state.progress else { return state }
        let lines = ["reading the data", "\u{1B}[2Jepoch 3: \u{202E}loss 0.5", "epoch 4:  20%|██        | 71/343"]
        state.receive(EngineUpdate(progress: progress, output: lines))
        return state
    }()

    @Test("A run whose command prints shows the last lines where there is room, or when they are asked for")
    func output() {
        var state = Self.printing
        expectSnapshot(render(state, size: Size(width: 120, height: 40), glyphs: .braille), named: "output-120x40")
        state.view.focus = .output
        state.view.isZoomed = true
        expectSnapshot(render(state, size: Size(width: 80, height: 24), glyphs: .braille), named: "output-80x24")
    }

    @Test("A run of several processes shows where each is", arguments: [(120, 40), (200, 55)])
    func processes(width: Int, height: Int) {
        let frame = render(Self.distributed, size: Size(width: width, height: height), glyphs: .braille)
        expectSnapshot(frame, named: "processes-\(width)x\(height)")
    }

    @Test("No rectangle is too small to be drawn into")
    func tiny() {
        for width in 0..<12 {
            for height in 0..<6 {
                for pane in Panes.all {
                    var frame = Frame(Size(width: 12, height: 6))
                    let rect = Rect(x: 0, y: 0, width: width, height: height)
                    pane.draw(in: rect, on: &frame, state: state)
                    frame.fill(rect)
                    #expect(frame == Frame(Size(width: 12, height: 6)), "\(pane.place) \(width) x \(height)")
                }
            }
        }
    }

    @Test("A run with several metrics shows the value of each", arguments: [(120, 30), (80, 24), (210, 40)])
    func severalMetrics(width: Int, height: Int) {
        var state = FakeRun.state(after: 1100, edit: (700, 0.005), FakeRun.twoMetrics)
        state.view.chart.cursor = 701
        let frame = render(state, size: Size(width: width, height: height), glyphs: .braille)
        expectSnapshot(frame, named: "two-metrics-\(width)x\(height)")
    }

    @Test("A run without validation and metrics says why there is none")
    func withoutValidation() {
        let bare = RunDescription(
            title: "tiny", model: "1 → 1", weights: 2, optimizer: "sgd", seed: 1, loss: "mean_squared_error",
            validation: .none(reason: "validation_fraction is 0"))
        let frame = render(FakeRun.state(bare), size: Size(width: 120, height: 30), glyphs: .braille)
        expectSnapshot(frame, named: "without-validation-120x30")
    }
}
