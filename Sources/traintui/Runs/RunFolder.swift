import FileAccess
import Foundation
import Wording

/// The folder of one run: its journal, `run.json` with what there is to say of it, and its last two checkpoints.
///
/// A journal that a person named has its folder beside it: `run.jsonl.run`.
struct RunFolder: Equatable {
    let path: String
    /// The journal, where it is not in the folder.
    private let ownJournal: String?

    init(path: String) { (self.path, ownJournal) = (path, nil) }

    init(beside journal: String) { (path, ownJournal) = ("\(journal).run", journal) }

    static let journalName = "journal.jsonl"
    static let recordName = "run.json"
    static let checkpointNames = ["checkpoint-1.safetensors", "checkpoint-2.safetensors"]
    /// All files that are ours there.
    static let fileNames = [journalName, recordName] + checkpointNames

    /// The run's name: the folder's own.
    var name: String { URL(filePath: path).lastPathComponent }
    var journal: String { ownJournal ?? "\(path)/\(Self.journalName)" }
    /// What `traintui resume` is told.
    var wayBack: String { ownJournal ?? name }
    /// How the run that was ended last is gone on with.
    var resumeCommand: String { "traintui resume" + (ownJournal.map { " \(visible($0))" } ?? "") }
    var record: String { "\(path)/\(Self.recordName)" }
    var checkpoints: [String] { Self.checkpointNames.map { "\(path)/\($0)" } }

    /// Makes the folder beside a journal.
    ///
    /// - Returns: nil for a journal that is no file, such as a pipe.
    /// - Throws: where it cannot be made, or is another run's.
    static func made(beside journal: String, _ calls: SystemCalls) throws(FileError) -> RunFolder? {
        let folder = RunFolder(beside: journal)
        do throws(SystemError) {
            guard try calls.statusOfLink(journal).kind == .regular else { return nil }
        } catch {
            throw .cannotBeWritten(journal, error)
        }
        if mkdir(folder.path, 0o777) == 0 { return folder }
        guard errno == EEXIST else { throw .cannotBeWritten(folder.path, SystemError(errno)) }
        try check(beside: journal)
        return folder
    }

    /// Throws where the folder beside a journal is another run's: before the journal is opened.
    ///
    /// A record of a run whose first line was never written is nobody's: its process was killed before that.
    static func check(beside journal: String) throws(FileError) {
        let folder = RunFolder(beside: journal)
        let there = fileNames.filter { FileManager.default.fileExists(atPath: "\(folder.path)/\($0)") }
        if there.isEmpty || there == [recordName] && folder.hasNotBegun { return }
        throw FileError(folder.path, "has another run's checkpoints; remove it, or name another journal")
    }

    /// Whether its process was killed before it had done anything.
    private var hasNotBegun: Bool {
        guard !hasJournal, let record = RunRecord.read(record) else { return false }
        return record.step == 0 && record.note == nil
    }

    /// Removes what was made for a run that cannot begin.
    func discard() {
        unlink(record)
        rmdir(path)
    }

    /// Where a checkpoint of that number goes: over the one before the last.
    func checkpoint(_ sequence: Int) -> String { checkpoints[abs(sequence % Self.checkpointNames.count)] }

    /// Whether something was done in the run. One without a record was written by an earlier program: it counts where its
    /// journal has anything in it.
    var isReal: Bool {
        RunRecord.read(record)?.isReal ?? hasJournal
    }

    /// Whether there is anything in its journal.
    var hasJournal: Bool {
        let attributes: [FileAttributeKey: Any]
        do { attributes = try FileManager.default.attributesOfItem(atPath: journal) } catch { return false }
        return (attributes[.size] as? Int ?? 0) > 0
    }

    /// Whether a person wants it kept.
    var isPinned: Bool { RunRecord.read(record)?.isPinned ?? false }

    /// Whether it is never removed to make room, and takes none from others.
    var staysUntilRemoved: Bool {
        guard let record = RunRecord.read(record) else { return false }
        return record.isPinned || record.state == .imported
    }

    /// What processes left here that were killed while they wrote.
    var leftovers: [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path).filter(WholeFile.isTemporary)
        } catch {
            return []
        }
    }

    /// Removes what processes left that were killed while they wrote. Only for whoever has the run's journal, and only what
    /// is older than that: a note may be on its way from another process.
    func removeLeftovers(before time: Date) {
        for name in leftovers {
            let attributes: [FileAttributeKey: Any]
            do { attributes = try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)") } catch { continue }
            if let changed = attributes[.modificationDate] as? Date, changed < time { unlink("\(path)/\(name)") }
        }
    }

    /// Whether a process has the run's journal open for writing.
    var isOwned: Bool {
        let file = open(journal, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard file >= 0 else { return false }
        // The lock goes with the file.
        defer { close(file) }
        return flock(file, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
    }

    /// Bytes of a checkpoint, at most.
    private static let greatestCheckpoint = 1 << 34

    /// The run's checkpoints, the newest first, and what is wrong with the others.
    ///
    /// - Parameter run: those of other runs are none of this one's.
    func readCheckpoints(of run: String) -> (whole: [CheckpointFile], faults: [String]) {
        var whole: [CheckpointFile] = []
        var faults: [String] = []
        for path in checkpoints where FileManager.default.fileExists(atPath: path) {
            do throws(Failure) {
                let file = try Self.readCheckpoint(path)
                if file.run == run {
                    whole.append(file)
                } else {
                    faults.append("\(FileError(path, "is a checkpoint of another run"))")
                }
            } catch {
                faults.append(error.line)
            }
        }
        return (whole.sorted { $0.sequence > $1.sequence }, faults)
    }

    /// A checkpoint's file.
    ///
    /// - Throws: why it is none.
    static func readCheckpoint(_ path: String) throws(Failure) -> CheckpointFile {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try InputFile.read(path, meaning: "a checkpoint", limit: greatestCheckpoint)
        } catch {
            throw Failure(unread: error)
        }
        do throws(CheckpointError) { return try CheckpointFile(bytes) } catch {
            throw Failure(.badData, "\(FileError(path, error.description))")
        }
    }
}
