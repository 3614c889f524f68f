import Dispatch
import Synchronization
import TrainProtocol

/// Where requests wait for the training queue. Whoever posts never waits; the training queue looks between steps.
final class Mailbox: Sendable {
    /// A command with the name that its sender gave it.
    struct Request: Sendable {
        let command: Command
        let id: RequestID
    }

    private let requests = Mutex<[Request]>([])
    /// Lets the training queue see at the price of one load that there is nothing.
    private let hasMail = Atomic<Bool>(false)
    /// Counts posts; wakes a training queue that waits. May run ahead of the mail: a waiter looks again.
    private let posts = DispatchSemaphore(value: 0)

    func post(_ command: Command, id: RequestID) {
        requests.withLock { $0.append(Request(command: command, id: id)) }
        hasMail.store(true, ordering: .releasing)
        posts.signal()
    }

    /// Ends a wait without a request.
    func wake() {
        hasMail.store(true, ordering: .releasing)
        posts.signal()
    }

    /// Takes all that is there, in order.
    func take() -> [Request] {
        guard hasMail.exchange(false, ordering: .acquiring) else { return [] }
        return requests.withLock { requests in
            defer { requests = [] }
            return requests
        }
    }

    /// Waits for mail, at most until `deadline`.
    func wait(until deadline: DispatchTime = .distantFuture) {
        while !hasMail.load(ordering: .acquiring) {
            if posts.wait(timeout: deadline) == .timedOut { return }
        }
    }
}
