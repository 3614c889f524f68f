import CTerminalGuard

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Signals as something to poll, and the terminal put back whatever happens.
///
/// ```
/// handler, training queue --wake--> descriptor --poll--> main loop: drainSignals(), then the engine's news
/// ```
/// A crash (a Swift trap among them) writes the bytes that leave the screen, puts the modes back and lets the process
/// die of its signal. A program that hangs can still be ended: the second SIGTERM or SIGHUP, or the third SIGINT,
/// that nobody drained does the same and exits with 128 + n.
public enum TerminalGuard {
    /// The signals that ``drainSignals()`` tells of, in this order.
    public static let signals: [Int32] = [SIGTERM, SIGHUP, SIGINT, SIGTSTP, SIGCONT, SIGWINCH]

    /// Starts noticing signals; call it before ``Screen`` is made, again if you like.
    ///
    /// - Returns: the descriptor to poll for reading.
    public static func install() throws(TerminalError) -> Int32 {
        let descriptor = terminal_guard_install()
        guard descriptor >= 0 else {
            throw TerminalError("no pipe for signals: \(String(cString: strerror(errno)))")
        }
        return descriptor
    }

    /// Makes the descriptor readable, so that the main loop looks for news; from any thread, at any rate.
    public static func wake() { terminal_guard_wake() }

    /// The signals since the last call, as often as they came. Empties the descriptor: look for news after it.
    public static func drainSignals() -> [Int32] {
        terminal_guard_drain()
        return signals.flatMap { Array(repeating: $0, count: Int(terminal_guard_take($0))) }
    }
}
