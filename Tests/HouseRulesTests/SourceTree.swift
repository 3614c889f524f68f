import Foundation

/// The files of this package, as they lie on the disk.
struct SourceTree {
    /// The package's folder.
    let root: URL

    static let ofThisPackage = SourceTree(
        root: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent())

    func text(of path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// The paths of a folder's files with one of these endings, at any depth, below the package's folder.
    func files(in folder: String, ending endings: String...) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: root.appending(path: folder).path())
            .filter { path in endings.contains { path.hasSuffix(".\($0)") } }
            .map { "\(folder)/\($0)" }
            .sorted()
    }

    /// The names of a folder's files without their ending.
    func names(in folder: String, ending: String) throws -> Set<String> {
        Set(try files(in: folder, ending: ending).map { URL(filePath: $0).deletingPathExtension().lastPathComponent })
    }

    /// The lines of a command that goes through the tree, and whether it ended well.
    func output(of command: String...) throws -> (text: String, isGood: Bool) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        process.currentDirectoryURL = root
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let text = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        return (text, process.terminationStatus == 0)
    }
}
