import Synchronization
package import Wording

/// Standard error. Nothing in it can trap, and nobody waits long: where a reader takes nothing for a second, what is to
/// be said to it from then on is said only as far as it goes at once.
///
/// A class because there is one; a lock makes it safe on any thread.
package final class StandardError: Sendable {
    /// How text for people is spelled.
    package let spelling: Spelling
    private let calls: SystemCalls
    private let isStalled = Mutex(false)
    private static let file: Int32 = 2
    /// POSIX has a pipe that can be written to take so many bytes at once.
    private static let chunk = 512
    private static let patience: Int32 = 1000

    package init(_ calls: SystemCalls, spelling: Spelling) {
        self.calls = calls
        self.spelling = spelling
    }

    /// Says something in a line, made harmless.
    package func say(_ line: String) { write(spelling.line(line) + "\n") }

    /// Says something in some lines, made harmless but for the line ends.
    package func sayLines(_ text: String) { write(spelling.lines(text) + "\n") }

    /// Writes what this program made up itself, escape sequences and all.
    package func write(_ text: String) {
        let bytes = Array(text.utf8)
        isStalled.withLock { isStalled in
            var done = 0
            while done < bytes.count {
                // Without the question a full pipe, or a terminal stopped by Ctrl-S, would hold the program up.
                guard calls.waitToWrite(Self.file, isStalled ? 0 : Self.patience) else {
                    isStalled = true
                    return
                }
                isStalled = false
                do throws(SystemError) {
                    let count = try bytes.withUnsafeBufferPointer { (buffer) throws(SystemError) in
                        let chunk = UnsafeBufferPointer(rebasing: buffer[done..<min(done + Self.chunk, buffer.count)])
                        return try SystemCalls.retrying { () throws(SystemError) in
                            try calls.write(Self.file, UnsafeRawBufferPointer(chunk))
                        }
                    }
                    guard count > 0 else { return }
                    done += count
                } catch {
                    // There is no other place to say it.
                    return
                }
            }
        }
    }
}
