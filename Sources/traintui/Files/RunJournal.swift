import Foundation
import JSONLines
import TrainProtocol
import Wording

/// The file that a run's journal is written to, a line at a time, each at once.
///
/// A class because the file is one thing that is written to: after the header the training's thread alone does.
final class RunJournal: Sendable {
    /// Why a journal cannot be written, in one line that is safe to print.
    struct WriteError: Error, CustomStringConvertible {
        let description: String

        init(_ path: String, _ reason: String) { description = "\(visible(path)): \(reason)" }

        init(_ path: String, _ number: Int32) {
            self.init(path, "cannot be written: \(String(cString: strerror(number)))")
        }
    }

    let path: String
    private let file: Int32

    /// Opens a file for a journal: a new one, or an empty one. What is there is never written over, for a journal proves
    /// what was done.
    init(path: String) throws(WriteError) {
        self.path = path
        file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw WriteError(path, errno) }
        var information = stat()
        guard fstat(file, &information) == 0 else { throw WriteError(path, errno) }
        guard information.st_size == 0 else {
            throw WriteError(path, "is there already and not empty; name a new file for the journal")
        }
        // Held as long as the run goes on: nobody else writes here, and nobody clears it away.
        guard flock(file, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else {
            throw WriteError(path, "another run writes its journal there")
        }
    }

    deinit { if file >= 0 { close(file) } }

    func begin(_ header: JournalHeader) throws(WriteError) { try write(header.line) }

    func append(_ entry: JournalEntry) throws(WriteError) { try write(entry.line) }

    private func write(_ line: String) throws(WriteError) {
        var bytes = Array((line + "\n").utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
            if written >= 0 {
                bytes = bytes.dropFirst(written)
            } else if errno != EINTR {
                throw WriteError(path, errno)
            }
        }
    }
}
