import FileAccess
import Foundation
import RemoteEngine
import Synchronization
import Wording

/// Where a training can be talked with.
struct TrainingPlace: Sendable {
    let way: Way
    /// What it is called until it says so itself.
    let title: String
    /// Where what its command prints can be read.
    let log: RemoteEngine.Log
    /// What the command on the way there complained of last.
    let complaint = Complaint()
    /// Seconds between two attempts to get there. A computer may shut out those who knock too often.
    var pause: Double { if case .command = way { 2 } else { 0.5 } }

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
        (title, log) = (named, .elsewhere)
        // A question for a password would be asked in the middle of the dashboard. A connection over which nothing gets any more
        // is to end, as only then a new one is made.
        let options = ["BatchMode=yes", "ConnectTimeout=10", "ServerAliveInterval=4", "ServerAliveCountMax=2"]
        way = .command(["ssh", "-T"] + options.flatMap { ["-o", $0] } + [host, relay])
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
            var errors: [Int32] = [0, 0]
            guard pipe(&errors) == 0 else {
                let problem = SystemError(errno)
                for end in ends { close(end) }
                throw SocketError("cannot be reached: \(problem)")
            }
            for end in ends + errors { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            for end in [ends[0], errors[0]] { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
            defer { close(errors[1]) }
            do throws(Failure) {
                let process = try LaunchedProcess(command, talkingOver: ends[1], complainingTo: errors[1])
                // Whoever reads that it has ended knows why: the other end is closed behind that.
                let (talk, read) = (ends[1], errors[0])
                Thread.detachNewThread { [complaint] in
                    let end = process.wait()
                    complaint.read(from: read)
                    if end == .code(0) { _ = complaint.take() }
                    close(read)
                    close(talk)
                }
            } catch {
                for end in ends + [errors[0]] { close(end) }
                throw SocketError("cannot be reached: \(error.line)")
            }
            return ends[0]
        }
    }
}

/// The last line that a command complained with.
///
/// A class because one thread reads it and another one asks for it.
final class Complaint: Sendable {
    private let line = Mutex<String?>(nil)

    /// Reads what is there, and waits for no more: whom the command leaves behind may hold the other end.
    func read(from file: Int32) {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = Foundation.read(file, &bytes, bytes.count)
        let lines = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).split { $0.isNewline }
        guard let last = lines.last(where: { !$0.allSatisfy(\.isWhitespace) }) else { return }
        line.withLock { $0 = String(last) }
    }

    /// The line, once.
    @Sendable func take() -> String? {
        line.withLock { line in
            defer { line = nil }
            return line
        }
    }
}
