import Canvas
import CanvasTesting
import Testing
import TrainProtocol

@testable import Dashboard

@Suite("The table, with what its columns are worth")
struct ColumnListTests {
    /// The flats with shapes and correlations.
    private static let table: TableDescription = {
        var table = TableOverlayTests.table
        let shapes: [String: [Int]] = [
            "price": [2, 9, 31, 80, 66, 40, 21, 12, 7, 3, 2, 1], "area": [5, 30, 60, 70, 44, 21, 10, 4, 1, 1, 0, 1],
            "city": [300, 120, 90, 80, 60, 50, 30, 20, 10, 5, 3, 2, 1, 0], "built": [9, 12, 40, 61, 70, 55, 22, 90],
        ]
        let correlations: [String: TableDescription.Column.Correlation] = [
            "area": .signed(0.8123), "city": .unsigned(0.4301), "built": .signed(-0.0219),
        ]
        for index in table.columns.indices {
            let name = table.columns[index].name
            table.columns[index].shape = shapes[name].map { Histogram(lower: 0, upper: 1, counts: $0) }
            table.columns[index].correlation = correlations[name]
        }
        return table
    }()

    /// A run on them after some steps, with the table open; with what the columns are worth, as the engine would tell it.
    private func state(isMeasured: Bool) throws -> DashboardState {
        var description = FakeRun.description
        description.table = Self.table
        var state = FakeRun.state(after: 400, description)
        let effects = state.press(.character("d"))
        #expect(effects == [.send(.inspect(.importance), RequestID(1))])
        guard isMeasured else { return state }
        let found = InspectedImportance(
            use: .validation, rows: 193, measure: "R²", score: 0.8731,
            columns: [
                .init(name: "area", mean: 1.0213, deviation: 0.0412),
                .init(name: "city", mean: 0.2189, deviation: 0.0107),
                .init(name: "built", mean: -0.0003, deviation: 0.0009),
            ])
        let findings = Findings(.importance, branch: .first, step: 400, .importance(found))
        state.receive(
            EngineUpdate(events: [.applied(RequestID(1), at: 400), .inspected(findings)], progress: state.progress!))
        return state
    }

    private func screen(_ state: DashboardState, _ name: String, _ width: Int, _ height: Int) {
        expectSnapshot(
            render(state, size: Size(width: width, height: height), glyphs: .braille),
            named: "\(name)-\(width)x\(height)")
    }

    @Test("shows how values lie and what they have to do with the target", arguments: [(80, 24), (120, 36), (200, 55)])
    func shapes(width: Int, height: Int) throws {
        screen(try state(isMeasured: false), "columns", width, height)
    }

    @Test("and what each column is worth", arguments: [(80, 24), (120, 36), (200, 55), (44, 12)])
    func importance(width: Int, height: Int) throws {
        screen(try state(isMeasured: true), "columns-importance", width, height)
    }

    @Test("a narrow screen shows reasons or numbers, before the first step reasons")
    func turns() throws {
        func words(_ state: DashboardState) -> String {
            render(state, size: Size(width: 80, height: 24), glyphs: .braille).snapshot
        }
        var state = try state(isMeasured: true)
        #expect(words(state).contains("importance") && !words(state).contains("why"))
        #expect(state.press(.right) == [])
        #expect(!words(state).contains("± 0.04") && words(state).contains("text with 17 different values"))
        state.press(.left)
        #expect(words(state).contains("1.0213 ± 0.0412"))
        // Nothing is asked for any more when it is closed.
        #expect(state.press(.escape) == [.send(.inspect(nil), RequestID(2))])
        #expect(words(TableOverlayTests.waiting(Self.table)).contains("why"))
    }
}
