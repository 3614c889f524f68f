import FileAccess
import Foundation
import RemoteEngine
import Wording

/// Where a training can be talked with.
struct TrainingPlace: Sendable {
    let way: Way
    /// What it is called until it says so itself.
    let title: String
    /// Where what its command prints can be read.
    let log: RemoteEngine.Log

    /// The way there: its socket, or a command whose standard input and output are one.
    enum Way: Sendable {
        case socket(path: String)
        case command([String])
    }

    /// A training on this computer.
    init(socket path: String, title: String, log: RemoteEngine.Log = .asTold) {
        (way, self.title, self.log) = (.socket(path: path), title, log)
    }

    /// The training of another computer, over ssh; nil where the name says none: "gpu1:train".
    init?(host named: String) {
        guard let colon = named.firstIndex(of: ":"), colon != named.startIndex, !named.contains("/"),
            // No host begins so, but options do.
            !named.hasPrefix("-")
        else { return nil }
        let (host, run) = (String(named[..<colon]), String(named[named.index(after: colon)...]))
        let relay = "traintui relay" + (run.isEmpty ? "" : " '\(run.replacing("'", with: "'\\''"))'")
        // A question for a password would be asked in the middle of the dashboard.
        (title, log) = (named, .elsewhere)
        way = .command(["ssh", "-T", "-o", "BatchMode=yes", host, relay])
    }

    /// Connects.
    ///
    /// - Returns: a descriptor that is the caller's to close.
    func connect() throws(SocketError) -> Int32 {
        switch way {
        case .socket(let path): return try LocalSocket(connectingTo: path).descriptor
        case .command(let command):
            var ends: [Int32] = [0, 0]
            guard socketpair(AF_UNIX, LocalSocket.stream, 0, &ends) == 0 else {
                throw SocketError("cannot be reached: \(SystemError(errno))")
            }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
            defer { close(ends[1]) }
            do throws(Failure) {
                let process = try LaunchedProcess(command, talkingOver: ends[1])
                Thread.detachNewThread { _ = process.wait() }
            } catch {
                close(ends[0])
                throw SocketError("cannot be reached: \(error.line)")
            }
            return ends[0]
        }
    }
}
