import Canvas
import CanvasTesting
import Testing
import TrainProtocol

@testable import Dashboard

@Suite("The table")
struct TableOverlayTests {
    static let table = TableDescription(
        source: "flats.csv",
        columns: [
            .init(name: "id", role: "identifier", use: .leftOut, gaps: 0, reason: "counts the rows"),
            .init(name: "price", role: "number", use: .target, gaps: 3, reason: "numbers from 41000 to 1.2e6"),
            .init(name: "area", role: "number", use: .features(2), gaps: 212, reason: "numbers from 18 to 240"),
            .init(name: "city", role: "category", use: .features(14), gaps: 0, reason: "text with 17 different values"),
            .init(name: "built", role: "date", use: .features(1), gaps: 0, reason: "dates such as 1987-04-12"),
            .init(name: "remark", role: "free text", use: .leftOut, gaps: 900, reason: "text that never comes again"),
        ],
        task: "predicts 'price' from 17 features: values", trainingRows: 771,
        validationRows: 193, testRows: 240)

    /// A dashboard at the first step of a run that waits.
    static func waiting(_ table: TableDescription? = table) -> DashboardState {
        var run = FakeRun.description
        run.table = table
        var state = DashboardState(run: run, themes: ["midnight"], theme: "midnight", opening: .table)
        state.receive(
            EngineUpdate(
                events: [.state(.paused)],
                progress: Progress(
                    step: 0, epoch: 1, stepInEpoch: 0, stepsPerEpoch: 48, epochs: 60, batchSize: 16, rows: 771,
                    meanLoss: nil, metrics: [nil], learningRate: 0.002, pace: 140, trainingSeconds: 0,
                    stepsPerSecond: nil)))
        return state
    }

    @Test("is the first thing to see, at every size", arguments: [(80, 24), (120, 36), (200, 55), (44, 12)])
    func first(width: Int, height: Int) {
        let frame = render(Self.waiting(), size: Size(width: width, height: height), glyphs: .braille)
        expectSnapshot(frame, named: "table-\(width)x\(height)")
    }

    @Test("scrolls where it has more columns than there is room for")
    func scrolls() {
        var table = Self.table
        table.columns += (1...40).map {
            .init(name: "x\($0)", role: "number", use: .features(1), gaps: 0, reason: "numbers from 0 to \($0)")
        }
        var state = Self.waiting(table)
        for _ in 0..<7 { state.press(.down) }
        expectSnapshot(
            render(state, size: Size(width: 80, height: 24), glyphs: .braille), named: "table-scrolled-80x24")
        for _ in 0..<100 { state.press(.pageDown) }
        let end = render(state, size: Size(width: 80, height: 24), glyphs: .braille)
        #expect(end.snapshot.contains("x40"))
    }

    @Test("space closes it and trains; escape leaves the run waiting, and d brings it back")
    func keys() {
        var state = Self.waiting()
        #expect(state.press(.character(" ")) == [.send(.resume, RequestID(1))])
        #expect(state.view.overlay == nil)
        var other = Self.waiting()
        #expect(other.press(.escape) == [])
        #expect(other.view.overlay == nil)
        other.press(.character("d"))
        #expect(other.view.overlay == .table(TableOverlay()))
    }

    @Test("where there is no room for it, the screen says that the run waits")
    func tooSmall() {
        func words(_ state: DashboardState) -> String {
            render(state, size: Size(width: 30, height: 8), glyphs: .braille).snapshot
        }
        var state = Self.waiting()
        #expect(words(state).contains("waits for space   q quits"))
        #expect(state.press(.character(" ")) == [.send(.resume, RequestID(1))])
        state.receive(EngineUpdate(events: [.state(.training)], progress: state.progress!))
        #expect(words(state).contains("training goes on   q quits"))
    }

    @Test("a training that tells nothing of a table has none to show")
    func unknown() {
        var state = Self.waiting(nil)
        #expect(state.view.overlay == nil)
        state.press(.character("d"))
        #expect(state.view.overlay == nil)
        #expect(state.view.notice?.text == "nothing is known of the table")
    }
}
