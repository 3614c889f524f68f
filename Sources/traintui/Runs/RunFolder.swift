import FileAccess
import Foundation

/// The folder of one run: its journal, `run.json` with what there is to say of it, and its last two checkpoints.
struct RunFolder: Equatable {
    let path: String

    static let journalName = "journal.jsonl"
    static let recordName = "run.json"
    static let checkpointNames = ["checkpoint-1.safetensors", "checkpoint-2.safetensors"]
    /// All files that are ours there.
    static let fileNames = [journalName, recordName] + checkpointNames

    /// The run's name: the folder's own.
    var name: String { URL(filePath: path).lastPathComponent }
    var journal: String { "\(path)/\(Self.journalName)" }
    var record: String { "\(path)/\(Self.recordName)" }
    var checkpoints: [String] { Self.checkpointNames.map { "\(path)/\($0)" } }

    /// Where a checkpoint of that number goes: over the one before the last.
    func checkpoint(_ sequence: Int) -> String { checkpoints[abs(sequence % Self.checkpointNames.count)] }

    /// Whether something was done in the run. One without a record was written by an earlier program: it counts where its
    /// journal has anything in it.
    var isReal: Bool {
        if let record = RunRecord.read(record) { return record.isReal }
        let attributes: [FileAttributeKey: Any]
        do { attributes = try FileManager.default.attributesOfItem(atPath: journal) } catch { return false }
        return (attributes[.size] as? Int ?? 0) > 0
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
            do {
                let bytes = try InputFile.read(path, meaning: "a checkpoint", limit: Self.greatestCheckpoint)
                let file = try CheckpointFile(bytes)
                if file.run == run {
                    whole.append(file)
                } else {
                    faults.append("\(FileError(path, "is a checkpoint of another run"))")
                }
            } catch let error as CheckpointError {
                faults.append("\(FileError(path, error.description))")
            } catch {
                faults.append("\(error)")
            }
        }
        return (whole.sorted { $0.sequence > $1.sequence }, faults)
    }
}
