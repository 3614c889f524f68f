import Synchronization
import Wording

/// A file that binary records are appended to, whole ones only.
///
/// Where a write fails the file is cut back to its last whole record; what is not in it is held in memory and tried again
/// with the next record, up to a limit. What becomes of the file is told by a sentence, once, and by ``close()``.
///
/// A class because it is one open file; a lock makes it safe on any thread.
package final class RecordFile: Sendable {
    /// As the person called it.
    package let path: String
    private let calls: SystemCalls
    private let onChange: @Sendable (String) -> Void
    private let state: Mutex<State>

    /// Bytes that may be held while nothing can be written.
    private static let capacity = 16 << 20

    private struct State {
        var file: Int32
        var size = 0
        var held: [UInt8] = []
        var fault: SystemError?
        var isOver = false
    }

    /// Makes a file; one that is there already is refused.
    ///
    /// - Parameter onChange: called with a sentence when writing fails.
    package init(
        _ path: String, calls: SystemCalls, onChange: @escaping @Sendable (String) -> Void
    ) throws(FileError) {
        self.path = path
        self.calls = calls
        self.onChange = onChange
        do throws(SystemError) {
            let file = try SystemCalls.retrying { () throws(SystemError) in
                try calls.open(path, [.write, .create, .mustBeNew, .append], 0o666)
            }
            state = Mutex(State(file: file))
        } catch {
            throw .cannotBeWritten(path, error)
        }
    }

    deinit { _ = close() }

    /// Adds a record.
    package func append(_ record: [UInt8]) {
        let change: String? = state.withLock { state in
            guard state.file >= 0, !state.isOver else { return nil }
            state.held += record
            let former = state.fault
            write(&state)
            if state.held.count > Self.capacity { (state.held, state.isOver) = ([], true) }
            return state.fault.flatMap { former == nil ? "is not written from here on: \($0)" : nil }
        }
        if let change { onChange("\(visible(path)): \(change)") }
    }

    private func write(_ state: inout State) {
        do throws(SystemError) {
            try calls.writeAll(state.held, to: state.file, patience: 0)
            state.size += state.held.count
            state.held = []
            state.fault = nil
        } catch {
            state.fault = error
            let (file, size) = (state.file, state.size)
            // What is left of a record by a cut that fails ends the file for its readers.
            do throws(SystemError) { try calls.cut(file, size) } catch { state.isOver = true }
        }
    }

    /// Writes what is held back, flushes the file to its disk and closes it.
    ///
    /// - Returns: what became of it.
    @discardableResult
    package func close() -> LineFile.Outcome {
        state.withLock { state in
            guard state.file >= 0 else { return .whole }
            if !state.held.isEmpty, !state.isOver { write(&state) }
            do throws(SystemError) { try calls.flush(state.file) } catch {
                if !error.isUnsupported { state.fault = state.fault ?? error }
            }
            do throws(SystemError) { try calls.closeWhole(state.file) } catch { state.fault = state.fault ?? error }
            state.file = -1
            return state.fault.map { .notWhole("\(visible(path)): cannot be written: \($0)") } ?? .whole
        }
    }
}
