import Canvas
import CanvasTesting
import Testing
import TrainProtocol

@testable import Dashboard
@testable import RunModel

@Suite("Races")
struct RaceTests {
    private static let race = Race(
        name: "learning_rate", old: 0.01,
        entrants: [(2, 0.003, 1), (3, 0.01, nil), (4, 0.03, 2)].map {
            .init(branch: BranchID($0.0), value: .number($0.1), edit: $0.2)
        }, step: 700)

    private static func lineage(of entrant: Race.Entrant, in race: Race) -> Lineage {
        var lineage = Lineage().forked(as: entrant.branch, at: Moment(step: race.step, edits: 0))
        for edit in race.edits(of: entrant) { lineage.append(edit) }
        return lineage
    }

    /// A race from step 700 to 960, the third entrant of which diverges at step 820.
    static func state(
        _ race: Race = race, through last: Int = 960, before: DashboardState = FakeRun.state(after: 700)
    ) -> DashboardState {
        var state = before
        var events: [Event] = race.entrants.map {
            .branched(Self.lineage(of: $0, in: race))
        }
        events += [.race(race), .state(.racing)]
        var samples: [Sample] = []
        var others: [BranchProgress] = []
        for (index, entrant) in race.entrants.enumerated() {
            let isDiverging = index == 2
            let tip = isDiverging ? min(last, 820) : last
            for step in race.step + 1...tip {
                let time = Double(step - race.step)
                let level =
                    isDiverging
                    ? 1.2 + time * time / 800 : 1.12 + Double(index) * 0.25 - time / (1500 + 900 * Double(index))
                let loss = Float(level + 0.3 * (Double(step * 7919 % 101) / 101 - 0.5))
                samples.append(
                    Sample(
                        branch: entrant.branch, firstStep: step, loss: Fold(loss),
                        metrics: MetricFolds([Fold(loss * 0.64)])))
            }
            others.append(
                BranchProgress(
                    branch: entrant.branch, step: tip, meanLoss: 1, stepsPerSecond: isDiverging ? nil : 180,
                    divergence: isDiverging ? "the loss is nan at step 821" : nil))
        }
        for entrant in race.entrants.prefix(2) {
            events.append(
                .evaluated(
                    Evaluation(
                        branch: entrant.branch, step: 900, loss: 1 + (entrant.values[0].number ?? 0), metrics: [0.6])
                ))
        }
        state.receive(EngineUpdate(events: events, samples: samples, progress: state.progress!, others: others))
        return state
    }

    @Test("Who has the lower loss stands first, whoever diverged last")
    func standings() {
        let board = Self.state().standings
        #expect(board.map(\.place) == [1, 2, 3])
        #expect(board.map(\.validation) == [1.003, 1.01, nil])
        #expect(board.map(\.divergence) == [nil, nil, "the loss is nan at step 821"])
        #expect(board[0].loss! < board[1].loss!)
        #expect(board.map(\.stepsPerSecond) == [180, 180, nil])
    }

    @Test("A race whose entrants are all at the end, or out, says that it is over, and offers no way on but its own")
    func over() {
        func told(complete: Bool) -> DashboardState {
            var state = Self.state()
            let others = state.others.values.map { other in
                var other = other
                other.isComplete = complete && other.divergence == nil
                return other
            }
            state.receive(EngineUpdate(events: [.state(.paused)], progress: state.progress!, others: others))
            return state
        }
        #expect(told(complete: false).stateWord.word == "PAUSED")
        var state = told(complete: true)
        #expect(state.stateWord.word == "RACE OVER")
        let small = render(state, size: Size(width: 30, height: 8), glyphs: .braille).snapshot
        #expect(small.contains("the race is over   q quits"))
        #expect(state.press(.character(" ")).isEmpty)
        #expect(state.view.notice?.text == "the race is over: enter adopts, esc ends it")
        let hints = KeyTable.runKeys.compactMap { $0.hint(in: state)?.word }
        #expect(!hints.contains("resume") && !hints.contains("start"))
        #expect(state.press(.enter) == [.send(.adopt(BranchID(2)), RequestID(1))])
    }

    @Test("Up and down select, Enter adopts, Esc ends the race, space pauses it")
    func keys() {
        var state = Self.state()
        #expect(state.stateWord.word == "RACING")
        #expect(
            state.press(.character(" "), .enter, .down, .enter, .down, .down, .up, .character("k"), .enter, .escape)
                == [
                    .send(.pause, RequestID(1)), .send(.adopt(BranchID(2)), RequestID(2)),
                    .send(.adopt(BranchID(3)), RequestID(3)), .send(.adopt(BranchID(2)), RequestID(4)),
                    .send(.endRace, RequestID(5)),
                ])
    }

    @Test("Esc goes back from what is nearer first: the cursor, the zoom")
    func escape() {
        var state = Self.state()
        state.press(.character("1"), .character("1"), .left)
        #expect(state.press(.escape, .escape) == [])
        #expect(state.press(.escape) == [.send(.endRace, RequestID(1))])
    }

    @Test("The selection stays with an entrant though the order changes")
    func selection() {
        var state = Self.state()
        state.press(.down)
        let better = (961...1300).map { step in
            Sample(branch: BranchID(3), firstStep: step, loss: Fold(0.1), metrics: MetricFolds())
        }
        let same = (961...1300).map { step in
            Sample(branch: BranchID(2), firstStep: step, loss: Fold(1), metrics: MetricFolds())
        }
        state.receive(
            EngineUpdate(samples: better + same, progress: state.progress!, others: Array(state.others.values)))
        #expect(state.standings.map(\.place) == [2, 1, 3])
        #expect(state.selectedEntrant?.branch == BranchID(3))
    }

    @Test("Adopting goes on along the entrant's curve; the others stay as abandoned branches")
    func adoption() {
        var state = Self.state()
        let move = Move(
            .adoption, left: .first, leftStep: 700, branch: BranchID(2), step: 960)
        let lineage = Self.lineage(of: Self.race.entrants[0], in: Self.race)
        var progress = state.progress!
        progress.step = 960
        state.receive(
            EngineUpdate(
                events: [.lineage(lineage, redo: nil), .moved(move), .race(nil), .state(.training)], progress: progress)
        )
        #expect(state.history.series.lastStep == 960)
        #expect(state.history.abandoned == [BranchID(3), BranchID(4)])
        #expect(state.view.notice?.text == "adopted learning rate 0.003 at step 960")
        #expect(state.race == nil && state.history.evaluations.elements.last?.loss == 1.003)
    }

    @Test("b races the selected hyperparameter at half, the same and twice")
    func fork() {
        var state = FakeRun.state(after: 10)
        #expect(state.press(.character("b")) == [.send(.race("learning_rate", [0.005, 0.01, 0.02]), RequestID(1))])
        state.press(.down)
        #expect(state.press(.character("b")) == [.send(.race("batch_size", [16, 32, 64]), RequestID(2))])
        state.press(.pageDown)
        #expect(state.press(.character("b")) == [])
        #expect(state.view.notice?.text == "epochs has no part in what is learnt: there is nothing to race")
    }

    @Test("The leader board leaves the chart in sight", arguments: [(120, 36), (80, 24), (200, 50), (44, 12)])
    func picture(width: Int, height: Int) {
        let frame = render(Self.state(), size: Size(width: width, height: height), glyphs: .braille)
        expectSnapshot(frame, named: "race-\(width)x\(height)")
    }

    @Test("In ASCII the entrants' lines are made of their digits")
    func ascii() {
        let frame = render(Self.state(), size: Size(width: 100, height: 30), glyphs: .ascii)
        expectSnapshot(frame, named: "race-ascii-100x30")
    }

    /// Sixteen of a grid, of which the worse half was dropped at step 1,000.
    static let grid: DashboardState = {
        let rates = (0..<8).map { 0.002 * Double($0 + 1) }
        let entrants = (0..<16).map { index in
            Race.Entrant(
                branch: BranchID(index + 2),
                values: [.number(rates[index / 2]), .number(index.isMultiple(of: 2) ? 16 : 32)],
                edits: [index / 2 == 4 ? nil : 2 * index + 1, index.isMultiple(of: 2) ? 2 * index + 2 : nil])
        }
        let race = Race(
            settings: [.init(name: "learning_rate", old: 0.01), .init(name: "batch_size", old: 32)], entrants: entrants,
            step: 700, halvesEvery: 300)
        var state = FakeRun.state(after: 700)
        var samples: [Sample] = []
        var others: [BranchProgress] = []
        for (index, entrant) in entrants.enumerated() {
            let isOut = index % 4 > 1
            let tip = isOut ? 1000 : 1100
            for step in 701...tip {
                let time = Double(step - 700)
                let level = 1 + 0.2 / (1 + time / 60) + 0.004 * Double(index) + (isOut ? 0.1 : 0)
                let loss = Float(level + 0.3 * (Double(step * 7919 % 101) / 101 - 0.5))
                samples.append(Sample(branch: entrant.branch, firstStep: step, loss: Fold(loss)))
            }
            others.append(
                BranchProgress(
                    branch: entrant.branch, step: tip, stepsPerSecond: isOut ? nil : 180, droppedAt: isOut ? 1000 : nil)
            )
        }
        state.receive(
            EngineUpdate(
                events: entrants.map { .branched(lineage(of: $0, in: race)) } + [.race(race), .state(.racing)],
                samples: samples, progress: state.progress!, others: others))
        return state
    }()

    @Test("Sixteen of a grid: those in the race first, each with its sparkline, those that were dropped below them")
    func sixteen() {
        let board = Self.grid.standings
        #expect(board.map(\.name) == ["1", "2", "5", "6", "9", "a", "d", "e", "3", "4", "7", "8", "b", "c", "f", "g"])
        #expect(board.prefix(8).allSatisfy(\.isRacing) && board.suffix(8).allSatisfy { $0.droppedAt == 1000 })
        for (width, height) in [(120, 36), (80, 24), (200, 55)] {
            expectSnapshot(
                render(Self.grid, size: Size(width: width, height: height), glyphs: .braille),
                named: "race-of-sixteen-\(width)x\(height)")
        }
        var state = Self.grid
        #expect(state.type(":adopt g") == [.send(.adopt(BranchID(17)), RequestID(1))])
    }

    @Test(
        "What a race comes to is never cut",
        arguments: [(40, 12), (44, 12), (60, 20), (80, 24), (100, 26), (100, 30), (120, 36), (200, 55)])
    func uncut(width: Int, height: Int) throws {
        for state in [Self.state(), Self.grid] {
            let size = Size(width: width, height: height)
            let frame = render(state, size: size, glyphs: .braille)
            let place = try #require(Layout(size, state: state)?[.difference])
            let title = String((place.x..<place.maxX).map { frame[$0, place.y].character })
            #expect(title.contains("beats") && !title.contains("…"), "\(title)")
        }
    }

    @Test("Nine entrants fit, in rows or by going through them")
    func nine() {
        let race = Race(
            name: "learning_rate", old: 0.01,
            entrants: (2...10).map { .init(branch: BranchID($0), value: .number(Double($0) / 1000), edit: $0) },
            step: 700)
        var state = Self.state(race)
        for _ in 0..<6 { state.press(.down) }
        expectSnapshot(
            render(state, size: Size(width: 120, height: 36), glyphs: .braille), named: "race-of-nine-120x36")
        expectSnapshot(render(state, size: Size(width: 80, height: 24), glyphs: .braille), named: "race-of-nine-80x24")
    }
}
