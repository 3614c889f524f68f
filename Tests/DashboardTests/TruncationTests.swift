import Canvas
import Testing
import TrainProtocol

@testable import Dashboard
@testable import RunModel

@Suite("Numbers on screens of every size")
struct TruncationTests {
    /// States whose numbers are as long as they come in ordinary runs.
    private static let states: [(name: String, state: DashboardState)] = {
        let running = FakeRun.state(after: 1100, edit: (700, 0.005))
        var paused = running
        paused.receive(EngineUpdate(events: [.state(.paused)], progress: paused.progress!))
        paused.press(.character("-"))
        var cursor = running
        cursor.press(.character("1"), .left, .character("i"))
        var long = FakeRun.state(after: 400, FakeRun.threeMetrics)
        var progress = long.progress!
        (progress.step, progress.epoch, progress.stepInEpoch) = (12_345_678, 35_994, 80)
        (progress.epochs, progress.trainingSeconds, progress.stepsPerSecond) = (40_000, 123_456, 987_654)
        let values = [98_765.4321, 123_456.789, -1234.5678]
        (progress.meanLoss, progress.metrics) = (12_345.678, values)
        long.receive(
            EngineUpdate(
                events: [
                    .epochEnded(EpochReport(epoch: 35_993, step: 12_345_598, meanLoss: 12_345.678, metrics: values)),
                    .evaluated(Evaluation(step: 12_345_598, loss: 12_345.678, metrics: values)),
                ], progress: progress))
        var zoomed = FakeRun.state(after: 1100, FakeRun.threeMetrics)
        zoomed.press(.character("3"), .character("3"))
        var edited = running
        edited.press(.character("4"), .character("4"))
        var told = running
        told.press(.character("5"), .character("5"))
        return [
            ("running", running), ("paused", paused), ("cursor", cursor), ("long", long), ("metrics", zoomed),
            ("hyperparameters", edited), ("story", told), ("race", RaceTests.state()), ("grid", RaceTests.grid),
            ("card", CardOverlayTests.done()),
        ] + found
    }()

    /// The panes of what an engine finds, each as it opens and zoomed.
    private static let found: [(name: String, state: DashboardState)] = {
        guard let batch = try? InsideTests.state(.character("6"), found: .rows(InsideTests.flats())),
            let classes = try? InsideTests.state(.character("6"), found: .rows(InsideTests.classes))
        else { return [] }
        return [("batch", batch), ("classes", classes)].flatMap { name, state in
            var zoomed = state
            zoomed.press(.character("6"))
            return [(name, state), (name + " zoomed", zoomed)]
        }
    }()

    @Test("No number is cut, from 80 x 24 to 200 x 55", arguments: states.indices)
    func walk(index: Int) {
        let (name, state) = Self.states[index]
        for width in stride(from: 80, through: 200, by: 8) {
            for height in [24, 27, 36, 55] {
                let frame = render(state, size: Size(width: width, height: height), glyphs: .braille)
                for y in 0..<height {
                    let row = (0..<width).map { frame[$0, y].character }
                    for x in row.indices.dropFirst() where row[x] == "…" || !covers(row) && "│┃".contains(row[x]) {
                        let isCut = row[x - 1].isNumber || row[x] == "…" && ".,−/".contains(row[x - 1])
                        #expect(!isCut, "\(name) at \(width) x \(height): \(String(row))")
                    }
                }
            }
        }
    }

    @Test("The count of a long run's steps is whole at every width", arguments: [false, true])
    func count(isDone: Bool) {
        var state = FakeRun.state(after: 400)
        var progress = state.progress!
        (progress.step, progress.epoch, progress.stepInEpoch) = (102_900_000, 300_000, 343)
        (progress.epochs, progress.trainingSeconds, progress.stepsPerSecond) = (300_000, 123_456, 987_654)
        state.receive(EngineUpdate(events: isDone ? [.state(.done)] : [], progress: progress))
        for width in stride(from: 48, through: 200, by: 3) {
            for height in [12, 24, 55] {
                let frame = render(state, size: Size(width: width, height: height), glyphs: .braille)
                let rows = (0..<height).map { y in String((0..<width).map { frame[$0, y].character }) }
                let isWhole = rows.contains { $0.contains(" 102900000/102900000") }
                #expect(isWhole, "\(width) x \(height):\n\(rows.joined(separator: "\n"))")
            }
        }
    }

    /// Whether a dialog hides part of what is behind it: two of its edges stand within the panes'.
    private func covers(_ row: [Character]) -> Bool {
        row.first != "┃" && row.last != "┃" && row.count { $0 == "┃" } == 2 && row.first { "│╭╰".contains($0) } != nil
    }
}
