import TrainCore
import TrainProtocol

@testable import TrainEngine

/// A navigator with its journal, and what a loop of one's own, which knows nothing of branches, makes of the same edits.
final class Voyage {
    let navigator: Navigator
    private(set) var entries: [JournalEntry] = []

    init(memory: Int = 256 << 20, epochs: Int = 20) throws {
        final class Pen { var entries: [JournalEntry] = [] }
        let pen = Pen()
        let trainer = try Trainer(SmallRun.job(epochs: epochs), training: SmallRun.data)
        navigator = Navigator(trainer, memory: memory) { pen.entries.append($0) }
        read = { pen.entries }
    }

    private let read: () -> [JournalEntry]
    var journal: [JournalEntry] { read() }

    /// Takes steps, with all that the training loop does about them.
    func take(_ count: Int, keeping: Bool = true) {
        let buffer = StepBuffer(capacity: 64, for: navigator.trainer)
        var left = count
        while left > 0 {
            for plan in navigator.plans.takeDue(at: step) {
                let number = navigator.timeline.editNumber
                guard (try? navigator.apply(navigator.edit(as: plan))) != nil else { continue }
                navigator.plans.note(plan, becameEdit: number)
            }
            buffer.removeAll()
            let (steps, divergence) = navigator.run(atMost: left, into: buffer)
            navigator.confirm()
            left -= steps
            if divergence != nil { return }
            if navigator.trainer.isEpochComplete {
                navigator.noteEpoch()
                navigator.noteValidation(loss: navigator.trainer.evaluate(on: SmallRun.data).loss)
            }
            if keeping { navigator.keepCheckpoint() }
        }
    }

    var step: Int { navigator.trainer.position.step }

    func edit(_ name: String, to value: SettingValue, over steps: Int = 0) throws(Timeline.Refusal) {
        try navigator.apply(try navigator.edit(name, to: value, over: steps))
    }
    func undo() throws(Timeline.Refusal) { try navigator.apply(try navigator.undo()) }
    func redo() throws(Timeline.Refusal) { try navigator.apply(try navigator.redo()) }
    func go(toStep step: Int) throws(Timeline.Refusal) { try navigator.apply(try navigator.go(toStep: step)) }
    func go(to branch: BranchID) throws(Timeline.Refusal) { try navigator.apply(try navigator.go(to: branch)) }
    func goToBest() throws(Timeline.Refusal) { try navigator.apply(try navigator.goToBest()) }
    func plan(_ name: String, _ change: ValueChange, at step: Int) throws(Timeline.Refusal) {
        _ = try navigator.plan(name, change, at: step)
    }
    func beginRace(_ name: String, _ values: [SettingValue]) throws(Timeline.Refusal) {
        try beginRace([(name, values)])
    }
    func beginRace(
        _ grid: [(name: String, values: [SettingValue])], halvesEvery steps: Int? = nil
    ) throws(Timeline.Refusal) {
        try navigator.apply(try navigator.race(RaceTerms(grid, halvesEvery: steps)))
    }
    func endRace(adopting branch: BranchID?) throws(Timeline.Refusal) {
        try navigator.apply(try navigator.endRace(adopting: branch))
    }

    var weights: UInt64 { navigator.trainer.weightsChecksum }

    /// The weights after so many steps with these edits and nothing else.
    static func weights(after steps: Int, epochs: Int = 20, _ edits: [(step: Int, name: String, value: Double)] = [])
        throws -> UInt64
    {
        let trainer = try Trainer(SmallRun.job(epochs: epochs), training: SmallRun.data)
        for step in 0..<steps {
            for edit in edits where edit.step == step { try trainer.set(edit.name, to: edit.value) }
            try trainer.step()
        }
        return trainer.weightsChecksum
    }

    func replay(memory: Int = 256 << 20) throws -> Replay.Outcome {
        try Replay(of: journal, job: navigator.job, training: SmallRun.data, historyMemory: memory).run()
    }
}
