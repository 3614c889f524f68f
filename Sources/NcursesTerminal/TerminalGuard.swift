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
/// What each signal does is in ``TerminalSignal/table``. A crash (a Swift trap among them) writes the bytes that leave the
/// screen, puts the modes back and lets the process die of its signal.
///
/// Whoever is told of a signal that ends has one second, and more where weights are to be written
/// (``allowSaving()``). A process that hangs is ended then, or by a second signal. Output that nobody reads does not make
/// it hang: it is given up after 200 ms.
package enum TerminalGuard {
    /// Puts the table in force, first of all in the main thread; until somebody listens a signal that ends does so at
    /// once.
    package static func install() { terminal_guard_install() }

    /// From now on signals are told of; whoever calls this ends the run when one says so.
    ///
    /// - Returns: the descriptor to poll for reading.
    package static func listen() throws(TerminalError) -> Int32 {
        let descriptor = terminal_guard_listen()
        guard descriptor >= 0 else {
            throw TerminalError("no pipe for signals: \(String(cString: strerror(errno)))")
        }
        return descriptor
    }

    /// Makes the descriptor readable, so that the main loop looks for news; from any thread, at any rate.
    package static func wake() { terminal_guard_wake() }

    /// The signals since the last call, as often as they came, by number. Empties the descriptor: look for news after it.
    package static func drainSignals() -> [TerminalSignal] {
        terminal_guard_drain()
        var signals: [TerminalSignal] = []
        while let signal = TerminalSignal(number: terminal_guard_next()) { signals.append(signal) }
        return signals
    }

    /// Sleeps until there is a signal or a wake.
    package static func wait(on descriptor: Int32) {
        var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        poll(&polled, 1, -1)
    }

    /// Whether the process was started so that a terminal's end does not end it, as by nohup.
    package static var ignoresHangups: Bool { terminal_guard_ignores_hangups() != 0 }

    /// What is written to standard output or error from now on goes nowhere, without an error, where its terminal or reader
    /// is gone.
    package static func giveUpOutputs() { terminal_guard_give_up_outputs() }

    /// A run that was told to end, or is now, has weights to write: it may take nine seconds, less than batch systems wait
    /// before they kill.
    package static func allowSaving() { terminal_guard_allow(Int32(terminal_guard_saving_milliseconds)) }

    /// The weights are written: what is left to do may take one second.
    package static func endSaving() { terminal_guard_allow(Int32(terminal_guard_usual_milliseconds)) }
}
