import Foundation
import Testing

@testable import traintui

/// The Python client's own tests, and the Python that they need.
enum PythonClient {
    private static let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "PythonClientTests")
    static let examples = tests.deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Sources/PythonClient/examples")

    /// A Python with PyTorch and Keras, made once; nil, with a line that says so, where none can be had.
    static func withFrameworks(skipping what: String) throws -> String? {
        let folder = try Folder()
        let home = ProcessInfo.processInfo.environment["HOME"] ?? folder.path
        let made = try Invocation(
            [], in: folder, environment: ["HOME": home], running: tests.appending(path: "environment"))
        if made.code == 0 { return made.output.trimmingCharacters(in: .whitespacesAndNewlines) }
        print("skipped: \(what): \(made.errors)")
        return nil
    }

    /// Runs one file of tests.
    static func run(_ module: String, with python: String) throws {
        let folder = try Folder()
        let line = "cd '\(tests.path())' && '\(python)' -B -W ignore::ResourceWarning -m unittest \(module)"
        let run = try Invocation(shell: line, in: folder, environment: ["TMPDIR": "/tmp"])
        #expect(run.code == 0 && run.errors.contains("\nOK"), "\(run.errors)\(run.output)")
        if run.errors.contains("skipped") { print("skipped in \(module): \(run.errors.suffix(80))") }
    }
}

extension Program {
    @Suite("The Python client", .serialized)
    struct Python {
        @Test("is in the program byte for byte")
        func embedded() throws {
            let source = PythonClient.examples.deletingLastPathComponent().appending(path: "traintui")
            let names = try FileManager.default.contentsOfDirectory(atPath: source.path()).filter {
                $0.hasSuffix(".py")
            }
            var files = Dictionary(uniqueKeysWithValues: LaunchFolder.client.map { ($0.path, $0.text) })
            #expect(files.removeValue(forKey: "sitecustomize.py") != nil)
            #expect(files.keys.sorted() == names.filter { $0 != "_sitecustomize.py" }.map { "traintui/\($0)" }.sorted())
            for (path, text) in LaunchFolder.client {
                let name = path == "sitecustomize.py" ? "_sitecustomize.py" : String(path.split(separator: "/")[1])
                #expect(try Data(contentsOf: source.appending(path: name)) == Data(text), "\(path)")
            }
        }

        @Test(
            "passes its tests with the standard library",
            arguments: [
                "test_steering", "test_quiet", "test_wire", "test_rewind", "test_recall", "test_keras_recall",
                "test_feed", "test_ranks", "test_hub", "test_turns", "test_journal", "test_cost",
            ])
        func standardLibrary(module: String) throws { try PythonClient.run(module, with: "python3") }

        @Test(
            "passes its tests with PyTorch and Keras",
            arguments: [
                "test_torch", "test_schedules", "test_keras", "test_keras_recall", "test_keras_ranks", "test_rewind",
                "test_recall", "test_feed", "test_ranks", "test_phases", "test_together", "test_frameworks",
                "test_engine", "test_guard", "test_turns", "test_tape", "test_cost", "test_cuda", "test_hosts",
            ])
        func frameworks(module: String) throws {
            guard let python = try PythonClient.withFrameworks(skipping: module) else { return }
            try PythonClient.run(module, with: python)
        }

        @Test("has its types right")
        func types() throws {
            guard let python = try PythonClient.withFrameworks(skipping: "mypy") else { return }
            let folder = try Folder()
            let source = PythonClient.examples.deletingLastPathComponent().path()
            let run = try Invocation(
                shell: "cd '\(source)' && '\(python)' -m mypy --strict --cache-dir '\(folder.path)/mypy' traintui",
                in: folder, environment: [:])
            #expect(run.code == 0, "\(run.output)")
        }
    }
}
