import Dispatch
import RemoteEngine
import Synchronization
import TrainProtocol
import Wire

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Serves a training to dashboards that come over a Unix socket.
///
/// A class because it has a thread and a socket. What crosses between threads is in one `Mutex`.
final class RunServer: Sendable {
    private let engine: any TrainingEngine
    private let visitors: Mutex<Visitors>
    private let first: ListeningSocket
    private let name: String
    private let bell: Bell
    private let isClosing = Atomic<Bool>(false)
    private let closed = DispatchSemaphore(value: 0)

    /// Begins to listen under a name.
    init(_ engine: any TrainingEngine, name: String, version: String) throws(SocketError) {
        self.engine = engine
        first = try ListeningSocket(SocketFolder.standard, name: name)
        self.name = name
        bell = try Bell()
        var host = [CChar](repeating: 0, count: 256)
        gethostname(&host, host.count - 1)
        let hostName = String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        visitors = Mutex(
            Visitors(
                engine.run, name: name,
                peer: [
                    "framework": .string("traintui \(version)"), "api": "core",
                    "pid": JSONTree(count: Int(getpid())), "host": .string(hostName),
                ], at: MonotonicClock.now))
        DispatchQueue(label: "traintui.server", qos: .userInitiated).async { [self] in
            serve()
            closed.signal()
        }
    }

    /// Tells all who came what happened.
    ///
    /// - Returns: the same without the answers to their requests.
    func tell(_ update: EngineUpdate) -> EngineUpdate {
        let own = visitors.withLock { $0.tell(update, at: MonotonicClock.now) }
        bell.ring()
        return own
    }

    /// Something is asked for where the training runs.
    func askedHere(_ command: Command) { visitors.withLock { $0.askedHere(command) } }

    /// Tells that the run is over, and waits a little until that is said.
    func close() {
        visitors.withLock { $0.end() }
        isClosing.store(true, ordering: .sequentiallyConsistent)
        bell.ring()
        _ = closed.wait(timeout: .now() + .seconds(2))
    }

    // MARK: - The thread

    private func serve() {
        var connections: [Int32] = []
        var listener = first
        defer {
            for file in connections { closeFile(file) }
            listener.close()
        }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var closingAt: Double?
        var listens = true
        while true {
            if isClosing.load(ordering: .sequentiallyConsistent) {
                closingAt = closingAt ?? MonotonicClock.now
                if connections.isEmpty || MonotonicClock.now - (closingAt ?? 0) > 1 { return }
            }
            if listener.isGone, let anew = listenAnew() {
                closeFile(listener.descriptor)
                listener = anew
            }
            let waiting = visitors.withLock { visitors in connections.map { visitors.isWaiting(Int($0)) } }
            var polled = [
                pollfd(fd: bell.descriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: listens ? listener.descriptor : -1, events: Int16(POLLIN), revents: 0),
            ]
            for (file, isWaiting) in zip(connections, waiting) {
                polled.append(pollfd(fd: file, events: Int16(isWaiting ? POLLIN | POLLOUT : POLLIN), revents: 0))
            }
            poll(&polled, nfds_t(polled.count), 1000)
            if polled[0].revents != 0 { bell.silence() }
            let comes = polled[1].revents != 0
            let file = comes ? listener.accept() : nil
            // Whom the system lets nobody take in, for want of descriptors say, would wake this thread over and over.
            listens = !comes || file != nil
            if let file {
                if visitors.withLock({ $0.come(Int(file), at: MonotonicClock.now) }) {
                    connections.append(file)
                } else {
                    closeFile(file)
                }
            }
            var gone: Set<Int32> = []
            for one in polled.dropFirst(2) where one.revents != 0 && !hear(one.fd, &buffer) { gone.insert(one.fd) }
            for file in connections where !gone.contains(file) && !write(to: file) { gone.insert(file) }
            let (strangers, resumes) = visitors.withLock { $0.tick(at: MonotonicClock.now) }
            gone.formUnion(strangers.map { Int32($0) })
            for file in gone {
                visitors.withLock { $0.go(Int(file), at: MonotonicClock.now) }
                closeFile(file)
            }
            connections.removeAll { gone.contains($0) }
            // Nobody who paused it is there any more.
            if resumes { engine.send(.resume, id: RequestID(0)) }
        }
    }

    /// Listens where trainings of this user listen now; nil where that cannot be, and it is tried again.
    private func listenAnew() -> ListeningSocket? {
        do throws(SocketError) { return try ListeningSocket(SocketFolder.standard, name: name) } catch { return nil }
    }

    /// Reads what came. False where the connection has ended.
    private func hear(_ file: Int32, _ buffer: inout [UInt8]) -> Bool {
        let count = read(file, &buffer, buffer.count)
        if count == 0 { return false }
        if count < 0 { return errno == EAGAIN || errno == EINTR }
        let asked = visitors.withLock { $0.receive(buffer[..<count], from: Int(file), at: MonotonicClock.now) }
        for (command, id) in asked { engine.send(command, id: id) }
        return true
    }

    /// Writes what the connection takes. False where it has ended, or is to be.
    private func write(to file: Int32) -> Bool {
        guard var output = visitors.withLock({ $0.takeOutput(of: Int(file)) }) else { return false }
        if LocalSocket.send(&output, to: file) != nil { return false }
        if !output.isEmpty { visitors.withLock { $0.putBack(output[...], of: Int(file)) } }
        return true
    }
}
