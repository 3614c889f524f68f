import Canvas
import CanvasTesting
import RunModel
import Testing
import TrainProtocol

@testable import Dashboard

@Suite("Looking inside")
struct InsideTests {
    /// Rows of a table of flats, the first of which was mistyped.
    static func flats(count: Int = 32, use: (Int) -> InspectedRows.Row.Use = { _ in .training }) -> InspectedRows {
        let towns = ["Turin", "Bari", "Reggio nell'Emilia", "Rome", "Lecce"]
        let losses = (0..<count).map { $0 == 0 ? 178.1301 : 7.012 / Double($0 * $0) }
        let sum = losses.reduce(0, +)
        return InspectedRows(
            count: count, loss: sum / Double(count), penalty: 0.0301,
            columns: ["area", "town", "built", "floor", "balcony", "energy", "owner since", "id"], targets: ["price"],
            rows: (0..<count).map { index in
                let price = index == 0 ? 24_000_000.0 : 180_000 + 1000 * Double(index * 37 % 100)
                return InspectedRows.Row(
                    use: use(index), number: 1 + index * 997 % 1204,
                    cells: [
                        .text("\(28 + index * 13 % 90).5"), .text(towns[index % towns.count]),
                        .text("19\(10 + index * 7 % 90)-0\(1 + index % 9)-14"),
                        .text(index % 6 == 2 ? "" : "\(index % 6)"),
                        .text(index.isMultiple(of: 3) ? "yes" : "no"),
                        .text("\("ABCDEFG".dropFirst(index % 7).first!)"),
                        .text("20\(10 + index % 14)"), .text("F-\(10_000 + index * 7919)"),
                    ],
                    targets: [.number(price)], predictions: [.number(232_100 - 500 * Double(index))],
                    loss: losses[index],
                    share: losses[index] / sum)
            })
    }

    /// Rows of classes, two of them taken for another one.
    static let classes = InspectedRows(
        count: 4, loss: 0.8, penalty: 0, columns: ["x1", "x2"], targets: ["species"],
        rows: ["setosa", "virginica", "versicolor", "setosa"].enumerated().map { index, species in
            InspectedRows.Row(
                use: .training, number: index + 1, cells: [.number(1.25 * Double(index)), .number(-0.5)],
                targets: [.text(species)], predictions: [.text(index < 2 ? "versicolor" : species)],
                loss: [2.1, 0.9, 0.15, 0.05][index], share: [2.1, 0.9, 0.15, 0.05][index] / 3.2)
        })

    /// A dashboard with a pane open and what was found, as the engine would tell it.
    static func state(_ keys: Key..., found content: Findings.Content, step: Int = 1099) throws -> DashboardState {
        var state = FakeRun.state(after: 1100, edit: (700, 0.005))
        for key in keys { state.press(key) }
        let inspection = try #require(state.requests.inspection)
        let answers = state.requests.open.keys.map { Event.applied($0, at: 1100) }
        let findings = Findings(inspection, branch: .first, step: step, content)
        state.receive(EngineUpdate(events: answers + [.inspected(findings)], progress: state.progress!))
        _ = update(&state, .tick(100))
        return state
    }

    private func screen(_ state: DashboardState, _ name: String, _ width: Int, _ height: Int) {
        expectSnapshot(
            render(state, size: Size(width: width, height: height), glyphs: .braille),
            named: "\(name)-\(width)x\(height)")
    }

    static let sizes = [(80, 24), (120, 36), (200, 55), (44, 12)]

    @Test("the rows of a step", arguments: sizes)
    func batch(width: Int, height: Int) throws {
        screen(try Self.state(.character("6"), found: .rows(Self.flats())), "batch", width, height)
    }

    @Test("the same on the whole screen, with all that the selected row says", arguments: sizes)
    func zoomed(width: Int, height: Int) throws {
        var state = try Self.state(.character("6"), .character("6"), found: .rows(Self.flats()))
        state.press(.down, .down)
        screen(state, "batch-zoomed", width, height)
    }

    @Test("the worst rows of all, and what each is for", arguments: [(80, 24), (120, 36)])
    func worst(width: Int, height: Int) throws {
        let rows = Self.flats(count: 200) { [.training, .validation, .training, .test][$0 % 4] }
        screen(try Self.state(.character("a"), found: .rows(rows)), "worst-rows", width, height)
    }

    @Test("rows of classes say which ones are taken for another class")
    func ofClasses() throws {
        screen(try Self.state(.character("6"), found: .rows(Self.classes)), "batch-classes", 100, 30)
    }

    @Test("what was not seen yet, what cannot be, and what an engine does not show are said in its place")
    func nothing() throws {
        func words(_ state: DashboardState) -> String {
            render(state, size: Size(width: 100, height: 30), glyphs: .braille).snapshot
        }
        var state = FakeRun.state(after: 400)
        state.press(.character("6"))
        #expect(words(state).contains("looking"))
        #expect(words(try Self.state(.character("6"), found: .nothing(reason: "no rows"))).contains("no rows"))
        let reason = "a training elsewhere does not show its inside"
        state.receive(
            EngineUpdate(
                events: [.capabilities(Capabilities(unavailable: [.inspect: reason]))], progress: state.progress!))
        #expect(words(state).contains(reason))
        #expect(state.press(.character("a")).isEmpty)
    }

    @Test("what is on the screen is what the engine is asked for, once")
    func asked() {
        var state = FakeRun.state(after: 400)
        func asked(_ keys: Key...) -> [Command] {
            keys.flatMap { update(&state, .key($0)) }.compactMap {
                if case .send(let command, _) = $0 { command } else { nil }
            }
        }
        #expect(asked(.character("6")) == [.inspect(.batch(nil))])
        #expect(asked(.down, .up, .character("6"), .character("6"), .tab, .tab) == [])
        #expect(asked(.left) == [.inspect(.batch(383...383))])
        #expect(asked(.escape) == [.inspect(.batch(nil))])
        #expect(asked(.character("a")) == [.inspect(.worstRows)])
        #expect(asked(.character("a")) == [.inspect(.batch(nil))])
        // The live losses have the same place.
        #expect(asked(.character("2")) == [.inspect(nil)])
        #expect(asked(.character("a")) == [.inspect(.worstRows)])
        #expect(asked(.escape) == [.inspect(nil)])
        #expect(state.view.focus == .hyperparameters)
        #expect(asked(.escape) == [])
    }

    @Test("the peak is the highest step in sight; of several steps in one sample it is the one that the engine finds")
    func peak() throws {
        var state = FakeRun.state(after: 100)
        let news = Sample(
            firstStep: 101, lastStep: 116,
            loss: {
                var fold = Fold(40); fold.merge(Fold(1)); return fold
            }())
        var progress = try #require(state.progress)
        progress.step = 116
        state.receive(EngineUpdate(samples: [news], progress: progress))
        state.press(.character("6"))
        #expect(state.press(.character("p")) == [.send(.inspect(.batch(101...116)), RequestID(2))])
        #expect(state.view.chart.cursor == 101)
        let findings = Findings(.batch(101...116), branch: .first, step: 108, .rows(Self.flats()))
        state.receive(EngineUpdate(events: [.inspected(findings)], progress: progress))
        #expect(state.view.chart.cursor == 109)
        // It is not asked for anew because of that, nor because samples are folded as the run goes on.
        #expect(update(&state, .tick(1)) == [])
    }

    @Test("hostile cells and numbers harm nobody", arguments: [(40, 10), (80, 24), (200, 55)])
    func hostile(width: Int, height: Int) throws {
        let text = "\u{1B}[31m\u{202E}" + String(repeating: "wide 表", count: 40)
        let row = InspectedRows.Row(
            use: .test, number: .max, cells: [.text(text), .number(.nan)], targets: [.number(-.infinity)],
            predictions: [.text(text)], loss: .nan, share: nil)
        let rows = InspectedRows(
            count: .max, loss: .nan, penalty: .infinity, columns: [text], targets: [text], rows: [row, row])
        for keys in [[Key.character("6")], [.character("6"), .character("6")], [.character("a")]] {
            var state = FakeRun.state(after: 40)
            for key in keys { state.press(key) }
            let inspection = try #require(state.requests.inspection)
            state.receive(
                EngineUpdate(
                    events: [.inspected(Findings(inspection, branch: .first, step: 3, .rows(rows)))],
                    progress: state.progress!))
            let frame = render(state, size: Size(width: width, height: height), glyphs: .ascii)
            #expect(!frame.snapshot.contains("\u{1B}"))
        }
    }
}
