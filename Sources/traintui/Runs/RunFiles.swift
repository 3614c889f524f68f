import Dispatch
import FileAccess
import Foundation
import Synchronization
import TrainEngine
import TrainProtocol

/// The files of a run's folder beside its journal, written while it goes on: checkpoints and `run.json`.
///
/// Nothing waits for them but the end: they are written on a queue of their own, one at a time. A class because the
/// training's thread, that queue and the main thread share it.
final class RunFiles: Sendable {
    let folder: RunFolder
    private let journal: RunJournal
    private let run: String
    private let calls: SystemCalls
    private let notices: Notices
    private let queue = DispatchQueue(label: "traintui.checkpoints", qos: .utility)
    private let state: Mutex<State>

    private struct State {
        var record: RunRecord
        var sequence: Int
        var isBusy = false
        var cost: UInt64 = 0
        /// The step from which on nothing is written.
        var failedSince: Int?
        /// A note that was written here and is not in the file yet; an empty one removes it.
        var ownNote: String?
        /// What the run did last.
        var standing: RunState?
    }

    /// - Parameter sequence: the number of the run's newest checkpoint, 0 where there is none.
    init(
        _ folder: RunFolder, journal: RunJournal, record: RunRecord, run: String, after sequence: Int,
        _ calls: SystemCalls, _ notices: Notices
    ) {
        self.folder = folder
        self.journal = journal
        self.run = run
        self.calls = calls
        self.notices = notices
        state = Mutex(State(record: record, sequence: sequence))
        writeRecord(step: record.step)
    }

    /// Where the engine's checkpoints go.
    ///
    /// - Parameter seconds: the time between two; nil to choose it.
    func sink(every seconds: Double?) -> CheckpointSink {
        CheckpointSink(
            every: seconds, isBusy: { [self] in state.withLock { $0.isBusy } },
            write: { [self] run, standing, isLast in
                state.withLock { state in
                    state.isBusy = true
                    state.standing = standing
                }
                if isLast {
                    queue.sync { write(run) }
                } else {
                    queue.async { self.write(run) }
                }
            }, cost: { [self] in state.withLock { $0.cost } })
    }

    private func write(_ run: RunCheckpoint) {
        let start = Self.processorTime
        let sequence = state.withLock { state in
            state.record.update(run)
            return state.sequence + 1
        }
        do {
            // A checkpoint counts on the journal's entries before it.
            try journal.flushToDisk()
            let bytes = CheckpointFile(run: self.run, sequence: sequence, checkpoint: run).bytes()
            try WholeFile(folder.checkpoint(sequence), calls).write(bytes)
            state.withLock { $0.sequence = sequence }
            writeRecord(step: run.moment.step)
        } catch {
            tell(error, step: run.moment.step)
        }
        state.withLock { state in
            state.isBusy = false
            state.cost = Self.processorTime - start
        }
    }

    /// Waits for what is being written. The run must have stopped.
    ///
    /// - Returns: whether it can be gone on with.
    func close() -> Bool {
        queue.sync {
            switch state.withLock({ $0.standing }) {
            case .done, .diverged: false
            default: true
            }
        }
    }

    /// Says how the run ended, once all that was to be written is.
    func settle(isSaved: Bool) {
        state.withLock { state in state.record.end(isSaved ? state.standing : nil) }
        writeRecord(step: record.step)
    }

    /// How many checkpoints there were so far.
    var checkpoints: Int { state.withLock { $0.sequence } }

    /// How the run stands, as it is written down.
    var record: RunRecord { state.withLock { $0.record } }

    /// Writes a note about the run, or removes it where the text is empty.
    func note(_ text: String) {
        state.withLock { $0.ownNote = text }
        queue.async { [self] in writeRecord(step: record.step) }
    }

    private func writeRecord(step: Int) {
        do throws(FileError) {
            // A note or a pin may be of another process meanwhile.
            if let there = RunRecord.read(folder.record) {
                state.withLock { state in
                    if let note = state.ownNote {
                        state.record.note = note.isEmpty ? nil : note
                    } else {
                        state.record.note = there.note
                    }
                    state.record.name = there.name ?? state.record.name
                    state.record.tags = there.tags ?? state.record.tags
                    state.record.pinned = there.pinned ?? state.record.pinned
                }
            }
            try record.write(folder.record, calls)
            let since = state.withLock { state in
                state.ownNote = nil
                defer { state.failedSince = nil }
                return state.failedSince
            }
            if let since {
                notices.tell("the run's checkpoints are written again; they were not from step \(since) on")
            }
        } catch {
            tell(error, step: step)
        }
    }

    /// Once, until it goes again.
    private func tell(_ error: any Error, step: Int) {
        let isFirst = state.withLock { state in
            defer { state.failedSince = state.failedSince ?? step }
            return state.failedSince == nil
        }
        if isFirst { notices.tell("no checkpoint is written from step \(step) on: \(error)") }
    }

    /// Nanoseconds that this thread has computed for.
    private static var processorTime: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
