import Synchronization
package import Wording

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Standard output. Nothing in it can trap; the first write that fails is remembered, and nothing is written after it, so
/// that what was written is the whole beginning of what was to be.
///
/// A class because there is one; a lock makes it safe on any thread.
package final class StandardOutput: Sendable {
    /// How text for people is spelled.
    package let spelling: Spelling
    private let calls: SystemCalls
    /// Whether it was closed when the program began.
    private let wasClosed: Bool
    private let isTerminal: Bool
    private let fault = Mutex<SystemError?>(nil)
    private static let file: Int32 = 1

    /// - Parameter wasClosed: whether what it leads to was put there by this program, because there was nothing.
    package init(_ calls: SystemCalls, spelling: Spelling, wasClosed: Bool = false) {
        self.calls = calls
        self.spelling = spelling
        self.wasClosed = wasClosed
        isTerminal = isatty(Self.file) == 1
    }

    /// Why nothing more is written; nil while all was.
    package var failure: SystemError? { fault.withLock { $0 } }

    /// Whether it is a terminal that takes nothing any more: its window was closed, or the connection to it.
    package var isHungUp: Bool { isTerminal && failure != nil }

    /// Writes text as it is.
    ///
    /// - Parameter isAskedFor: whether it is what the command was for: a script, a line of JSON. What is only said on the
    ///   way is not missed by who started the program without a standard output.
    package func write(_ text: String, isAskedFor: Bool = true) {
        if wasClosed, isAskedFor { fault.withLock { $0 = $0 ?? .badDescriptor } }
        send(text)
    }

    /// Writes what the command was for as text for people: made harmless, but for the line ends.
    package func answer(_ text: String) { write(spelling.lines(text)) }

    /// Says something on the way, made harmless but for the line ends.
    package func say(_ text: String) { write(spelling.lines(text), isAskedFor: false) }

    private func send(_ text: String) {
        fault.withLock { fault in
            guard fault == nil, !wasClosed, !text.isEmpty else { return }
            do throws(SystemError) {
                // Whoever reads a pipe may take his time.
                try calls.writeAll(text.utf8, to: Self.file, patience: .max / 2)
            } catch {
                fault = error
            }
        }
    }

    /// Ends the output: some systems say only now that it was not written.
    ///
    /// - Returns: why not all of it was written; nil where it was, and where it was meant for somebody who has gone.
    package func close() -> SystemError? {
        fault.withLock { fault in
            if isTerminal, fault != nil { return nil }
            guard fault == nil else { return fault }
            do throws(SystemError) {
                try calls.closeWhole(Self.file)
            } catch {
                if error != .badDescriptor { fault = error }
            }
            return fault
        }
    }
}
