import FileAccess
import RemoteEngine

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A Unix socket that listens, in the folder of this user's trainings: 0600 in a folder of 0700.
struct ListeningSocket: Sendable {
    let descriptor: Int32
    private let path: String

    /// Listens under a name, in the place of a socket that nobody listens on any more. Neither accepting nor what is done
    /// with connections will wait.
    init(_ folder: SocketFolder, name: String) throws(SocketError) {
        if mkdir(folder.path, 0o700) != 0, errno != EEXIST {
            throw SocketError("\(folder.path) cannot be made: \(SystemError(errno))")
        }
        do throws(SocketError) { _ = try folder.check() } catch { throw SocketError("\(folder.path) \(error)") }
        path = folder.path(of: name)
        guard path.utf8.count <= LocalSocket.longestPath else {
            throw SocketError(
                "\(path) is longer than the \(LocalSocket.longestPath) bytes that a socket's path may have")
        }
        descriptor = socket(AF_UNIX, LocalSocket.stream, 0)
        guard descriptor >= 0 else { throw SocketError("\(path) cannot be made: \(SystemError(errno))") }
        var isBound = Self.bind(descriptor, path)
        if !isBound, errno == EADDRINUSE {
            do throws(SocketError) {
                closeFile(try LocalSocket(connectingTo: path).descriptor)
            } catch {
                // Nobody listens there any more.
                unlink(path)
                isBound = Self.bind(descriptor, path)
            }
        }
        guard isBound, chmod(path, 0o600) == 0, listen(descriptor, 16) == 0,
            fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0, fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0
        else {
            let error = SystemError(errno)
            closeFile(descriptor)
            throw SocketError("\(path) cannot be listened on: \(error)")
        }
    }

    private static func bind(_ descriptor: Int32, _ path: String) -> Bool {
        LocalSocket.withAddress(path) { bindSocket(descriptor, $0, $1) } == 0
    }

    /// Takes in who comes; nil where nobody does, or another user.
    func accept() -> Int32? {
        let file = acceptSocket(descriptor, nil, nil)
        guard file >= 0 else { return nil }
        guard LocalSocket.isOfThisUser(file), fcntl(file, F_SETFL, O_NONBLOCK) == 0,
            fcntl(file, F_SETFD, FD_CLOEXEC) == 0
        else {
            closeFile(file)
            return nil
        }
        return file
    }

    /// Whether nobody finds it any more: a logout removes the files in `/run/user/UID`.
    var isGone: Bool { access(path, F_OK) != 0 }

    /// Listens no more.
    func close() {
        unlink(path)
        closeFile(descriptor)
    }
}

// The system's calls, where a method has their names.

func closeFile(_ file: Int32) { close(file) }

private func bindSocket(_ file: Int32, _ address: UnsafePointer<sockaddr>, _ size: socklen_t) -> Int32 {
    bind(file, address, size)
}

private func acceptSocket(
    _ file: Int32, _ address: UnsafeMutablePointer<sockaddr>?, _ size: UnsafeMutablePointer<socklen_t>?
) -> Int32 { accept(file, address, size) }
