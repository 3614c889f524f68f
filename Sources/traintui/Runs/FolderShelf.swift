import FileAccess
import Foundation
import LiveDashboard
import RunModel
import Synchronization
import Wording

/// The runs of a folder, for the list that shows them.
final class FolderShelf: RunShelf {
    private let folder: JournalFolder
    private let outside: Outside
    /// When the folder changed last, as far as anybody asked.
    private let changed = Mutex<Date?>(nil)

    init(_ folder: JournalFolder, _ outside: Outside) { (self.folder, self.outside) = (folder, outside) }

    func run(_ name: String) -> RunFolder { RunFolder(path: "\(folder.path)/\(name)") }

    func names() -> [String] { folder.names }

    func hasChanged() -> Bool {
        let attributes: [FileAttributeKey: Any]
        do { attributes = try FileManager.default.attributesOfItem(atPath: folder.path) } catch { return false }
        let date = attributes[.modificationDate] as? Date
        return changed.withLock { changed in
            defer { changed = date }
            return changed != date
        }
    }

    func read(_ names: [String]) -> [RunFacts] { RunList.read(names.map(run)).map { RunFacts($0) } }

    func description(of name: String) throws -> [String] {
        Self.lines(try RunText(run(name), outside.output.spelling).text)
    }

    func comparison(of names: [String]) throws -> [String] {
        let compared = try names.map { name throws(Failure) in try ComparedRun(run(name)) }
        return Self.lines(ComparisonText(compared, outside.output.spelling).text)
    }

    func note(_ text: String, about name: String) throws {
        try RunRecord.change(run(name), outside.calls) { $0.note = text.isEmpty ? nil : text }
    }

    func pin(_ name: String, _ isPinned: Bool) throws {
        try RunRecord.change(run(name), outside.calls) { $0.pinned = isPinned }
    }

    func remove(_ name: String) throws {
        let run = run(name)
        guard !run.isPinned else { throw Failure(.cannotCreate, "\(visible(name)): is pinned") }
        guard folder.remove(run) else { throw RunsCommand.Remove.failure(run) }
    }

    func sentence(_ error: any Error) -> String { (error as? Failure)?.line ?? "\(error)" }

    private static func lines(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
}
