import Foundation
import RemoteEngine
import Synchronization
import Wording

/// Waits on a thread of its own for a started process to end, and tells whoever steers it.
///
/// A class because the thread and the caller share it.
final class Reaper: Sendable {
    private let process: LaunchedProcess
    private let ended = Mutex<LaunchedProcess.End?>(nil)
    private let reaped = DispatchSemaphore(value: 0)

    /// - Parameters:
    ///   - log: what the process prints: its last line says why it ended badly.
    ///   - engine: what is told of the end.
    init(of process: LaunchedProcess, log: String, telling engine: RemoteEngine) {
        self.process = process
        Thread.detachNewThread { [self] in
            let end = process.wait()
            ended.withLock { $0 = end }
            let words = end == .code(0) ? end.words : "\(end.words)\(LastLine(of: log).words)"
            engine.processEnded(words, isGood: end == .code(0))
            reaped.signal()
        }
    }

    /// How the process ended; nil while it runs.
    var end: LaunchedProcess.End? { ended.withLock { $0 } }

    /// Waits for the end, once and not for longer than this.
    func wait(seconds: Double) -> LaunchedProcess.End? {
        _ = reaped.wait(timeout: .now() + seconds)
        return end
    }

    /// Ends the process if it runs then still.
    func end(in seconds: Double) {
        DispatchQueue.global().asyncAfter(deadline: .now() + seconds) { [self] in
            if end == nil { kill(process.id, SIGTERM) }
        }
    }
}
