import Testing
import TrainProtocol

@testable import TrainCore
@testable import TrainEngine

@Suite("The store of states")
struct CheckpointStoreTests {
    private let trainer: Trainer
    private let bytes: Int

    init() throws {
        trainer = try Trainer(SmallRun.job(epochs: 100_000), training: SmallRun.data)
        bytes = trainer.state.byteCount
    }

    private let lineage = Lineage()

    @Test(
        "never holds more bytes than it may, and from any step the nearest state before it is not far",
        arguments: [50, 100, 1000])
    func bounded(states: Int) {
        var store = CheckpointStore(capacity: states * bytes)
        let last = 20_000
        for step in 0...last {
            store.keep(trainer.state, at: Moment(step: step, edits: 0), of: lineage, isPinned: step % 997 == 0)
            #expect(store.byteCount <= states * bytes)
        }
        var farthest = 0
        for step in stride(from: 0, through: last, by: 7) {
            let found = store.latest(notAfter: Moment(step: step, edits: 0), of: lineage)?.moment.step ?? -last
            farthest = max(farthest, step - found)
        }
        // Evenly spread they would be last / states apart; half the room is for the latest, and spacings double.
        #expect(farthest <= 8 * last / states)
        // The latest are all there.
        #expect(
            store.latest(notAfter: Moment(step: last - states / 8, edits: 0), of: lineage)?.moment.step == last - states
                / 8)
    }

    @Test("where there is room for four, a state that goes gives its memory to the one that comes, within the bound")
    func spare() {
        var store = CheckpointStore(capacity: 4 * bytes)
        for step in 0...20 {
            let moment = Moment(step: step, edits: 0)
            var state = store.takeSpare(for: bytes, at: moment, of: lineage)
            // From the fourth on there is one to take.
            #expect((state != nil) == (step > 3))
            let copied = state?.byteCount ?? bytes
            #expect(store.byteCount + copied <= 4 * bytes)
            trainer.copyState(into: &state)
            store.keep(state ?? trainer.state, at: moment, of: lineage, isPinned: true)
            let isKept = store.holds(moment, of: lineage, isPinned: true)
            #expect(isKept)
        }
        #expect(store.byteCount == 4 * bytes)
    }

    @Test("what was abandoned goes before what the run may go back to, and the start stays")
    func abandonedFirst() {
        var store = CheckpointStore(capacity: 40 * bytes)
        let other = BranchID(2)
        for step in 0...20 { store.keep(trainer.state, at: Moment(step: step, edits: 0), of: lineage) }
        let fork = Moment(step: 10, edits: 0)
        let second = Lineage().forked(as: other, at: fork)
        for step in 11...40 { store.keep(trainer.state, at: Moment(step: step, edits: 0), of: second) }
        #expect(store.checkpoints[.first]?.allSatisfy { $0.moment <= fork } == true)
        #expect(store.latest(notAfter: Moment(step: 0, edits: 0), of: second)?.moment == .start)
    }

    @Test("with room for four, undo and redo lead to states that are kept, as often as they are asked for")
    func backAndForth() throws {
        let navigator = Navigator(trainer, memory: 4 * bytes)
        let steps = StepBuffer(capacity: 64, for: trainer)
        func take(_ count: Int) {
            for _ in 0..<count {
                steps.removeAll()
                _ = navigator.run(atMost: 1, into: steps)
                navigator.confirm()
                navigator.keepCheckpoint()
            }
        }
        for rate in [0.02, 0.03] {
            take(10)
            try navigator.apply(navigator.edit("learning_rate", to: .number(rate)))
        }
        take(10)
        for _ in 1...5 {
            let before = Moment(step: 20, edits: 1)
            #expect(navigator.checkpoint(notAfter: before, of: navigator.lineage).moment == before)
            try navigator.apply(navigator.undo())
            take(10)
            let branch = try #require(navigator.timeline.redo)
            let left = try #require(navigator.timeline.abandoned[branch])
            #expect(navigator.checkpoint(notAfter: left.tip, of: left.lineage).moment == left.tip)
            try navigator.apply(navigator.redo())
            take(10)
            #expect(navigator.checkpoints.byteCount <= 4 * bytes)
        }
        #expect(navigator.checkpoint(notAfter: .end, of: navigator.lineage).moment == navigator.timeline.moment)
    }

    @Test("an optimizer that remembers less does not take the room of the states before it")
    func optimizers() {
        var store = CheckpointStore(capacity: nil)
        var state = trainer.state
        for (step, megabytes) in [90, 90, 90, 30].enumerated() {
            state.arena = [Float](repeating: 0, count: megabytes << 18)
            store.keep(state, at: Moment(step: step, edits: 0), of: lineage, isPinned: true)
        }
        #expect(store.checkpoints[.first]?.map(\.moment.step) == [0, 1, 2, 3])
    }

    @Test("no more of the smaller ones go than have to")
    func smallerStates() {
        var store = CheckpointStore(capacity: 9 << 19)
        var state = trainer.state
        for (step, megabytes) in [2, 1, 1, 1].enumerated() {
            state.arena = [Float](repeating: 0, count: megabytes << 18)
            store.keep(state, at: Moment(step: step, edits: 0), of: lineage, isPinned: true)
        }
        #expect(store.checkpoints[.first]?.map(\.moment.step) == [0, 2, 3])
    }

    @Test("with room for no more, the start alone is kept, and a line says so", arguments: [0, 1])
    func noRoom(states: Int) {
        var store = CheckpointStore(capacity: states * bytes)
        for step in 0...1000 {
            store.keep(trainer.state, at: Moment(step: step, edits: 0), of: lineage, isPinned: step % 10 == 0)
            #expect(store.byteCount == bytes)
        }
        #expect(store.latest(notAfter: Moment(step: 500, edits: 0), of: lineage)?.moment == .start)
        #expect(store.hasRoom(for: bytes) == false)
        #expect((store.notice(stateBytes: bytes) != nil) == (states > 0))
    }

    @Test("with room for two or three, these are the start and the latest", arguments: [2, 3])
    func littleRoom(states: Int) {
        var store = CheckpointStore(capacity: states * bytes)
        for step in 0...1000 {
            store.keep(trainer.state, at: Moment(step: step, edits: 0), of: lineage, isPinned: step % 10 == 0)
            #expect(store.byteCount <= states * bytes)
            #expect(store.latest(notAfter: Moment(step: step, edits: 0), of: lineage)?.moment.step == step)
        }
        #expect(store.latest(notAfter: Moment(step: 500, edits: 0), of: lineage)?.moment == .start)
    }

    @Test("of a large model four states are kept where nothing bounds them: the one before the last edit is among them")
    func largeModel() {
        var store = CheckpointStore(capacity: nil)
        var state = trainer.state
        // The states share it: none of them takes memory of its own here.
        state.arena = [Float](repeating: 0, count: 20 << 20)
        for step in 0...200 {
            store.keep(state, at: Moment(step: step, edits: 0), of: lineage, isPinned: step % 10 == 0)
            #expect(store.byteCount <= 4 * state.byteCount)
            let edit = store.latest(notAfter: Moment(step: step / 10 * 10, edits: 0), of: lineage)
            #expect(edit?.moment.step == step / 10 * 10)
        }
        let notice = "states to go back to take up to 320 MB; history_memory bounds them"
        #expect(store.notice(stateBytes: state.byteCount) == notice)
        #expect(CheckpointStore(capacity: nil).notice(stateBytes: bytes) == nil)
    }
}
