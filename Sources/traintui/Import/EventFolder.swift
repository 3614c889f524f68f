import EventFiles
import FileAccess
import Foundation
import Wording

/// A folder of event files, as TensorBoard is pointed at: each folder in it with event files is a run, and `train` and
/// `validation` in one are parts of it.
struct EventFolder {
    /// The runs: what to call each, where it is, its event files with the part that each is of, "" for the run itself.
    ///
    /// Of several runs those in folders within are named by their path within the folder, as TensorBoard does: so one
    /// sees what belongs together.
    let runs: [(name: String, folder: String, files: [(path: String, part: String)])]

    /// Names of folders that are parts of a run.
    private static let parts: Set<String> = ["train", "training", "validation", "valid", "val", "eval", "test"]
    /// Folders within folders, at most, and entries that are looked at.
    private static let deepest = 16
    private static let mostEntries = 100_000

    /// Looks for event files.
    ///
    /// - Throws: where the folder cannot be read or has none.
    init(_ path: String) throws(Failure) {
        var isFolder = ObjCBool(false)
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw Failure(.noInput, "\(visible(path)): there is no such folder")
        }
        guard isFolder.boolValue else {
            throw Failure(.noInput, "\(visible(path)): is no folder; expected one with event files in it")
        }
        let root = URL(filePath: path).standardizedFileURL.path(percentEncoded: false)
        var found: [String: [(path: String, part: String)]] = [:]
        let top = root.hasSuffix("/") ? String(root.dropLast()) : root
        var waiting = [(folder: top, depth: 0)]
        var seen = 0
        while let (folder, depth) = waiting.popLast() {
            let names: [String]
            do { names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted() } catch {
                throw Failure(unread: FileError(folder, "cannot be read"))
            }
            seen += names.count
            guard seen <= Self.mostEntries else {
                throw Failure(
                    .badData, "\(visible(path)): has more than \(Self.mostEntries) files; name a folder in it")
            }
            for name in names {
                let place = "\(folder)/\(name)"
                let kind: FileStatus.Kind
                do throws(SystemError) { kind = try SystemCalls.posix.statusOfLink(place).kind } catch { continue }
                // Links are not followed: two folders that lead to each other have no end.
                if kind == .folder, depth < Self.deepest { waiting.append((place, depth + 1)) }
                guard kind == .regular, name.contains("tfevents") else { continue }
                let own = URL(filePath: folder).lastPathComponent
                let isPart = depth > 0 && Self.parts.contains(own.lowercased())
                let run = isPart ? String(folder.dropLast(own.count + 1)) : folder
                found[run, default: []].append((place, isPart ? own : ""))
            }
        }
        runs = found.sorted { $0.key < $1.key }.map { folder, files in
            let isWithin = found.count > 1 && folder != top
            let name = isWithin ? String(folder.dropFirst(top.count + 1)) : URL(filePath: folder).lastPathComponent
            return (name, folder, files)
        }
        guard !runs.isEmpty else {
            throw Failure(.noInput, "\(visible(path)): has no event files; their names have 'tfevents' in them")
        }
    }
}

extension LoggedRun {
    /// A run as its event files tell it.
    ///
    /// - Parameters:
    ///   - isAlone: whether there is no other file to import.
    ///   - warnings: gets a line for each file that ends within a record or is damaged: what stands before counts.
    init(
        events folder: String, named name: String, _ files: [(path: String, part: String)], isAlone: Bool,
        warnings: inout [String]
    ) throws(Failure) {
        var series: [String: (name: LoggedName, series: LoggedSeries)] = [:]
        var (first, last) = (Double.infinity, -Double.infinity)
        for (path, part) in files {
            let end: EventReader.End
            do throws(FileError) {
                let file = try InputFile(path, meaning: "an event file")
                end = try EventReader.read { (count) throws(FileError) in
                    try file.read(count)
                } take: { number in
                    let key = "\(part)/\(number.tag)"
                    let new = (name: LoggedName(number.tag, in: part), series: LoggedSeries())
                    series[key, default: new].series.append(number.value, at: number.step)
                    if number.time.isFinite, number.time > 0 {
                        (first, last) = (min(first, number.time), max(last, number.time))
                    }
                }
            } catch {
                throw Failure(unread: error)
            }
            switch end {
            case .whole: break
            case .cutOff(let count):
                warnings.append("\(visible(path)): ends within a record; its \(count) whole records were read")
            case .damaged(1, let why):
                let line = "\(visible(path)): is no event file: record 1 \(why)"
                guard !isAlone else { throw Failure(.badData, line) }
                warnings.append(line)
            case .damaged(let record, let why):
                warnings.append("\(visible(path)): record \(record) \(why); the \(record - 1) before it were read")
            }
        }
        self.init(
            name: name, source: folder,
            series.sorted { $0.key < $1.key }.map(\.value), began: first.isFinite ? first : nil,
            seconds: max(0, last - first))
    }
}
