import Dispatch
import FileAccess
import Synchronization
package import TrainProtocol
import Wire

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A training in another process, over its Unix socket.
///
/// ```
///  send ──> RemoteSession ──> socket ──> training
///  drain <── (a mutex) <── one thread of its own
/// ```
/// A class because it has a thread and a connection. What crosses between threads is in one `Mutex`.
package final class RemoteEngine: TrainingEngine {
    package let run: RunDescription

    private let connect: @Sendable () throws(SocketError) -> Int32
    private let log: Log
    private let session: Mutex<RemoteSession>
    private let onNews: @Sendable () -> Void
    private let bell: Bell
    private let isClosing = Atomic<Bool>(false)
    private let closed = DispatchSemaphore(value: 0)

    private let pause: Double
    private let lastWords: @Sendable () -> String?
    /// Milliseconds between two looks at what was printed, and at the clock.
    private static let glance: Int32 = 250

    /// Connects, and goes on trying.
    ///
    /// - Parameters:
    ///   - log: where what the training's command prints can be read.
    ///   - pause: seconds between two attempts to connect.
    ///   - lastWords: why the last connection ended, where somebody said so.
    ///   - connect: opens a connection, which neither reading nor writing will wait for, and which is closed here.
    ///   - onNews: called from the engine's thread when there is something to drain.
    package init(
        title: String, role: RemoteSession.Role = .drive, log: Log = .asTold, pause: Double = 0.5,
        lastWords: @escaping @Sendable () -> String? = { nil }, onNews: @escaping @Sendable () -> Void,
        connect: @escaping @Sendable () throws(SocketError) -> Int32
    ) throws(SocketError) {
        var random = SystemRandomNumberGenerator()
        let name = String(random.next(), radix: 16) + String(random.next(), radix: 16)
        let session = RemoteSession(title: title, name: name, role: role)
        run = session.run
        (self.connect, self.log, self.pause, self.lastWords) = (connect, log, pause, lastWords)
        self.session = Mutex(session)
        self.onNews = onNews
        bell = try Bell()
        DispatchQueue(label: "traintui.remote", qos: .userInitiated).async { [self] in
            serve()
            closed.signal()
        }
    }

    // Its thread holds it as long as it serves, so nobody waits for the bell any more.
    deinit { bell.takeDown() }

    package func send(_ command: Command, id: RequestID) {
        let hasNews = session.withLock { session in
            session.ask(command, id: id)
            return session.hasNews
        }
        bell.ring()
        if hasNews { onNews() }
    }

    package func drain() -> EngineUpdate { session.withLock { $0.drain() } }

    /// Whether an event says nothing but that the training has ended well, for those who say so themselves.
    package static func isFarewell(_ event: Event) -> Bool { event == .notice(RemoteNews.farewell) }

    /// Whether the training has ended, as far as it said so or is known.
    package var isOver: Bool { session.withLock { $0.isOver } }

    /// The process that was to be steered ended, as whoever started it knows.
    package func processEnded(_ reason: String, isGood: Bool) {
        // What it said before it went may still be on the way.
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(300)) { [self] in
            session.withLock { $0.end(reason, isGood: isGood) }
            bell.ring()
            onNews()
        }
    }

    /// Leaves the training as it is, paused where it is and that is wanted, and closes the connection.
    package func detach(keepPaused: Bool) {
        session.withLock { $0.detach(keepPaused: keepPaused) }
        isClosing.store(true, ordering: .sequentiallyConsistent)
        bell.ring()
        _ = closed.wait(timeout: .now() + .seconds(2))
    }

    // MARK: - The thread

    private func serve() {
        var lostAt: Double?
        var output = Output(log.path)
        while !isClosing.load(ordering: .sequentiallyConsistent), !session.withLock({ $0.isOver }) {
            var reason = "its socket is gone"
            do throws(SocketError) {
                let file = try connect()
                session.withLock { $0.connected(at: MonotonicClock.now) }
                reason = talk(file, &output)
                close(file)
                reason = lastWords() ?? reason
                // A command that relays may be there, and nobody at its other end.
                if session.withLock({ $0.isIntroduced }) { lostAt = nil }
            } catch {
                reason = "its socket \(error)"
            }
            if isClosing.load(ordering: .sequentiallyConsistent) { return }
            let since = lostAt ?? MonotonicClock.now
            lostAt = since
            session.withLock { $0.lost(reason, for: MonotonicClock.now - since) }
            _ = follow(&output)
            onNews()
            bell.wait(seconds: pause)
        }
    }

    /// Sends and receives until the connection ends.
    ///
    /// - Returns: why it ended.
    private func talk(_ file: Int32, _ output: inout Output) -> String {
        var waiting: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            waiting += session.withLock { $0.takeOutput() }
            switch LocalSocket.send(&waiting, to: file) {
            case nil: break
            case let error?: return "the connection ended: \(error)"
            }
            if session.withLock({ $0.isOver }) { return "it ended" }
            // Where it is left, what was to be said is said.
            if isClosing.load(ordering: .sequentiallyConsistent), waiting.isEmpty { return "it was left" }
            var descriptors = [
                pollfd(fd: file, events: Int16(POLLIN | (waiting.isEmpty ? 0 : POLLOUT)), revents: 0),
                pollfd(fd: bell.descriptor, events: Int16(POLLIN), revents: 0),
            ]
            poll(&descriptors, 2, Self.glance)
            if descriptors[1].revents != 0 { bell.silence() }
            let count = descriptors[0].revents == 0 ? -1 : read(file, &buffer, buffer.count)
            if count == 0 { return "the process has closed the connection" }
            if count < 0, descriptors[0].revents != 0, errno != EAGAIN, errno != EINTR {
                return "the connection ended: \(SystemError(errno))"
            }
            let outcome = session.withLock { session -> (hasNews: Bool, problem: String?) in
                var problem: String?
                if count > 0 {
                    do throws(WireError) {
                        try session.received(buffer[..<count], at: MonotonicClock.now)
                    } catch {
                        problem = "\(error)"
                    }
                }
                session.tick(at: MonotonicClock.now)
                return (session.hasNews, problem)
            }
            let hasPrinted = follow(&output)
            if outcome.hasNews || hasPrinted { onNews() }
            if let problem = outcome.problem { return problem }
        }
    }

    /// Looks at what was printed since.
    private func follow(_ output: inout Output) -> Bool {
        if log == .asTold, !output.isFollowed, let path = session.withLock({ $0.news.log }) { output = Output(path) }
        guard let lines = output.look(at: MonotonicClock.now) else { return false }
        session.withLock { $0.news.output = lines }
        return true
    }
}

extension RemoteEngine {
    /// Where what a training's command prints can be read.
    package enum Log: Sendable, Equatable {
        /// In this file.
        case file(String)
        /// In the file that the training tells.
        case asTold
        /// Not on this computer.
        case elsewhere

        fileprivate var path: String? { if case .file(let path) = self { path } else { nil } }
    }
}

/// What a training's command prints, as far as it can be read.
private struct Output: ~Copyable {
    private var file: FollowedFile?
    private var printed = PrintedLines()
    private var lookedAt = -1.0

    init(_ path: String?) { file = path.map { FollowedFile(path: $0) } }

    var isFollowed: Bool { file != nil }

    /// The last lines where there are new ones; some times a second and no more.
    mutating func look(at now: Double) -> [String]? {
        guard now - lookedAt > 0.2 else { return nil }
        lookedAt = now
        let new = file?.read() ?? []
        guard !new.isEmpty else { return nil }
        printed.append(new)
        return printed.lines
    }
}
