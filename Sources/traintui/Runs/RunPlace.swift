import FileAccess
import Foundation
import Wording

/// A run that was named on the command line: by its name, a part of it that no other has, its folder or its journal.
struct RunPlace: Equatable {
    /// The journal's path.
    let journal: String
    /// The run's folder; nil for a journal that lies anywhere.
    let folder: RunFolder?

    /// What to call it.
    var name: String { folder?.wayBack ?? journal }

    /// The run that a checkpoint is of: that of the folder it lies in.
    init(ofCheckpoint path: String) throws(Failure) {
        guard FileManager.default.fileExists(atPath: path) else {
            throw Failure(.noInput, "\(visible(path)): there is no such checkpoint")
        }
        let folder = URL(filePath: path).standardizedFileURL.deletingLastPathComponent().path(percentEncoded: false)
        let run = RunFolder(path: String(folder.dropLast(folder.hasSuffix("/") ? 1 : 0)))
        let journal = run.path.hasSuffix(".run") ? String(run.path.dropLast(4)) : ""
        let own = FileManager.default.fileExists(atPath: run.journal) ? run : RunFolder(beside: journal)
        (self.journal, self.folder) = (own.journal, own)
    }

    init(journal: String, folder: RunFolder?) { (self.journal, self.folder) = (journal, folder) }

    /// The run that is meant.
    ///
    /// - Parameter text: nil for the last run that was not at its end when its process ended.
    static func named(_ text: String?) throws(Failure) -> RunPlace {
        let folder: JournalFolder
        do throws(FileError) { folder = try JournalFolder.standard() } catch { throw Failure(unread: error) }
        guard let text else {
            guard let last = folder.runs.reversed().lazy.first(where: { $0.isUnfinished }) else {
                throw Failure(
                    .noInput, "\(visible(folder.path)): there is no run that was cut off; `traintui runs` lists all")
            }
            return RunPlace(journal: last.journal, folder: last)
        }
        if let run = try folder.run(named: text) { return RunPlace(journal: run.journal, folder: run) }
        guard let place = RunPlace(file: text) else {
            throw Failure(
                .noInput, "there is no run '\(visible(text, limit: 80))', nor a file; `traintui runs` lists all")
        }
        return place
    }

    /// The run of a journal, or of a run's folder; nil where there is no such file.
    init?(file text: String) {
        var isFolder = ObjCBool(false)
        guard FileManager.default.fileExists(atPath: text, isDirectory: &isFolder) else { return nil }
        let path = URL(filePath: text).standardizedFileURL.path(percentEncoded: false)
        if isFolder.boolValue {
            let run = RunFolder(path: path.hasSuffix("/") ? String(path.dropLast()) : path)
            (journal, folder) = (run.journal, run)
            return
        }
        journal = text
        let beside = RunFolder(beside: text)
        if RunRecord.read(beside.record) != nil {
            folder = beside
            return
        }
        let run = RunFolder(path: URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false))
        let isIn = URL(filePath: path).lastPathComponent == RunFolder.journalName && RunRecord.read(run.record) != nil
        folder = isIn ? RunFolder(path: String(run.path.dropLast())) : nil
    }
}

extension JournalFolder {
    /// The run of that name: its folder's, the one that a person gave it, or a part of the folder's that no other has;
    /// nil where there is none.
    ///
    /// - Throws: where several are meant.
    func run(named text: String) throws(Failure) -> RunFolder? {
        guard !text.isEmpty else { return nil }
        let all = runs
        if let run = all.last(where: { $0.name == text }) { return run }
        if let run = all.last(where: { RunRecord.read($0.record)?.name == text }) { return run }
        let some = all.filter { $0.name.contains(text) }
        guard some.count > 1 else { return some.first }
        let shown = some.suffix(3).map { visible($0.name) }.joined(separator: ", ")
        throw Failure(
            .usage, "\(some.count) runs have '\(visible(text, limit: 80))' in their names, such as \(shown); name one")
    }
}

extension JournalFolder {
    /// The run that began last, where it was cut off, and the step it came to; nil where it was not.
    var lastCutOff: (folder: RunFolder, step: Int)? {
        guard let folder = latest(1).runs.first, let record = RunRecord.read(folder.record), record.state == .running,
            record.step > 0, !folder.isOwned
        else { return nil }
        return (folder, record.step)
    }
}

extension RunFolder {
    /// Whether the run was ended before its end and nobody trains it now.
    var isUnfinished: Bool {
        guard let record = RunRecord.read(record), record.state == .running || record.state == .stopped else {
            return false
        }
        return !isOwned && hasJournal
    }
}
