import CEmbedded
import FileAccess
import Foundation
import RemoteEngine
import Wording

/// The folder of a command that `traintui run` starts: `$XDG_STATE_HOME/traintui/commands/<name>/`, with what the command
/// prints (`output.log`) and the Python client that it finds (`python/`).
struct LaunchFolder {
    /// How many commands' folders are kept.
    static let capacity = 50

    let path: String
    /// What it is called.
    private let title: String
    /// The run's name, by which it can be attached to.
    let name: String

    /// What the training writes of itself, and the edits that it is to make once more.
    static let (journalName, editsName) = ("journal.jsonl", "edits.jsonl")

    var log: String { "\(path)/output.log" }
    var python: String { "\(path)/python" }

    /// Makes a new folder with the client in it.
    init(title: String) throws(Failure) {
        guard let parent = Self.parent else {
            throw Failure(.cannotCreate, "traintui/commands has no place: HOME is not set")
        }
        self.title = title
        // Unlike any other command's that runs now, and in the order of their beginning.
        let time = Date.now.formatted(.iso8601).replacing(":", with: "-").replacing("Z", with: "")
        name = Self.runName(title)
        path = "\(parent)/\(time)-\(name)"
        do {
            for folder in [parent, "\(path)/python/traintui"] {
                try FileManager.default.createDirectory(
                    atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            }
        } catch {
            throw Failure(.cannotCreate, "\(visible(path)): cannot be made")
        }
        for (file, text) in Self.client {
            do throws(FileError) {
                try WholeFile("\(python)/\(file)", .posix).write(text)
            } catch {
                throw Failure(unwritten: error)
            }
        }
        Self.clearAway(in: parent)
    }

    /// A run's name by what it trains and this process. The client spells it likewise: letters and digits of ASCII, 40
    /// characters at most.
    static func runName(_ title: String) -> String {
        let letters = FileName.tame(title).unicodeScalars.prefix(24).map { $0.isASCII ? Character($0) : "_" }
        return "\(String(letters))-\(getpid())"
    }

    /// Starts a command that finds the client, and that a dashboard can come to under the run's name.
    ///
    /// - Parameters:
    ///   - paused: whether it waits before its first step.
    ///   - edits: the file with the edits of a former run that are to be made once more.
    func start(
        _ command: [String], paused: Bool = false, edits: String? = nil
    ) throws(Failure) -> LaunchedProcess {
        try StartedCommand(
            command: command, place: FileManager.default.currentDirectoryPath, title: title
        ).write(in: path)
        let former = ProcessInfo.processInfo.environment["PYTHONPATH"] ?? ""
        var environment = [
            "PYTHONPATH": former.isEmpty ? python : "\(python):\(former)", "PYTHONUNBUFFERED": "1",
            "TRAINTUI_RUN": name, "TRAINTUI_FOLDER": path,
        ]
        if paused { environment["TRAINTUI_PAUSED"] = "1" }
        if let edits { environment["TRAINTUI_REPLAY"] = edits }
        return try LaunchedProcess(command, environment: environment, log: log)
    }

    /// The Python client's files: each one's path, and its bytes.
    static let client: [(path: String, text: [UInt8])] = {
        var files: [(path: String, text: [UInt8])] = []
        var index = 0
        while let file = embedded_python_file_at(index) {
            let text = file.pointee.text
            files.append(
                (
                    String(cString: file.pointee.path),
                    Array(UnsafeBufferPointer(start: text, count: strlen(UnsafePointer<CChar>(OpaquePointer(text)))))
                ))
            index += 1
        }
        return files
    }()

    /// Where all of them are; nil where nobody knows.
    private static var parent: String? { HomeFolder.state.map { "\($0)/traintui/commands" } }

    /// The folder of a command that was started.
    ///
    /// - Parameter named: a run's name, also without the number, which means the latest; its folder, or a journal in that.
    /// - Returns: nil where none is meant.
    static func find(_ named: String) -> String? {
        func absolute(_ path: String) -> String { URL(filePath: path).standardizedFileURL.path(percentEncoded: false) }
        let place = named.hasSuffix("/\(journalName)") ? String(named.dropLast(journalName.count + 1)) : named
        func isOne(_ path: String) -> Bool {
            FileManager.default.fileExists(atPath: "\(path)/\(StartedCommand.fileName)")
        }
        if isOne(place) {
            let path = absolute(place)
            return path.hasSuffix("/") ? String(path.dropLast()) : path
        }
        guard let parent, !named.isEmpty, !named.contains("/") else { return nil }
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: parent) } catch { return nil }
        func latest(where isMeant: (String) -> Bool) -> String? {
            names.sorted().last(where: isMeant).map { "\(parent)/\($0)" }.flatMap { isOne($0) ? $0 : nil }
        }
        return latest { $0 == named || $0.hasSuffix("-\(named)") }
            ?? latest { name in
                // What was taken again is no run of one's own.
                parts(of: name)?.title == named
                    && !FileManager.default.fileExists(atPath: "\(parent)/\(name)/\(editsName)")
            }
    }

    /// What a folder's name says: what is trained, and the process that started it.
    private static func parts(of folder: String) -> (title: String, process: pid_t)? {
        guard let parts = folder.wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9-]{8}-(.*)-([0-9]+)/),
            let process = pid_t(parts.2)
        else { return nil }
        return (String(parts.1), process)
    }

    /// Removes the oldest folders beyond the capacity, but for those in use. What cannot be removed stays; the next command
    /// tries again.
    private static func clearAway(in parent: String) {
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: parent).sorted() } catch { return }
        for name in names.dropLast(capacity) {
            guard let parts = parts(of: name),
                !isInUse(run: "\(parts.title)-\(parts.process)", startedBy: parts.process)
            else { continue }
            do { try FileManager.default.removeItem(atPath: "\(parent)/\(name)") } catch { continue }
        }
    }

    /// Whether the program that started a run is still there, or the run itself, which may have outlived that and answers.
    private static func isInUse(run: String, startedBy process: pid_t) -> Bool {
        if process > 0, kill(process, 0) == 0 { return true }
        do throws(SocketError) {
            close(try LocalSocket(connectingTo: SocketFolder.standard.path(of: run)).descriptor)
            return true
        } catch {
            return false
        }
    }
}
