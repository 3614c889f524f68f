import Synchronization
import Wording

/// A file that lines are appended to, whole ones only.
///
/// Where a write fails, or takes only a part, the file is cut back to its last whole line; what is not in it is held in
/// memory and tried again, no oftener than once a second and at the end. So a disk that was full for a while leaves no
/// trace. Where more is to be held than is allowed, either a line in the file says how many lines are missing there, or
/// nothing is written any more: see ``Overflow``. Nobody who appends waits, or is told by an error: what becomes of the
/// file is told in sentences, by ``onChange`` and by ``close()``.
///
/// A class because it is one open file; a lock makes it safe on any thread.
package final class LineFile: Sendable {
    /// What is done when more lines are held than may be.
    package enum Overflow: Sendable {
        /// Lines are left out, and where they are missing a line says so: it is made of their number and the reason.
        case marked(@Sendable (_ count: Int, _ reason: String) -> String)
        /// Nothing is written from there on: the file is the beginning of what it would have been.
        case endsForGood
    }

    /// How a file is opened that is there already.
    package enum Existing: Sendable {
        /// What is in it goes.
        case emptied
        /// It may only be one without anything in it.
        case refused(String)
        /// It is gone on with: so many bytes were found in it, of which the first `kept` stay.
        case continued(found: Int, kept: Int)
    }

    /// What became of the file.
    package enum Outcome: Equatable, Sendable {
        case whole
        /// A sentence that is safe to print: "steps.csv: 3 lines are missing after step 7: No space left on device".
        case notWhole(String)
    }

    /// As the person called it.
    package let path: String
    private let calls: SystemCalls
    private let overflow: Overflow
    private let unit: String
    private let threshold: Int
    private let capacity: Int
    private let onChange: @Sendable (String) -> Void
    /// The file's own path, where it was not there before.
    private let madeFile: String?
    private let state: Mutex<State>

    /// A failed write is tried again after so many nanoseconds.
    private static let pause: UInt64 = 1_000_000_000
    /// So long may a pipe's reader take nothing before its lines are held back like those of a full disk.
    private static let patience: UInt64 = 10_000_000_000

    private struct State {
        var file: Int32
        let status: FileStatus
        /// Bytes of whole lines in the file.
        var size = 0
        var held = HeldLines()
        /// Why nothing can be written now, and from which line on.
        var fault: (reason: String, since: Int)?
        var nextTry: UInt64 = 0
        var isOver = false
        /// Lines that are missing in the middle, and why.
        var lost = 0
        var lostReason = ""
        var outcome: Outcome?
    }

    /// Opens a file, for this program alone.
    ///
    /// - Parameters:
    ///   - unit: what lines are counted by in sentences: "step".
    ///   - threshold: bytes that are collected before they are written; 0 writes each line at once.
    ///   - capacity: bytes that may be held while nothing can be written.
    ///   - onChange: called, on the thread that appends, with a sentence when writing fails and when it goes on.
    package init(
        _ path: String, existing: Existing, overflow: Overflow, unit: String, threshold: Int, capacity: Int,
        calls: SystemCalls, onChange: @escaping @Sendable (String) -> Void
    ) throws(FileError) {
        self.path = path
        self.calls = calls
        self.overflow = overflow
        self.unit = unit
        self.threshold = threshold
        self.capacity = capacity
        self.onChange = onChange
        let file: Int32
        do throws(SystemError) {
            let place = try FilePlace(path, calls)
            madeFile = place.status == nil ? place.path : nil
            file = try SystemCalls.retrying { () throws(SystemError) in
                try calls.open(path, [.write, .create, .append, .noWait], 0o666)
            }
        } catch {
            throw .cannotBeWritten(path, error)
        }
        do throws(FileError) {
            var size = 0
            if case .continued(_, let kept) = existing { size = kept }
            state = Mutex(State(file: file, status: try Self.take(file, path, existing, calls), size: size))
        } catch {
            calls.closeAnyhow(file)
            throw error
        }
    }

    /// Says now what would be in the way of opening later; opens nothing.
    package static func check(_ path: String, existing: Existing, _ calls: SystemCalls) throws(FileError) {
        let place: FilePlace
        do throws(SystemError) { place = try FilePlace(path, calls) } catch { throw .cannotBeWritten(path, error) }
        if let objection = place.status?.kind.objectionToWriting { throw FileError(path, objection) }
        if case .refused(let reason) = existing, let status = place.status, status.kind == .regular, status.size > 0 {
            throw FileError(path, reason, kind: .isThere)
        }
        do throws(SystemError) {
            if place.status == nil { try calls.checkFolder(place.folder) } else { try calls.checkWritable(path) }
        } catch {
            throw .cannotBeWritten(path, error)
        }
    }

    private static func take(
        _ file: Int32, _ path: String, _ existing: Existing, _ calls: SystemCalls
    ) throws(FileError) -> FileStatus {
        let status: FileStatus
        do throws(SystemError) { status = try calls.statusOfOpen(file) } catch { throw .cannotBeWritten(path, error) }
        if let objection = status.kind.objectionToWriting { throw FileError(path, objection) }
        guard status.kind == .regular else { return status }
        if case .continued(let found, _) = existing, status.size != found {
            throw FileError(path, "has changed since it was read; try again")
        }
        do throws(SystemError) {
            var isOurs = true
            do throws(SystemError) {
                isOurs = try SystemCalls.retrying { () throws(SystemError) in try calls.lock(file) }
            } catch {
                // Some file systems have no locks.
            }
            switch existing {
            case .refused:
                if status.size > 0 { throw SystemError.exists }
            case .emptied:
                if isOurs, status.size > 0 {
                    try SystemCalls.retrying { () throws(SystemError) in try calls.cut(file, 0) }
                }
            case .continued(let found, let kept):
                if isOurs, kept < found {
                    try SystemCalls.retrying { () throws(SystemError) in try calls.cut(file, kept) }
                }
            }
            guard isOurs else { throw SystemError.inUse }
            return status
        } catch {
            if error == .inUse { throw FileError(path, "another run writes there") }
            if error == .exists, case .refused(let reason) = existing { throw FileError(path, reason, kind: .isThere) }
            throw .cannotBeWritten(path, error)
        }
    }

    deinit { _ = close() }

    /// Adds a line; `number` is its unit's.
    package func append(_ line: String, number: Int) {
        tell(
            state.withLock { state in
                guard state.outcome == nil else { return nil }
                let isFull = state.fault != nil && state.held.bytes.count + line.utf8.count >= capacity
                if state.isOver || isFull || state.held.missing != nil {
                    state.held.giveUp(number: number)
                    if case .endsForGood = overflow { state.isOver = true }
                } else {
                    state.held.append(line, number: number)
                }
                guard state.held.bytes.count > threshold || state.fault != nil else { return nil }
                return write(&state, isLast: false)
            })
    }

    /// Writes what is held back.
    package func flush() { tell(state.withLock { write(&$0, isLast: false) }) }

    /// Writes what is held back, and flushes all to the disk.
    ///
    /// - Throws: where not all lines are there; whoever counts on them must know.
    package func flushToDisk() throws(FileError) {
        let (file, change, missing) = state.withLock { state -> (Int32, String?, String?) in
            guard state.outcome == nil, state.status.kind == .regular else { return (-1, nil, nil) }
            let change = write(&state, isLast: true)
            return (state.file, change, state.held.count > 0 ? state.fault?.reason ?? "" : nil)
        }
        tell(change)
        if let missing { throw FileError(path, "is not written: \(missing)") }
        guard file >= 0 else { return }
        // Not with the lock: whoever appends does not wait for a disk.
        do throws(SystemError) {
            try SystemCalls.retrying { () throws(SystemError) in try calls.flush(file) }
        } catch {
            if !error.isUnsupported { throw .cannotBeWritten(path, error) }
        }
    }

    /// Writes the first lines, and throws where that cannot be done: now there is somebody to tell.
    package func begin() throws(FileError) {
        let reason = state.withLock { state in
            _ = write(&state, isLast: true)
            return state.fault?.reason
        }
        guard let reason else { return }
        abandon(because: "cannot be written: \(reason)")
        throw FileError(path, "cannot be written: \(reason)")
    }

    /// Closes a file that was opened in vain. Nothing is left of the attempt.
    package func abandon(because reason: String) {
        state.withLock { state in
            guard state.outcome == nil else { return }
            state.outcome = .notWhole("\(visible(path)): \(reason)")
            calls.closeAnyhow(state.file)
            if let madeFile { calls.unlinkAnyhow(madeFile) }
        }
    }

    /// Writes what is held back for the last time, flushes the file to its disk and closes it.
    ///
    /// - Returns: what became of it; the same at each call.
    @discardableResult
    package func close() -> Outcome {
        state.withLock { state in
            if let outcome = state.outcome { return outcome }
            // What happens now is told by what is returned.
            _ = write(&state, isLast: true)
            let outcome = finish(&state)
            state.outcome = outcome
            return outcome
        }
    }

    private func tell(_ change: String?) { if let change { onChange("\(visible(path)): \(change)") } }

    // MARK: Writing

    /// Writes as much as can be written. Returns what changed by it, in a sentence's second half.
    private func write(_ state: inout State, isLast: Bool) -> String? {
        let now = calls.now()
        if state.fault != nil, !isLast, now < state.nextTry { return nil }
        do throws(SystemError) {
            try cutBack(&state)
            try writeHeld(&state)
            if let missing = state.held.missing, case .marked(let marker) = overflow {
                let reason = state.fault?.reason ?? ""
                state.lost += missing.count
                state.lostReason = reason
                state.held.settleMissing { marker($0.count, reason) }
                try writeHeld(&state)
            }
            guard let fault = state.fault, !state.isOver else { return nil }
            state.fault = nil
            let missing = state.lost == 0 ? "nothing is missing" : "\(Self.lines(state.lost)) missing"
            return "is written again; it was not from \(unit) \(fault.since) on, and \(missing)"
        } catch {
            let wasWriting = state.fault == nil
            let reason = error == .timedOut ? "nobody reads it" : error.description
            // The same line may fail again and again; since when nothing is written is told by the first.
            state.fault = (reason, state.fault?.since ?? state.held.firstNumber ?? 0)
            state.nextTry = now + Self.pause
            return wasWriting ? "is not written from \(unit) \(state.fault?.since ?? 0) on: \(reason)" : nil
        }
    }

    private func writeHeld(_ state: inout State) throws(SystemError) {
        // A reader that takes nothing is waited for once; then as little as for a full disk.
        let end = calls.now() + (state.fault == nil ? Self.patience : 0)
        while !state.held.rest.isEmpty {
            do throws(SystemError) {
                let (file, sent) = (state.file, state.held.sent)
                let count = try state.held.bytes.withUnsafeBufferPointer { (buffer) throws(SystemError) in
                    let rest = UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: buffer[sent...]))
                    return try SystemCalls.retrying { () throws(SystemError) in try calls.write(file, rest) }
                }
                guard count > 0 else { throw SystemError.inputOutput }
                state.size += state.held.take(min(count, state.held.rest.count))
            } catch {
                if error == .wouldBlock, calls.now() < end {
                    _ = calls.waitToWrite(state.file, 100)
                    continue
                }
                // Whoever reads next reads whole lines.
                if error == .brokenPipe { state.held.forgetSent() }
                do throws(SystemError) { try cutBack(&state) } catch { /* tried again before the next write */  }
                throw error == .wouldBlock ? .timedOut : error
            }
        }
    }

    /// Cuts off what is there of a line that is not whole. Where that cannot be, the line is gone on with from there.
    private func cutBack(_ state: inout State) throws(SystemError) {
        guard state.held.sent > 0, state.status.kind == .regular else { return }
        let (file, size) = (state.file, state.size)
        try SystemCalls.retrying { () throws(SystemError) in try calls.cut(file, size) }
        state.held.forgetSent()
    }

    // MARK: The end

    private func finish(_ state: inout State) -> Outcome {
        var faults: [String] = []
        if state.lost > 0 { faults.append("\(Self.lines(state.lost)) missing: \(state.lostReason)") }
        if state.held.count > 0, let first = state.held.firstNumber {
            faults.append("is not written from \(unit) \(first) on: \(state.fault?.reason ?? "")")
            if state.held.sent > 0 { faults.append("its last line is not whole") }
        }
        do throws(SystemError) {
            if state.status.kind == .regular {
                let file = state.file
                try SystemCalls.retrying { () throws(SystemError) in try calls.flush(file) }
                let now = try calls.statusOfOpen(file)
                if now.names == 0 || !isStillThere(now) {
                    faults.append("was removed or replaced by another program while it was written")
                } else if now.size < state.size {
                    faults.append("was cut short by another program while it was written")
                }
            }
        } catch {
            if !error.isUnsupported { faults.append("cannot be written: \(error)") }
        }
        do throws(SystemError) { try calls.closeWhole(state.file) } catch {
            faults.append("cannot be written: \(error)")
        }
        return faults.isEmpty ? .whole : .notWhole("\(visible(path)): \(faults.joined(separator: "; "))")
    }

    private func isStillThere(_ open: FileStatus) -> Bool {
        do throws(SystemError) { return try calls.status(path).identity == open.identity } catch { return false }
    }

    private static func lines(_ count: Int) -> String { count == 1 ? "1 line is" : "\(count) lines are" }
}
