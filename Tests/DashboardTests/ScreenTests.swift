import Canvas
import CanvasTesting
import Testing
import TrainProtocol

@testable import Dashboard
@testable import RunModel

@Suite("Whole screens")
struct ScreenTests {
    private let running = FakeRun.state(after: 1100, edit: (700, 0.005))

    @Test(
        "A running training at every size",
        arguments: [
            (120, 36), (100, 30), (80, 24), (200, 55), (44, 12), (40, 16), (60, 20), (60, 40), (40, 10), (30, 8),
        ])
    func running(width: Int, height: Int) {
        expectSnapshot(
            render(running, size: Size(width: width, height: height), glyphs: .braille),
            named: "running-\(width)x\(height)")
    }

    @Test("Before the first news")
    func empty() {
        screen(FakeRun.state(warnings: ["theme 'neon' was not found; midnight is used"]), "empty-100x30", 100, 30)
    }

    @Test("A run that waits names the keys to begin with", arguments: [(120, 36), (80, 24), (44, 12)])
    func opening(width: Int, height: Int) {
        var state = FakeRun.state(opening: .demonstration)
        state.receive(EngineUpdate(events: [.state(.paused)], progress: state.progress!))
        screen(state, "opening-\(width)x\(height)", width, height)
    }

    @Test("Paused with an edit on its way")
    func paused() {
        var state = running
        state.receive(EngineUpdate(events: [.state(.paused)], progress: state.progress!))
        state.press(.character("-"))
        screen(state, "paused-100x30", 100, 30)
        screen(state, "paused-80x24", 80, 24)
    }

    @Test("Done")
    func done() {
        var state = FakeRun.state(after: 1715, edit: (700, 0.005))
        state.receive(EngineUpdate(events: [.state(.done)], progress: state.progress!))
        screen(state, "done-100x30", 100, 30)
        _ = update(&state, .tick(100))
        screen(state, "done-later-80x24", 80, 24)
    }

    @Test("Diverged")
    func diverged() {
        var state = FakeRun.state(after: 400)
        var progress = state.progress!
        progress.step = 401
        state.receive(
            EngineUpdate(
                events: [.state(.diverged(RunState.Divergence(step: 401, reason: "the loss is not a number")))],
                samples: [Sample(firstStep: 401, loss: Fold(.nan), metrics: MetricFolds([Fold(.nan)]))],
                recent: RecentLosses(lastStep: 401, losses: state.recent.losses + [.nan]), progress: progress))
        screen(state, "diverged-100x30", 100, 30)
    }

    @Test("Help")
    func help() {
        var state = running
        state.press(.character("?"))
        screen(state, "help-120x36", 120, 36)
        state.press(.down, .down)
        screen(state, "help-80x24", 80, 24)
    }

    @Test("Exact entry with a mistake")
    func entry() {
        var state = running
        state.press(.enter)
        state.type("abc")
        screen(state, "entry-mistake-80x24", 80, 24)
        state.press(.control("u"))
        state.type("*2", thenEnter: false)
        screen(state, "entry-preview-80x24", 80, 24)
    }

    @Test("Command line and the question before quitting")
    func dialogs() {
        var state = running
        state.press(.character(":"))
        state.type("epcohs +5")
        screen(state, "command-mistake-80x24", 80, 24)
        state.press(.escape, .character("q"))
        screen(state, "quit-80x24", 80, 24)
        screen(state, "quit-44x12", 44, 12)
        screen(state, "quit-30x8", 30, 8)
    }

    @Test("A zoomed chart with a cursor, logarithmic, counting epochs")
    func zoomed() {
        var state = running
        state.press(.character("1"), .enter, .character("y"), .character("x"), .shiftLeft)
        screen(state, "zoomed-chart-80x24", 80, 24)
    }

    @Test("Charts of a run with three metrics", arguments: [(120, 50), (200, 55)])
    func charts(width: Int, height: Int) {
        let state = FakeRun.state(after: 1100, edit: (700, 0.005), FakeRun.threeMetrics)
        screen(state, "charts-\(width)x\(height)", width, height)
    }

    @Test("Zoomed lists", arguments: ["2", "3", "4", "5"])
    func zoomedLists(key: Character) {
        var state = running
        state.press(.character(key))
        if !state.view.isZoomed { state.press(.character(key)) }
        screen(state, "zoomed-\(state.view.focus)-80x24", 80, 24)
    }

    @Test("A screen in ASCII holds nothing else")
    func ascii() {
        var state = running
        state.press(.character("-"))
        screen(state, "ascii-100x30", 100, 30, glyphs: .ascii)
        let frame = render(state, size: Size(width: 200, height: 55), glyphs: .ascii)
        #expect(frame.cells.allSatisfy { $0.character.isASCII })
    }

    @Test("No size and no glyphs can make drawing fail, and hostile names stay harmless")
    func survives() {
        let hostile = RunDescription(
            title: "\u{1B}[2Jstorms\n", model: String(repeating: "很", count: 300), weights: .max, optimizer: "",
            seed: .max, loss: "", metrics: [.init(name: "\u{1B}]0;x\u{07}", higherIsBetter: true)],
            validation: .none(reason: "\u{202E}none"))
        var states = [running, FakeRun.state(), FakeRun.state(hostile)]
        states[1].press(.character("?"))
        states.append(FakeRun.state())
        states[3].press(.character(":"))
        for state in states {
            for glyphs in GlyphSet.allCases {
                for (width, height) in [(0, 0), (1, 1), (39, 9), (40, 10), (41, 17), (96, 26), (160, 26), (300, 12)] {
                    let frame = render(state, size: Size(width: width, height: height), glyphs: glyphs)
                    #expect(frame.cells.count == width * height)
                    #expect(!frame.cells.contains { $0.character == "\u{1B}" || $0.character == "\u{202E}" })
                }
            }
        }
    }

    @Test("Numbers as large as they come are drawn, not trapped on")
    func huge() {
        var state = FakeRun.state()
        for value in [
            Double.greatestFiniteMagnitude, -.greatestFiniteMagnitude, .nan, .infinity, .leastNonzeroMagnitude,
        ] {
            let loss = Float(value)
            let news = EngineUpdate(
                events: [
                    .evaluated(Evaluation(step: 1, loss: value, metrics: [value])),
                    .epochEnded(EpochReport(epoch: 1, step: 1, meanLoss: value, metrics: [value])),
                    .edited(
                        Edit(number: 1, name: "learning_rate", old: .number(value), new: .number(value), step: 1)),
                    .edited(
                        Edit(
                            number: .max, name: "beta_1", old: 1, new: .number(value), over: .max, step: .max / 2)),
                    .lineage(
                        Lineage().forked(as: BranchID(.max), at: Moment(step: .max - 1, edits: 0)), redo: BranchID(.min)
                    ),
                    .moved(
                        Move(
                            .step, left: .first, leftStep: .max, branch: BranchID(.max), step: .max / 2)),
                    .planned(PlannedEdit(number: .min, name: "x", change: .times(value), step: .max)),
                    .twin(Twin(branch: BranchID(.max), withoutEdit: .max)),
                    .race(
                        Race(
                            name: "optimizer", old: nil,
                            entrants: [.init(branch: BranchID(0), value: .number(value), edit: nil)], step: .max / 2)),
                    .learningRatesTested(
                        LearningRateTest(
                            step: .max, horizon: .max, streams: .max, rates: [value, 1], changes: [value, value],
                            loss: value, range: value.isNaN ? nil : value...value, suggestion: value)),
                    .hit(.lossAbove(value), at: .max), .watching(Watch(breakpoints: [.step(.max), .lossBelow(value)])),
                ],
                samples: [Sample(firstStep: 1, loss: Fold(loss), metrics: MetricFolds([Fold(loss)]))],
                recent: RecentLosses(lastStep: 1, losses: [loss, 0]),
                progress: Progress(
                    step: .max / 2, epoch: 1, stepInEpoch: 1, stepsPerEpoch: .max / 2, epochs: 1 << 53, batchSize: 1,
                    rows: .max, meanLoss: value, metrics: [value], learningRate: value,
                    ramps: [RampProgress(name: "beta_1", value: value, target: value, stepsLeft: .max)], pace: value,
                    trainingSeconds: value, stepsPerSecond: value, expectedStepsPerSecond: value))
            state.receive(news)
            for key: Key in [
                .escape, .character("y"), .character("x"), .character("z"), .left, .end, .character("+"),
                .character("b"), .character("g"), .down, .enter,
            ] {
                state.press(key)
                for (width, height) in [(200, 55), (80, 24), (44, 12)] {
                    _ = render(state, size: Size(width: width, height: height), glyphs: .braille)
                }
            }
            #expect(!Summary(state).lines.isEmpty)
        }
    }

    private func screen(
        _ state: DashboardState, _ name: String, _ width: Int, _ height: Int, glyphs: GlyphSet = .braille
    ) {
        expectSnapshot(render(state, size: Size(width: width, height: height), glyphs: glyphs), named: name)
    }
}
