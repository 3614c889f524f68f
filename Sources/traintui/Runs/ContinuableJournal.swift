import FileAccess
import JSONLines
import TrainProtocol

/// A journal that is to be gone on with: what stands in it, and how much of its file that is.
struct ContinuableJournal {
    let path: String
    let file: JournalFile
    /// Its entries, but for the run's end: it was none.
    let entries: [JournalEntry]
    /// The file's bytes.
    let size: Int
    /// Those of them that stay: whole lines, without the run's end.
    let keptSize: Int

    /// Reads a journal.
    init(_ path: String) throws(Failure) {
        let bytes = try JournalFile.bytes(of: path)
        self.path = path
        do throws(JournalFileError) { file = try JournalFile(bytes, file: path) } catch { throw Failure(error) }
        size = bytes.count
        let newline = UInt8(ascii: "\n")
        var kept = bytes.lastIndex(of: newline).map { $0 + 1 } ?? 0
        var entries = file.entries
        if case .ended? = entries.last {
            entries.removeLast()
            kept = bytes[..<(kept - 1)].lastIndex(of: newline).map { $0 + 1 } ?? 0
        }
        (self.entries, keptSize) = (entries, kept)
    }
}
