import Canvas
import Testing
import TrainProtocol

@testable import Dashboard
@testable import RunModel

@Suite("update")
struct UpdateTests {
    private var state = FakeRun.state()

    private func news(_ events: Event..., samples: [Sample] = []) -> EngineUpdate {
        EngineUpdate(
            events: events, samples: samples,
            progress: Progress(
                step: 700, epoch: 3, stepInEpoch: 14, stepsPerEpoch: 343, epochs: 5, batchSize: 32, rows: 10_989,
                learningRate: 0.01, trainingSeconds: 3.5, stepsPerSecond: 200))
    }

    @Test("Keys that ask the engine for something do, under numbers that count up")
    mutating func requests() {
        let effects = state.press(
            .character(" "), .character("n"), .character("N"), .character("e"), .character("w"))
        #expect(
            effects == [
                .send(.pause, RequestID(1)), .send(.step(1), RequestID(2)), .send(.runEpoch, RequestID(3)),
                .send(.evaluate, RequestID(4)), .send(.save, RequestID(5)),
            ])
    }

    @Test("Space goes by the state to come: two quick presses pause and resume")
    mutating func space() {
        #expect(
            state.press(.character(" "), .character(" "), .character(" ")) == [
                .send(.pause, RequestID(1)), .send(.resume, RequestID(2)), .send(.pause, RequestID(3)),
            ])
        state.receive(
            news(
                .applied(RequestID(1), at: 9), .applied(RequestID(2), at: 9), .applied(RequestID(3), at: 9),
                .state(.paused)))
        #expect(state.press(.character(" ")) == [.send(.resume, RequestID(4))])
    }

    @Test(
        "Keys that change the selected hyperparameter",
        arguments: [("+", 0.02), ("=", 0.02), ("-", 0.005), ("]", 0.011), ("[", 0.009091)] as [(Character, Double)])
    mutating func scaling(key: Character, value: Double) {
        #expect(state.press(.character(key)) == [.send(.set("learning_rate", .number(value)), RequestID(1))])
    }

    @Test("An edit is pending until it is answered, and then stands in the log with its step")
    mutating func edit() {
        state.press(.character("-"))
        #expect(state.controls[0].value == 0.01)
        #expect(state.controls[0].pending == Requests.Pending(value: 0.005, request: RequestID(1)))
        #expect(state.log.entries == [])

        let edit = Edit(number: 1, name: "learning_rate", old: 0.01, new: 0.005, step: 700)
        state.receive(news(.edited(edit), .applied(RequestID(1), at: 700)))
        #expect(state.controls[0].value == 0.005)
        #expect(state.controls[0].pending == nil)
        #expect(state.requests.open.isEmpty)
        #expect(state.log.entries == [EventLog.Entry(step: 700, kind: .edit(edit, on: .first))])
    }

    @Test("A request that waits for its answer is told to wait, after a second and then each second")
    mutating func waiting() {
        _ = update(&state, .tick(10))
        state.press(.character("-"))
        #expect(state.requests.slowest(at: 10.5)?.seconds == nil)
        #expect(state.wakesAt == 11)
        _ = update(&state, .tick(52))
        #expect(state.requests.slowest(at: state.now)?.seconds == 42)
        #expect(state.wakesAt == 53)
        state.receive(news(.applied(RequestID(1), at: 700)))
        #expect(state.requests.slowest(at: state.now)?.seconds == nil && state.wakesAt == nil)
    }

    @Test("While a value is pending, further keys go on from it, and an early answer leaves the later one pending")
    mutating func editsInARow() {
        let effects = state.press(.character("-"), .character("-"))
        #expect(
            effects == [
                .send(.set("learning_rate", 0.005), RequestID(1)), .send(.set("learning_rate", 0.0025), RequestID(2)),
            ])
        state.receive(
            news(
                .applied(RequestID(1), at: 7),
                .edited(Edit(number: 1, name: "learning_rate", old: 0.01, new: 0.005, step: 7))))
        #expect(state.controls[0].value == 0.005)
        #expect(state.controls[0].pending == Requests.Pending(value: 0.0025, request: RequestID(2)))
    }

    @Test("A refusal by the engine restores the value and says why")
    mutating func refusal() {
        state.press(.character("+"))
        state.receive(news(.refused(RequestID(1), reason: "the schedule is fixed")))
        #expect(state.controls[0].value == 0.01)
        #expect(state.controls[0].pending == nil)
        #expect(state.view.notice?.text == "the schedule is fixed")
        #expect(state.log.entries == [])
    }

    @Test("A value out of range is refused here, with the reason, and nothing is sent")
    mutating func localRefusal() {
        state.view.selection = 4
        #expect(state.press(.character("+")) == [])
        #expect(state.view.notice?.text == "beta 1 must be less than 1")
        #expect(state.log.entries == [])
    }

    @Test("A zero that no factor changes is told so, a flag switches")
    mutating func zeroAndFlag() {
        state.view.selection = 6
        #expect(state.press(.character("+")) == [])
        #expect(state.view.notice?.text == "momentum is 0, which no factor changes; enter types a value")
        state.view.selection = 5
        #expect(state.press(.character("]")) == [.send(.set("nesterov", .flag(false)), RequestID(1))])
    }

    @Test("A change that the run made itself is in the log too")
    mutating func ownChange() {
        state.receive(news(.edited(Edit(number: 1, name: "batch_size", old: 32, new: 16, step: 3))))
        #expect(state.controls[1].value == 16)
        #expect(state.log.entries.count == 1)
    }

    @Test("Arrows and letters select, within bounds")
    mutating func selection() {
        state.press(.down, .character("j"), .down, .up, .character("k"))
        #expect(state.view.selection == 1)
        state.press(.up, .up, .up)
        #expect(state.view.selection == 0)
        state.press(.pageDown, .pageDown, .down)
        #expect(state.view.selection == state.controls.count - 1)
    }

    @Test("Slower and faster go along the ladder, f lifts the limit, and is then told that it is lifted")
    mutating func pace() {
        #expect(
            state.press(.character(">"), .character("<"), .character("<"), .character("f"), .character("f")) == [
                .send(.setPace(500), RequestID(1)), .send(.setPace(200), RequestID(2)),
                .send(.setPace(100), RequestID(3)), .send(.setPace(0), RequestID(4)),
            ])
        #expect(state.view.notice?.text == "already as fast as it goes")
    }

    @Test("Exact entry takes what is right and keeps what is wrong to be mended")
    mutating func entry() {
        state.press(.enter)
        #expect(state.type("3e-3") == [.send(.set("learning_rate", 0.003), RequestID(1))])
        #expect(state.view.overlay == nil)
        for (text, message) in [
            ("-1", "learning rate must be greater than 0"), ("abc", "abc is not a number"),
            ("nan", "learning rate must be a finite number"), ("inf", "learning rate must be a finite number"),
            ("/0", "learning rate must be a finite number"), ("0", "learning rate must be greater than 0"),
        ] {
            state.press(.enter)
            #expect(state.type(text) == [])
            #expect(state.view.overlay == .entry(EntryOverlay(control: 0, field: TextField(text), mistake: message)))
            state.press(.escape)
            #expect(state.view.overlay == nil)
        }
        state.press(.enter)
        #expect(state.type("/3") == [.send(.set("learning_rate", 0.001), RequestID(2))])
    }

    @Test("Tab and number keys focus; the same number and Enter zoom; Esc goes back and never quits")
    mutating func focus() {
        state.press(.tab)
        #expect(state.view.focus == .story)
        state.press(.tab, .backTab, .character("1"))
        #expect(state.view.focus == .loss)
        state.press(.enter)
        #expect(state.view.isZoomed)
        state.press(.character("1"), .character("1"), .left)
        #expect(state.view.isZoomed && state.view.chart.cursor != nil)
        #expect(state.press(.escape, .escape, .escape, .escape) == [])
        #expect(!state.view.isZoomed && state.view.chart.cursor == nil && state.view.focus == .loss)
    }

    @Test("y, s, x, z and t change how things look")
    mutating func looks() {
        #expect(
            state.press(.character("y"), .character("s"), .character("x"), .character("z"), .character("t")) == [
                .useTheme("paper")
            ])
        #expect(state.view.chart.axis == .fromZero)
        #expect(state.view.chart.smoothing == 0.99)
        #expect(state.view.chart.unit == .epoch)
        #expect(state.view.chart.span == .soFar)
        #expect(state.view.theme == "paper")
    }

    @Test("A theme that cannot be used leaves the one in use, says why, and t goes on behind it")
    mutating func refusedTheme() {
        state.press(.character("t"))
        let (former, tried) = (state.themes[0], state.themes[1])
        #expect(state.view.theme == tried)
        let why = "\(tried).toml:1:2: the line ends here"
        #expect(update(&state, .themeRefused(inUse: former, reason: why)) == [])
        #expect(state.view.theme == former)
        #expect(state.view.notice?.text == why)
        #expect(state.log.entries.last?.kind == .note(why, .warning))
        #expect(state.press(.character("t")) == [.useTheme(state.themes[2 % state.themes.count])])
    }

    @Test("Quitting asks; s saves first and waits for the answer")
    mutating func quit() {
        state.press(.character("q"))
        #expect(state.view.overlay == .quit(QuitOverlay()))
        state.press(.escape)
        #expect(state.view.overlay == nil)
        #expect(state.press(.character("q"), .character("q")) == [.quit(.chosen)])
        state.view.overlay = nil
        #expect(state.press(.character("q"), .down, .down, .enter) == [])
        #expect(state.press(.character("q"), .enter) == [.send(.save, RequestID(1))])
        let saved = news(.applied(RequestID(1), at: 700), .saved(path: "storms.safetensors", step: 700))
        #expect(update(&state, .update(saved)) == [.quit(.chosen)])
        #expect(state.run.saved == SavedWeights(path: "storms.safetensors", step: 700))
    }

    @Test("Quitting offers the best weights beside the last, where they are others and are kept")
    mutating func quitWithBest() {
        let best = 343
        state.receive(news(.evaluated(Evaluation(step: best, loss: 1, metrics: [0.9]))))
        #expect(state.step == 700)
        state.press(.character("q"))
        let drawn = render(state, size: Size(width: 100, height: 30), glyphs: .braille).snapshot
        #expect(drawn.contains("save the last @700 and quit"))
        #expect(drawn.contains("save the best @343 and quit"))
        #expect(state.press(.character("b")) == [.send(.saveBest, RequestID(1))])
        let saved = news(.applied(RequestID(1), at: 700), .saved(path: "storms.safetensors", step: best))
        #expect(update(&state, .update(saved)) == [.quit(.chosen)])
        state.view.overlay = nil
        // With a patience those that count are the best.
        _ = update(&state, .update(news(.watching(Watch(patience: 3)))))
        #expect(state.press(.character("q"), .character("b"), .escape) == [])
        let none = Capabilities(unavailable: [.saveBest: "no"])
        _ = update(&state, .update(news(.watching(Watch()), .capabilities(none))))
        #expect(state.press(.character("q"), .character("b")) == [])
    }

    @Test("Where saving fails nothing quits and the question comes again with the reason")
    mutating func quitWithoutSaving() {
        state.press(.character("q"), .character("s"))
        state.receive(news(.refused(RequestID(1), reason: "the disk is full")))
        #expect(state.view.overlay == .quit(QuitOverlay(problem: "the disk is full")))
    }

    @Test("Ctrl-C asks from anywhere, twice it quits at once")
    mutating func interrupt() {
        state.press(.character(":"), .control("c"))
        #expect(state.view.overlay == .quit(QuitOverlay()))
        #expect(state.press(.control("c")) == [.quit(.interrupted)])
    }

    @Test("A run that is done says so and sends nothing; one that diverged can go on")
    mutating func over() {
        state.receive(news(.state(.done)))
        #expect(state.press(.character(" "), .character("n"), .character("N")) == [])
        #expect(state.view.notice?.text == "the run is done   :epochs +5 goes on   q quits")
        state.press(.character(":"))
        #expect(state.type("epochs +5") == [.send(.set("epochs", 10), RequestID(1))])
        state.receive(news(.state(.diverged(RunState.Divergence(step: 7, reason: "the loss is nan")))))
        #expect(state.view.notice?.role == .bad)
        #expect(
            state.press(.character("-"), .character(" ")) == [
                .send(.set("learning_rate", 0.005), RequestID(2)), .send(.resume, RequestID(3)),
            ])
    }

    @Test("A notice fades with time and goes with the next key")
    mutating func notice() {
        _ = update(&state, .tick(10))
        _ = update(&state, .notice("theme gone"))
        _ = update(&state, .tick(10 + Notice.duration - 0.1))
        #expect(state.view.notice?.text == "theme gone")
        _ = update(&state, .tick(10 + Notice.duration))
        #expect(state.view.notice == nil)
        _ = update(&state, .notice("theme gone"))
        state.press(.up)
        #expect(state.view.notice == nil)
        #expect(state.log.entries.map(\.kind) == Array(repeating: .note("theme gone", .warning), count: 2))
    }

    @Test("Folded samples count every step, and the best one's step is found among the recent ones")
    mutating func folded() {
        var fold = Fold(3)
        for loss in [2, 0.5, 4] as [Float] { fold.add(loss) }
        var news = news(samples: [Sample(firstStep: 1, loss: fold, metrics: MetricFolds())])
        news.recent = RecentLosses(lastStep: 4, losses: [3, 2, 0.5, 4])
        state.receive(news)
        #expect(state.history.series.count == 4)
        #expect(state.history.bestLoss == History.Best(value: 0.5, step: 3, isExact: true))
    }

    @Test("An epoch and its evaluation are one line of the log, whichever comes first")
    mutating func milestone() {
        let report = EpochReport(epoch: 1, step: 343, meanLoss: 2, metrics: [1])
        let evaluation = Evaluation(step: 343, loss: 1.9, metrics: [0.9])
        let expected = EventLog.Milestone(first: report, epoch: report, evaluation: evaluation)
        var other = state
        state.receive(news(.epochEnded(report), .evaluated(evaluation)))
        other.receive(news(.evaluated(evaluation), .epochEnded(report)))
        #expect(state.log.entries == [EventLog.Entry(step: 343, kind: .milestone(expected))])
        #expect(other.log.entries == state.log.entries)
    }

    @Test("Epochs one after the other are one line of the log, so that many of them push no edit out of it")
    mutating func epochsInARow() {
        let edit = Edit(number: 1, name: "learning_rate", old: .number(0.01), new: .number(0.005), step: 400)
        var lineage = Lineage()
        func end(_ epoch: Int) -> [Event] {
            [
                .epochEnded(EpochReport(epoch: epoch, step: 343 * epoch, meanLoss: 2, metrics: [1])),
                .evaluated(Evaluation(step: 343 * epoch, loss: epoch == 2000 ? 1 : 1.9, metrics: [0.9])),
            ]
        }
        var events = end(1)
        lineage.append(edit)
        events += [.lineage(lineage, redo: nil), .edited(edit)]
        for epoch in 2...5000 { events += end(epoch) }
        state.receive(EngineUpdate(events: events, progress: state.progress!))
        #expect(state.log.entries.map(\.step) == [343, 400, 343 * 5000])
        #expect(state.log.entries[1].kind == .edit(edit, on: .first))
        let words = StoryLine(state, 2...2).rows(60, .braille).map { $0.map(\.text).joined() }
        #expect(words == ["epochs 2-5000  val 1.9000  best 1.0000 @686000"])
        state.receive(EngineUpdate(events: end(5000).suffix(1), progress: state.progress!))
        #expect(state.log.entries.count == 3)
    }

    @Test("The time left is reckoned with the rate that the engine expects")
    mutating func timeLeft() {
        var news = news()
        news.progress.expectedStepsPerSecond = 200
        state.receive(news)
        #expect(state.progress?.secondsLeft == 1015.0 / 200)
    }

    @Test("Without validation rows evaluating is told why not")
    func noValidation() {
        var state = FakeRun.state(
            RunDescription(title: "", validation: .none(reason: "validation_fraction is 0")))
        #expect(state.press(.character("e")) == [])
        #expect(state.view.notice?.text == "no validation: validation_fraction is 0")
    }

    @Test("Validation that a training tells without being asked has its rows, and its best can be gone back to")
    func toldValidation() {
        var state = FakeRun.state(after: 300, RunDescription(title: "", validation: .none(reason: "none is told")))
        func text() -> String { render(state, size: Size(width: 120, height: 30), glyphs: .braille).text }
        #expect(text().contains("no validation: none is told") && state.objection(to: .goToBest) != nil)
        state.receive(
            EngineUpdate(
                events: [.evaluated(Evaluation(step: 100, loss: 0.75, metrics: []))], progress: state.progress!))
        #expect(!text().contains("no validation") && text().contains("val loss") && text().contains("◇ validation"))
        #expect(state.objection(to: .goToBest) == nil)
    }

    @Test("Lists that grow with the run are bounded")
    mutating func bounded() {
        for step in 1...5000 {
            state.receive(
                news(.notice("n"), .evaluated(Evaluation(step: step, loss: 1 / Double(step), metrics: [1]))))
        }
        #expect(state.log.entries.count <= EventLog.capacity)
        #expect(state.log.entries.count + state.log.forgotten == 10_000)
        #expect(state.history.evaluations.elements.count <= 2048)
        #expect(state.history.evaluations.elements.last?.step == 5000)
        #expect(state.history.bestEvaluation?.step == 5000)
    }
}
