import Foundation

/// Where journals go that nobody named a file for: `$XDG_STATE_HOME/traintui/runs/<run>/journal.jsonl`.
///
/// A run's folder is named by the time at which it began and its title, so that names sort by time.
struct JournalFolder {
    /// How many runs are kept.
    static let capacity = 100
    private static let fileName = "journal.jsonl"

    let path: String

    /// The folder of the person who runs the program.
    static var standard: JournalFolder {
        let environment = ProcessInfo.processInfo.environment
        let home = environment["HOME"] ?? NSHomeDirectory()
        // The XDG Base Directory Specification: relative paths are to be ignored.
        let state = environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "\(home)/.local/state"
        return JournalFolder(path: "\(state)/traintui/runs")
    }

    /// The journals, the oldest first.
    var journals: [String] {
        runs.map { "\(path)/\($0)/\(Self.fileName)" }.filter { FileManager.default.fileExists(atPath: $0) }
    }

    /// Opens a journal for a new run.
    ///
    /// - Parameter began: "2026-03-01T09:30:00Z".
    func makeJournal(title: String, began: String) throws(RunJournal.WriteError) -> RunJournal {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw RunJournal.WriteError(path, "cannot be made: \(reason(error))")
        }
        let name = "\(began.replacing(":", with: "-").replacing("Z", with: ""))-\(Self.tame(title))"
        var folder = "\(path)/\(name)"
        var count = 1
        while mkdir(folder, 0o700) != 0 {
            // Two runs may begin in the same second.
            guard errno == EEXIST, count < 1000 else { throw RunJournal.WriteError(folder, errno) }
            count += 1
            folder = "\(path)/\(name)-\(count)"
        }
        let journal = try RunJournal(path: "\(folder)/\(Self.fileName)")
        clearAway()
        return journal
    }

    /// Removes the oldest runs beyond the capacity, but none that goes on, and no file that is not a journal.
    private func clearAway() {
        for run in runs.dropLast(Self.capacity) {
            let journal = "\(path)/\(run)/\(Self.fileName)"
            let file = open(journal, O_RDONLY | O_CLOEXEC)
            let isInUse = file >= 0 && flock(file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK
            if file >= 0 { close(file) }
            guard !isInUse else { continue }
            // What cannot be removed stays; the next run tries again.
            unlink(journal)
            rmdir("\(path)/\(run)")
        }
    }

    /// The names of runs' folders, the oldest first.
    private var runs: [String] {
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: path) } catch { return [] }
        return names.filter { $0.starts(with: /[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}-[0-9]{2}-[0-9]{2}-/) }.sorted()
    }

    /// A title as part of a file's name.
    private static func tame(_ title: String) -> String {
        let letters = title.unicodeScalars.prefix(40).map { scalar in
            scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "._-".unicodeScalars.contains(scalar)
                ? Character(scalar) : "_"
        }
        return letters.isEmpty ? "run" : String(letters)
    }
}
