import FileAccess

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A pipe that wakes a thread that polls.
package struct Bell: Sendable {
    /// What is polled.
    package let descriptor: Int32
    private let rope: Int32

    package init() throws(SocketError) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw SocketError("cannot be waited for: \(SystemError(errno))") }
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        (descriptor, rope) = (ends[0], ends[1])
    }

    /// Wakes it.
    package func ring() {
        var byte: UInt8 = 1
        // A pipe that is full rings already.
        _ = write(rope, &byte, 1)
    }

    /// It is awake.
    package func silence() {
        var bytes = [UInt8](repeating: 0, count: 256)
        while read(descriptor, &bytes, bytes.count) > 0 {}
    }

    /// Ends it. Nobody may ring or wait any more.
    package func takeDown() {
        close(descriptor)
        close(rope)
    }

    /// Waits to be woken, so many seconds at most.
    package func wait(seconds: Double) {
        var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        if poll(&polled, 1, Int32(seconds * 1000)) > 0 { silence() }
    }
}
