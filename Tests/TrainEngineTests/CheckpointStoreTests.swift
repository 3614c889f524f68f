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
            var state = store.takeSpare()
            // From the fourth on there is one to take.
            #expect((state != nil) == (step > 3))
            let copied = state?.byteCount ?? bytes
            #expect(store.byteCount + copied <= 4 * bytes)
            trainer.copyState(into: &state)
            store.keep(state ?? trainer.state, at: Moment(step: step, edits: 0), of: lineage, isPinned: true)
            let isKept = store.holds(Moment(step: step, edits: 0), of: lineage, isPinned: true)
            #expect(isKept)
        }
        #expect(store.byteCount == 3 * bytes)
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
