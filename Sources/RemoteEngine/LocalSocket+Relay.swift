#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension LocalSocket {
    /// Passes what comes in on standard input to a socket, and what comes from there to standard output, until one of
    /// them ends.
    package static func relay(_ path: String) throws(SocketError) {
        let socket = try LocalSocket(connectingTo: path)
        defer { close(socket.descriptor) }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var waiting: [UInt8] = []
        while true {
            // Nothing more is read than what the other side takes.
            var descriptors = [
                pollfd(fd: socket.descriptor, events: Int16(POLLIN | (waiting.isEmpty ? 0 : POLLOUT)), revents: 0),
                pollfd(fd: waiting.isEmpty ? 0 : -1, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&descriptors, 2, -1) > 0 else { continue }
            if descriptors[0].revents & Int16(POLLIN | POLLHUP | POLLERR) != 0 {
                let count = read(socket.descriptor, &buffer, buffer.count)
                if count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR) { return }
                var written = 0
                while written < count {
                    let some = buffer[written..<count].withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
                    guard some > 0 else { return }
                    written += some
                }
            }
            if descriptors[1].revents != 0 {
                let count = read(0, &buffer, buffer.count)
                guard count > 0 else { return }
                waiting += buffer[..<count]
            }
            if send(&waiting, to: socket.descriptor) != nil { return }
        }
    }
}
