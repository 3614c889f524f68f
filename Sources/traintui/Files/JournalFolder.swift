import FileAccess
import Foundation

/// Where journals go that nobody named a file for: `$XDG_STATE_HOME/traintui/runs/<run>/journal.jsonl`.
///
/// A run's folder is named by the time at which it began and its title, so that names sort by time. Links among them are
/// nobody's run: they are not followed, nor what is no regular file opened.
struct JournalFolder {
    /// How many runs are kept of those in which something was done.
    static let capacity = 100
    /// How many are kept of the others: launches that ended before their first epoch did, with no edit, name or note.
    static let capacityForOthers = 20
    private static let fileName = RunFolder.journalName

    let path: String

    /// The folder of the person who runs the program.
    static func standard() throws(FileError) -> JournalFolder {
        guard let path = try Settings.read().runs.value else {
            throw FileError("traintui/runs", "has no place: HOME is not set; --journal FILE names one")
        }
        return JournalFolder(path: path)
    }

    /// The journal of the run that began last; nil where there is none with anything in it. Imported runs have no steps to
    /// be taken again.
    var last: String? {
        names.reversed().lazy.map { RunFolder(path: "\(path)/\($0)") }.first { run in
            guard Self.status(run.path)?.kind == .folder, let journal = Self.status(run.journal) else { return false }
            return journal.kind == .regular && journal.size > 0 && RunRecord.read(run.record)?.state != .imported
        }?.journal
    }

    /// Makes a folder for a new run and opens its journal.
    func makeJournal(
        title: String, began: Date, open: (_ path: String) throws(FileError) -> RunJournal
    ) throws(FileError) -> RunJournal {
        try makeFolders()
        let micros = Int((began.timeIntervalSince1970 * 1e6).rounded(.down)) % 1_000_000
        let fraction = String(1_000_000 + micros).dropFirst()
        let time = began.formatted(.iso8601).replacing(":", with: "-").replacing("Z", with: "")
        let name = "\(time).\(fraction)-\(FileName.tame(title))"
        var folder = "\(path)/\(name)"
        var count = 1
        while mkdir(folder, 0o700) != 0 {
            // Two runs may begin at the same time.
            guard errno == EEXIST, count < 1000 else { throw .cannotBeWritten(folder, SystemError(errno)) }
            count += 1
            folder = "\(path)/\(name)-\(count)"
        }
        do throws(FileError) {
            let journal = try open("\(folder)/\(Self.fileName)")
            clearAway()
            return journal
        } catch {
            // A run without a journal leaves no trace here.
            RunFolder(path: folder).discard()
            throw error
        }
    }

    private func makeFolders() throws(FileError) {
        var place = ""
        for part in path.split(separator: "/") {
            place += "/\(part)"
            guard mkdir(place, 0o700) != 0, errno != EEXIST, Self.status(place) == nil else { continue }
            throw FileError(place, "cannot be made: \(SystemError(errno))")
        }
    }

    /// Removes the oldest runs beyond the capacities, but none that goes on, and no file that is not ours.
    private func clearAway() { for run in superfluous { remove(run) } }

    /// The runs that are one too many, the oldest first. The newest, which has just begun, is none of them, nor is one that is
    /// pinned, or was imported: those do not push out a person's own.
    var superfluous: [RunFolder] {
        var left = (real: Self.capacity, other: Self.capacityForOthers)
        let all = runs
        // While there are few of them, nobody has to read what they are.
        guard all.count > Self.capacityForOthers else { return [] }
        var superfluous: [RunFolder] = []
        for folder in all.dropLast().reversed() where !folder.staysUntilRemoved {
            if folder.isReal { left.real -= 1 } else { left.other -= 1 }
            if folder.isReal ? left.real < 0 : left.other < 0 { superfluous.append(folder) }
        }
        return superfluous.reversed()
    }

    /// Removes a run's files, and its folder where nothing else is in it.
    ///
    /// - Returns: whether it was removed: a run that goes on stays.
    @discardableResult
    func remove(_ run: RunFolder) -> Bool {
        let folder = open(run.path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard folder >= 0 else { return false }
        defer { close(folder) }
        // A pipe would be waited for; a link's target is somebody else's.
        let journal = openat(folder, Self.fileName, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        if journal >= 0 {
            defer { close(journal) }
            var information = stat()
            guard fstat(journal, &information) == 0, information.st_mode & S_IFMT == S_IFREG else { return false }
            guard flock(journal, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else { return false }
            // What cannot be removed stays; the next run tries again. The journal last: without it nobody knows a run.
            for name in run.leftovers + RunFolder.fileNames.reversed() { unlinkat(folder, name, 0) }
        } else if errno == ENOENT {
            // Killed before it had one.
            for name in run.leftovers + [RunFolder.recordName] { unlinkat(folder, name, 0) }
        }
        return rmdir(run.path) == 0
    }

    /// All runs, the oldest first.
    var runs: [RunFolder] { latest(.max).runs }

    /// The latest runs, the oldest of them first, and how many are before these. Of those nobody asks whether they are
    /// folders: of ten thousand that would take longer than all else.
    func latest(_ count: Int) -> (runs: [RunFolder], before: Int) {
        let names = names
        if count >= names.count {
            let runs = names.map { RunFolder(path: "\(path)/\($0)") }
            let areFolders = runs.mapOnAllProcessors { Self.status($0.path)?.kind == .folder }
            return (zip(runs, areFolders).compactMap { $1 ? $0 : nil }, 0)
        }
        var runs: [RunFolder] = []
        var first = names.endIndex
        while first > names.startIndex, runs.count < count {
            first -= 1
            let run = RunFolder(path: "\(path)/\(names[first])")
            if Self.status(run.path)?.kind == .folder { runs.append(run) }
        }
        return (runs.reversed(), first)
    }

    /// The names that runs' folders have, the oldest first, whatever is there under them.
    var names: [String] {
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: path) } catch { return [] }
        return
            // Times to the second are as long as each other: only names of one second are told apart by more than their bytes.
            names.filter(Self.isRun).sorted().chunked { $0.utf8.prefix(19).elementsEqual($1.utf8.prefix(19)) }
            .flatMap { $0.count == 1 ? Array($0) : $0.sorted(by: Self.isBefore) }
    }

    /// Whether a name begins with a time, `2026-03-01T09-30-00.123456-`; earlier programs wrote no fraction.
    private static func isRun(_ name: String) -> Bool {
        let bytes = name.utf8.prefix(27)
        func fits(_ pattern: String) -> Bool {
            bytes.count >= pattern.utf8.count
                && zip(bytes, pattern.utf8).allSatisfy { byte, wanted in
                    wanted == UInt8(ascii: "0") ? (0x30...0x39).contains(byte) : byte == wanted
                }
        }
        return fits("0000-00-00T00-00-00.000000-") || fits("0000-00-00T00-00-00-")
    }

    /// Compares names with the numbers in them as numbers: the ninth run of a second comes before the twelfth.
    static func isBefore(_ left: String, _ right: String) -> Bool {
        func parts(_ name: String) -> [(text: String, number: Int)] {
            var parts: [(text: String, number: Int)] = []
            var rest = Substring(name)
            while !rest.isEmpty {
                let text = rest.prefix { !("0"..."9").contains($0) }
                let digits = rest.dropFirst(text.count).prefix { ("0"..."9").contains($0) }
                parts.append((String(text), Int(digits) ?? -1))
                rest = rest.dropFirst(text.count + digits.count)
            }
            return parts
        }
        for (a, b) in zip(parts(left), parts(right)) {
            if a.text != b.text { return a.text < b.text }
            if a.number != b.number { return a.number < b.number }
        }
        return left.utf8.count == right.utf8.count ? left < right : left.utf8.count < right.utf8.count
    }

    /// Of the file itself, not of what a link leads to.
    private static func status(_ path: String) -> FileStatus? {
        do throws(SystemError) { return try SystemCalls.posix.statusOfLink(path) } catch { return nil }
    }
}

extension [String] {
    /// The neighbours that belong together, in pieces.
    fileprivate func chunked(by belong: (String, String) -> Bool) -> [ArraySlice<String>] {
        var pieces: [ArraySlice<String>] = []
        var start = 0
        for index in indices where index + 1 == count || !belong(self[index], self[index + 1]) {
            pieces.append(self[start...index])
            start = index + 1
        }
        return pieces
    }
}
