import ArgumentParser
import FileAccess
import Foundation
import JSONLines
import Synchronization
import TrainProtocol

/// The journal of a run that goes on where another journal ends: a file of its own, which begins with what the other one
/// tells, so that it can be replayed alone.
///
/// Whoever only watches a replay leaves nothing behind: the file is made with the first thing that the run does of its
/// own.
///
/// A class because the training's thread writes to it, and whoever waited for its end asks where it is.
final class ContinuedJournal: Sendable {
    private let origin: JournalFile
    private let originPath: String
    private let began: Date
    private let calls: SystemCalls
    private let notices: Notices
    private let journal = Mutex<RunJournal?>(nil)

    /// - Parameters:
    ///   - origin: the journal that was followed.
    ///   - path: its path.
    ///   - notices: gets a sentence when writing fails, and when it goes on.
    init(of origin: JournalFile, at path: String, began: Date, _ calls: SystemCalls, _ notices: Notices) {
        self.origin = origin
        self.began = began
        self.calls = calls
        self.notices = notices
        originPath = URL(filePath: path).standardizedFileURL.path(percentEncoded: false)
    }

    /// Where it is, nil where there is none.
    var path: String? { journal.withLock { $0?.path } }

    /// Writes down what the run did.
    func append(_ entry: JournalEntry) throws(FileError) {
        try journal.withLock { (journal) throws(FileError) in
            if let journal { return journal.append(entry) }
            let new = try begin()
            journal = new
            for former in origin.entries {
                // The run did not end there.
                if case .ended = former { continue }
                new.append(former)
            }
            new.append(entry)
        }
    }

    /// Writes what is held back, and says what became of the file; nil where there is none.
    func close() -> LineFile.Outcome? { journal.withLock { $0?.close() } }

    private func begin() throws(FileError) -> RunJournal {
        var header = origin.header
        header.program = Traintui.configuration.version
        header.began = began.formatted(.iso8601)
        header.origin = originPath
        let (calls, notices) = (calls, notices)
        return try JournalFolder.standard().makeJournal(title: origin.header.title, began: began) {
            (path) throws(FileError) in
            try RunJournal(path: path, header: header, calls) { notices.tell($0) }
        }
    }
}
