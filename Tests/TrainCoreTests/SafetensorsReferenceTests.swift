import Foundation
import Safetensors
import Testing
import TrainCore

/// What is read and what is refused, compared with the `safetensors` package for Python on files that are whole, forged
/// and damaged.
///
/// The package is fetched by pip into `.build`. Where that cannot be, the test says so and compares nothing.
/// `SAFETENSORS_CASES` in the environment is how many files are made, 600 where it is not there; `SAFETENSORS_SEED` is
/// which ones, 42 where it is not there:
///
/// ```
/// SAFETENSORS_CASES=5000 swift test --filter SafetensorsReferenceTests
/// ```
@Suite struct SafetensorsReferenceTests {
    @Test func readsWhatTheReferenceReadsAndRefusesWhatItRefuses() throws {
        guard let python = try Self.python() else {
            // Loudly, for a test that compares nothing must not look like one that does.
            print("SKIPPED: no comparison with the safetensors package, which pip could not fetch")
            return
        }
        let folder = FileManager.default.temporaryDirectory.appending(path: "safetensors-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { _ = try? FileManager.default.removeItem(at: folder) }
        let environment = ProcessInfo.processInfo.environment
        let count = environment["SAFETENSORS_CASES"] ?? "600"
        let script = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Reference/safetensors_cases.py").path()
        try #require(try Self.run(python, [script, folder.path(), count, environment["SAFETENSORS_SEED"] ?? "42"]))
        let verdicts = try String(contentsOf: folder.appending(path: "verdicts.txt"), encoding: .utf8)
        var (read, refused) = (0, 0)
        var stricter: [Strictness: Int] = [:]
        for verdict in verdicts.split(separator: "\n") {
            let words = verdict.split(separator: " ").map(String.init)
            let bytes = [UInt8](try Data(contentsOf: folder.appending(path: words[0])))
            let expected = Array(words.dropFirst())
            let found = Self.words(bytes)
            if found == ["refused"] { refused += 1 } else { read += 1 }
            guard found != expected else { continue }
            let reason = Self.reason(bytes)
            let strictness = reason.flatMap { Strictness($0, expected) }
            #expect(strictness != nil, "file \(words[0]) is \(reason ?? "read"), by the reference \(expected)")
            if let strictness { stricter[strictness, default: 0] += 1 }
        }
        #expect(read + refused == Int(count) && read > (read + refused) / 5 && refused > (read + refused) / 5)
        let differences = Strictness.allCases.map { "\(stricter[$0] ?? 0) \($0.rawValue)" }.joined(separator: ", ")
        print("safetensors: \(read) read and \(refused) refused; the reference reads of these \(differences)")
    }

    /// Why something is refused here that the reference reads. There is no other reason.
    private enum Strictness: String, CaseIterable {
        case otherType = "with tensors of other types"
        case keyTwice = "with a key twice"
        case noObject = "with a tensor that is no object"

        /// - Parameters:
        ///   - reason: why it is refused here.
        ///   - expected: what the reference reads.
        init?(_ reason: String, _ expected: [String]) {
            if expected == ["refused"] { return nil }
            if reason.contains("twice in its header") || reason.contains("has a key twice") {
                self = .keyTwice
            } else if reason.contains("weights are F64"), expected.contains(where: { !$0.contains(":<f") }) {
                self = .otherType
            } else if reason.contains("no object") {
                self = .noObject
            } else {
                return nil
            }
        }
    }

    private static func words(_ bytes: [UInt8]) -> [String] {
        do throws(SafetensorsError) {
            return try Safetensors.decode(bytes).sorted {
                Array($0.name.utf8).lexicographicallyPrecedes(Array($1.name.utf8))
            }
            .map { tensor in
                let values = tensor.values.flatMap { value in
                    withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
                }
                let shape = tensor.shape.map(String.init).joined(separator: "x")
                return "\(hex(Array(tensor.name.utf8))):\(shape):<f4:\(hex(values))"
            }
        } catch {
            return ["refused"]
        }
    }

    private static func reason(_ bytes: [UInt8]) -> String? {
        do throws(SafetensorsError) {
            _ = try Safetensors.decode(bytes)
            return nil
        } catch {
            return error.description
        }
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// A Python that has the package; nil where none can be had.
    private static func python() throws -> String? {
        let place = Bundle.main.executableURL!.deletingLastPathComponent().appending(path: "safetensors-reference")
        let python = place.appending(path: "bin/python").path()
        if try run(python, ["-c", "import safetensors.numpy"]) { return python }
        guard try run("/usr/bin/env", ["python3", "-m", "venv", place.path()]),
            try run(python, ["-m", "pip", "install", "-q", "safetensors", "numpy"])
        else { return nil }
        return try run(python, ["-c", "import safetensors.numpy"]) ? python : nil
    }

    private static func run(_ program: String, _ arguments: [String]) throws -> Bool {
        guard FileManager.default.isExecutableFile(atPath: program) else { return false }
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
