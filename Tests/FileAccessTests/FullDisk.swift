import FileAccess
import Synchronization

/// The system's calls over a disk of which a test says how much room it has, on a clock that the test turns.
final class FullDisk: Sendable {
    private struct State {
        var room = Int.max
        var cutFails = false
        var interruptions = 0
        var error = SystemError.noSpace
        var time: UInt64 = 0
        var attempts = 0
    }

    private let state = Mutex(State())

    /// Bytes that the disk still takes.
    var room: Int {
        get { state.withLock { $0.room } }
        set { state.withLock { $0.room = newValue } }
    }
    /// What it says when it takes no more.
    var error: SystemError {
        get { state.withLock { $0.error } }
        set { state.withLock { $0.error = newValue } }
    }
    /// Whether nothing can be cut off.
    var cutFails: Bool {
        get { state.withLock { $0.cutFails } }
        set { state.withLock { $0.cutFails = newValue } }
    }
    /// How often a signal comes before each write.
    var interruptions: Int {
        get { state.withLock { $0.interruptions } }
        set { state.withLock { $0.interruptions = newValue } }
    }
    /// Writes that were tried.
    var attempts: Int { state.withLock { $0.attempts } }

    func pass(seconds: Double) { state.withLock { $0.time += UInt64(seconds * 1e9) } }

    var calls: SystemCalls {
        var calls = SystemCalls.posix
        calls.now = { [self] in state.withLock { $0.time } }
        calls.write = { [self] (file, bytes) throws(SystemError) in
            let count = try state.withLock { (state) throws(SystemError) in
                state.attempts += 1
                if state.interruptions > 0 {
                    state.interruptions -= 1
                    throw .interrupted
                }
                guard state.room > 0 else { throw state.error }
                let count = min(state.room, bytes.count)
                state.room -= count
                return count
            }
            return try SystemCalls.posix.write(file, UnsafeRawBufferPointer(rebasing: bytes[..<count]))
        }
        calls.cut = { [self] (file, size) throws(SystemError) in
            if cutFails { throw .inputOutput }
            try SystemCalls.posix.cut(file, size)
        }
        return calls
    }
}
