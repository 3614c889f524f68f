package import FileAccess
import Wording

#if canImport(Glibc)
package import Glibc
#elseif canImport(Musl)
package import Musl
#elseif canImport(Darwin)
package import Darwin
#endif

/// A connection to a Unix socket that another process of the same user listens on.
package struct LocalSocket: Sendable {
    /// The open descriptor. Whoever connected closes it.
    package let descriptor: Int32
    /// The process that listens; nil where the system does not tell.
    package let process: Int32?

    /// Bytes in a socket's path, the zero at its end left out.
    package static let longestPath = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

    /// The kind of socket.
    #if canImport(Glibc)
    package static let stream = Int32(SOCK_STREAM.rawValue)
    #else
    package static let stream = SOCK_STREAM
    #endif

    /// Connects. Neither reading nor writing will wait.
    ///
    /// - Throws: why not, as a sentence's second half: "cannot be reached: Connection refused".
    package init(connectingTo path: String) throws(SocketError) {
        guard path.utf8.count <= Self.longestPath else {
            throw SocketError("is longer than the \(Self.longestPath) bytes that a socket's path may have")
        }
        try Self.check(path)
        let file = socket(AF_UNIX, Self.stream, 0)
        guard file >= 0 else { throw SocketError("cannot be reached: \(SystemError(errno))") }
        let outcome = Self.withAddress(path) { connect(file, $0, $1) }
        guard outcome == 0, fcntl(file, F_SETFL, O_NONBLOCK) == 0, fcntl(file, F_SETFD, FD_CLOEXEC) == 0 else {
            let error = SystemError(errno)
            close(file)
            throw SocketError("cannot be reached: \(error)")
        }
        let (process, user) = Self.peer(file)
        guard user == nil || user == getuid() else {
            close(file)
            throw SocketError("is another user's")
        }
        (descriptor, self.process) = (file, process)
    }

    /// Of the socket itself, not of what a link leads to.
    private static func check(_ path: String) throws(SocketError) {
        let status: FileStatus
        do throws(SystemError) { status = try SystemCalls.posix.statusOfLink(path) } catch {
            throw SocketError("cannot be reached: \(error)")
        }
        guard status.kind == .socket else { throw SocketError("is no socket") }
        guard status.owner == getuid() else { throw SocketError("is another user's") }
    }

    /// Lends a path, of ``longestPath`` bytes at most, as the system's calls want it.
    package static func withAddress<Outcome>(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Outcome
    ) -> Outcome {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    /// Sends what a connection takes at once, and leaves the rest.
    ///
    /// - Returns: why the connection has ended; nil where it has not.
    package static func send(_ bytes: inout [UInt8], to file: Int32) -> SystemError? {
        while !bytes.isEmpty {
            // A peer that has gone is an error here, and no signal.
            let count = bytes.withUnsafeBytes { sendto(file, $0.baseAddress, $0.count, noSignal, nil, 0) }
            if count < 0 { return errno == EAGAIN || errno == EINTR ? nil : SystemError(errno) }
            bytes.removeFirst(count)
        }
        return nil
    }

    #if os(Linux)
    private static let noSignal = Int32(MSG_NOSIGNAL)
    #else
    private static let noSignal: Int32 = 0
    #endif

    /// Whether the other end of a connection is this user's, as far as the system tells.
    package static func isOfThisUser(_ file: Int32) -> Bool {
        let user = peer(file).user
        return user == nil || user == getuid()
    }

    private static func peer(_ file: Int32) -> (process: Int32?, user: UInt32?) {
        #if os(Linux)
        // struct ucred, which Swift does not import: process, user, group.
        var credentials: (Int32, UInt32, UInt32) = (0, 0, 0)
        var size = socklen_t(MemoryLayout.size(ofValue: credentials))
        guard getsockopt(file, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0 else { return (nil, nil) }
        return (credentials.0, credentials.1)
        #else
        var (user, group): (uid_t, gid_t) = (0, 0)
        return (nil, getpeereid(file, &user, &group) == 0 ? user : nil)
        #endif
    }
}

/// Why a socket cannot be used, as a sentence's second half.
package struct SocketError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The half sentence.
    package let description: String

    package init(_ description: String) { self.description = description }
}
