import Dispatch
import FileAccess
import Foundation
import Synchronization

/// A run as a list shows it.
struct ListedRun: Equatable {
    let folder: RunFolder
    /// What its `run.json` says; nil where there is none, as of runs of earlier programs.
    let record: RunRecord?
    /// Whether a process trains it.
    let isOwned: Bool

    init(_ folder: RunFolder) {
        self.folder = folder
        record = RunRecord.read(folder.record)
        // Of a run that has ended nobody has to ask.
        isOwned = record?.state == .running && folder.isOwned
    }

    /// "running", "cut off", "stopped", "done", "diverged"; nil where nobody knows.
    var state: String? {
        switch record?.state {
        case .running?: isOwned ? "running" : "cut off"
        case let state?: state.rawValue
        case nil: nil
        }
    }
}

/// The runs there are, read on all processors at once.
enum RunList {
    static func read(_ folders: some RandomAccessCollection<RunFolder>) -> [ListedRun] {
        Array(folders).mapOnAllProcessors { ListedRun($0) }
    }
}

extension Array where Element: Sendable {
    /// As `map`, in pieces that the processors share.
    func mapOnAllProcessors<Result: Sendable>(_ transform: @Sendable (Element) -> Result) -> [Result] {
        let pieces = Swift.min(count, 4 * ProcessInfo.processInfo.activeProcessorCount)
        let results = Mutex([[Result]](repeating: [], count: pieces))
        DispatchQueue.concurrentPerform(iterations: pieces) { piece in
            let part = self[(piece * count / pieces)..<((piece + 1) * count / pieces)].map(transform)
            results.withLock { $0[piece] = part }
        }
        return results.withLock { $0.flatMap { $0 } }
    }
}
