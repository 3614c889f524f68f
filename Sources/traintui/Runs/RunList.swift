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
        let folders = Array(folders)
        let pieces = min(folders.count, 4 * ProcessInfo.processInfo.activeProcessorCount)
        let runs = Mutex([ListedRun?](repeating: nil, count: folders.count))
        DispatchQueue.concurrentPerform(iterations: pieces) { piece in
            let part = piece * folders.count / pieces..<(piece + 1) * folders.count / pieces
            let read = part.map { ListedRun(folders[$0]) }
            runs.withLock { runs in for (index, run) in zip(part, read) { runs[index] = run } }
        }
        return runs.withLock { $0.compactMap { $0 } }
    }
}
