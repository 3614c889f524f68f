import FileAccess
import JSONLines
import TrainProtocol

/// The file that a run's journal is written to, a line at a time, each at once.
///
/// A journal proves what was done, so it never has a hole: entries that cannot be written are held, a great many of them,
/// and written when that can be done. Where it never can, the journal is the beginning of the run's, and replays as that.
struct RunJournal: Sendable {
    private let file: LineFile
    var path: String { file.path }

    /// Entries that are held: half a million edits.
    private static let capacity = 64 << 20
    private static let objection = "is there already and not empty; name a new file for the journal"

    /// Says now what would be in the way of a journal later; opens nothing.
    static func check(_ path: String, _ calls: SystemCalls) throws(FileError) {
        try LineFile.check(path, existing: .refused(objection), calls)
    }

    /// Opens a file for a journal, a new one, or an empty one, and writes the header. What is there is never written over.
    ///
    /// - Parameters:
    ///   - onChange: called with a sentence when writing fails, and when it goes on.
    ///   - prepare: what is to be there before anything is in the journal; called when it is this process's own.
    init(
        path: String, header: JournalHeader, _ calls: SystemCalls, onChange: @escaping @Sendable (String) -> Void,
        prepare: () throws(FileError) -> Void = {}
    ) throws(FileError) {
        file = try LineFile(
            path, existing: .refused(Self.objection), overflow: .endsForGood, unit: "step", threshold: 0,
            capacity: Self.capacity, calls: calls, onChange: onChange)
        do throws(FileError) { try prepare() } catch {
            file.abandon(because: error.description)
            throw error
        }
        file.append(header.line, number: 0)
        try file.begin()
    }

    /// Opens a journal to go on with it: whole lines stay, but for the run's end, which it was not.
    ///
    /// - Throws: where another process writes it, or has since it was read.
    init(
        continuing journal: ContinuableJournal, _ calls: SystemCalls, onChange: @escaping @Sendable (String) -> Void
    ) throws(FileError) {
        file = try LineFile(
            journal.path, existing: .continued(found: journal.size, kept: journal.keptSize), overflow: .endsForGood,
            unit: "step", threshold: 0, capacity: Self.capacity, calls: calls, onChange: onChange)
    }

    /// Brings to the disk what a checkpoint is about to count on, or throws.
    func flushToDisk() throws(FileError) { try file.flushToDisk() }

    func append(_ entry: JournalEntry) { file.append(entry.line, number: entry.step) }

    /// Writes what is held back, and says what became of the file.
    func close() -> LineFile.Outcome { file.close() }
}
