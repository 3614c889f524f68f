import ArgumentParser
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
    private let began: String
    private let place: @Sendable (_ title: String, _ began: String) throws -> RunJournal
    private let journal = Mutex<RunJournal?>(nil)

    /// - Parameters:
    ///   - origin: the journal that was followed.
    ///   - path: its path.
    ///   - place: opens the new one, for a title and the time at which the run began.
    init(
        of origin: JournalFile, at path: String, began: String,
        place: @escaping @Sendable (_ title: String, _ began: String) throws -> RunJournal = {
            try JournalFolder.standard.makeJournal(title: $0, began: $1)
        }
    ) {
        self.origin = origin
        self.began = began
        self.place = place
        originPath = URL(filePath: path).standardizedFileURL.path(percentEncoded: false)
    }

    /// Where it is, nil where there is none.
    var path: String? { journal.withLock { $0?.path } }

    /// Writes down what the run did.
    func append(_ entry: JournalEntry) throws {
        try journal.withLock { journal in
            if let journal { return try journal.append(entry) }
            let new = try place(origin.header.title, began)
            journal = new
            var header = origin.header
            header.program = Traintui.configuration.version
            header.began = began
            header.origin = originPath
            try new.begin(header)
            for former in origin.entries {
                // The run did not end there.
                if case .ended = former { continue }
                try new.append(former)
            }
            try new.append(entry)
        }
    }
}
