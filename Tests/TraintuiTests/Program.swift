import Foundation
import Testing

/// All tests of the program itself, one at a time: each one has a program, and some a terminal, to watch.
@Suite(.serialized)
enum Program {}

/// The program as it was built, run without a terminal.
struct Invocation {
    /// What it printed.
    let output: String
    /// What it complained about.
    let errors: String
    let code: Int32

    /// The built program lies beside the tests.
    static let binary = Bundle.main.executableURL!.deletingLastPathComponent().appending(path: "traintui")

    /// Runs the program to its end.
    init(_ arguments: String..., in folder: Folder, environment: [String: String] = [:]) throws {
        try self.init(arguments, in: folder, environment: environment)
    }

    /// Runs a line of the shell to its end.
    init(shell line: String, in folder: Folder, environment: [String: String]) throws {
        try self.init(["-c", line], in: folder, environment: environment, running: URL(filePath: "/bin/sh"))
    }

    /// - Parameter command: what is run, the program where it is not named.
    init(
        _ arguments: [String], in folder: Folder, environment: [String: String] = [:], running command: URL = binary
    ) throws {
        let outputFile = folder.url.appending(path: ".output")
        let errorFile = folder.url.appending(path: ".errors")
        let process = Process()
        process.executableURL = command
        process.arguments = arguments
        process.currentDirectoryURL = folder.url
        process.environment = Self.environment(in: folder).merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try Self.created(outputFile)
        process.standardError = try Self.created(errorFile)
        try process.run()
        process.waitUntilExit()
        output = String(decoding: try Data(contentsOf: outputFile), as: UTF8.self)
        errors = String(decoding: try Data(contentsOf: errorFile), as: UTF8.self)
        code = process.terminationStatus
    }

    /// What the program can see of the world: nothing of whoever runs the tests.
    static func environment(in folder: Folder) -> [String: String] {
        [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": folder.path,
            "LANG": "C.UTF-8",
            // PyTorch's threads spin while they wait for each other, and would take the time from all other tests.
            "OMP_NUM_THREADS": "1",
        ]
    }

    /// Files, not pipes: a file never makes the program wait for its reader.
    private static func created(_ file: URL) throws -> FileHandle {
        try Data().write(to: file)
        return try FileHandle(forWritingTo: file)
    }
}

/// A folder for one test, gone after it.
final class Folder {
    let url: URL
    var path: String { url.path(percentEncoded: false) }

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "traintui-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        for attempt in 1...10 {
            do {
                try FileManager.default.removeItem(at: url)
                return
            } catch let error as CocoaError where error.code == .fileNoSuchFile && attempt < 10 {
                // A program that is ending has taken a file of its own away meanwhile.
            } catch {
                Issue.record(error)
                return
            }
        }
    }

    func write(_ name: String, _ text: String) throws { try write(name, Data(text.utf8)) }

    func write(_ name: String, _ bytes: Data) throws { try bytes.write(to: url.appending(path: name)) }

    func read(_ name: String) throws -> Data { try Data(contentsOf: url.appending(path: name)) }

    func text(_ name: String) throws -> String { String(decoding: try read(name), as: UTF8.self) }

    func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: url.appending(path: name).path()) }
}
