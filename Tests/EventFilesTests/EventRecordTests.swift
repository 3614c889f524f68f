import Foundation
import Testing

@testable import EventFiles

@Suite("Event files")
struct EventRecordTests {
    @Test("have the checksums of RFC 3720")
    func checksums() {
        #expect(CRC32C.checksum(Array(repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(CRC32C.checksum(Array(repeating: 0xFF, count: 32)) == 0x62A8_AB43)
        #expect(CRC32C.checksum(0..<32) == 0x46DD_794E)
        #expect(CRC32C.checksum((0..<32).reversed()) == 0x113F_DB5C)
        #expect(CRC32C.checksum("123456789".utf8) == 0xE306_9283)
    }

    @Test("are read by TensorBoard as they were written, and cut anywhere up to there")
    func tensorBoard() throws {
        let values: [Float] = [0, -0.0, 1, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .infinity, .pi, 1e-30]
        var records = [EventRecord.version(at: 1.5)]
        for (step, value) in values.enumerated() {
            records.append(
                .scalars(
                    [("loss", value), ("größe/\(step)", -value)], step: step * 1_000_000_007, at: 2 + Double(step)))
        }
        records.append(
            .histograms(
                [("kernel", (0..<300).map { Float($0) }), ("bias", [2, 2, .nan]), ("none", [])], step: 4, at: 21))
        records.append(.text("edits", "learning rate **0.1 → 0.2**", step: 3, at: 20))
        let folder = FileManager.default.temporaryDirectory.appending(path: "events-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { _ = try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "events.out.tfevents.1.here")
        try Data(records.flatMap(\.bytes)).write(to: file)
        guard let python = TensorBoard.python() else {
            // Loudly, for a test that compares nothing must not look like one that does.
            print("SKIPPED: no comparison with TensorBoard, which pip could not fetch")
            return
        }
        let read = try TensorBoard.read(folder, by: python)
        let expected = values.enumerated().map { "loss \($0 * 1_000_000_007) \($1.bitPattern)" }
        #expect(read.filter { $0.hasPrefix("loss ") } == expected)
        #expect(read.filter { $0.hasPrefix("größe/") }.count == values.count)
        #expect(read.filter { $0.hasPrefix("edits ") } == ["edits 3 learning rate **0.1 → 0.2**"])
        // 300 numbers over 30 bins; of numbers that are all alike one bin around them.
        let bins = (0..<30).map { String(format: "%.4f:%.4f:%d", Double($0) * 299 / 30, Double($0 + 1) * 299 / 30, 10) }
        #expect(read.filter { $0.hasPrefix("kernel ") } == ["kernel 4 histograms " + bins.joined(separator: " ")])
        #expect(read.filter { $0.hasPrefix("bias ") } == ["bias 4 histograms 1.5000:2.5000:2"])
        #expect(read.filter { $0.hasPrefix("none ") } == ["none 4 histograms -0.5000:0.5000:0"])
        print("tensorboard: \(read.count) values read as they were written")
    }
}

/// TensorBoard's own reader, in a virtual environment under `.build`.
enum TensorBoard {
    private static let version = "2.20.0"

    /// A Python that has it; nil where it cannot be had, and why is printed.
    static func python() -> String? {
        let build = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: ".build/test-downloads/tensorboard-\(version)")
        let python = build.appending(path: "bin/python").path
        let finished = build.appending(path: "finished").path
        if FileManager.default.fileExists(atPath: finished) { return python }
        do {
            try FileManager.default.createDirectory(at: build, withIntermediateDirectories: true)
            try run("/usr/bin/env", ["python3", "-m", "venv", build.path])
            try run(
                python,
                ["-m", "pip", "install", "--quiet", "--timeout", "10", "--retries", "1", "tensorboard==\(version)"])
            try Data().write(to: URL(filePath: finished))
            return python
        } catch {
            print("tensorboard \(version) cannot be had from PyPI: \(error)")
            return nil
        }
    }

    /// All that is in a folder's event files: `tag step bits` for a scalar, `tag step text` for a text, `tag step
    /// histograms start:end:count ...` for a histogram.
    static func read(_ folder: URL, by python: String) throws -> [String] {
        let script = """
            import struct, sys
            from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
            from tensorboard.util import tensor_util
            events = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0, "tensors": 0})
            events.Reload()
            for tag in events.Tags()["scalars"]:
                for event in events.Scalars(tag):
                    print(tag, event.step, struct.unpack("<I", struct.pack("<f", event.value))[0])
            for tag in events.Tags()["tensors"]:
                kind = events.SummaryMetadata(tag).plugin_data.plugin_name
                for event in events.Tensors(tag):
                    if kind == "histograms":
                        bins = tensor_util.make_ndarray(event.tensor_proto)
                        print(tag, event.step, kind, *[f"{a:.4f}:{b:.4f}:{int(count)}" for a, b, count in bins])
                    else:
                        print(tag, event.step, event.tensor_proto.string_val[0].decode())
            """
        let output = folder.appending(path: ".read")
        try run(python, ["-c", script, folder.path], output: output)
        defer { _ = try? FileManager.default.removeItem(at: output) }
        return try String(contentsOf: output, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    private struct Failure: Error, CustomStringConvertible { let description: String }

    private static func run(_ command: String, _ arguments: [String], output: URL? = nil) throws {
        let process = Process()
        process.executableURL = URL(filePath: command)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(["PYTHONIOENCODING": "utf-8"]) { $1 }
        if let output {
            try Data().write(to: output)
            process.standardOutput = try FileHandle(forWritingTo: output)
        } else {
            process.standardOutput = FileHandle.nullDevice
        }
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: "\(command) ended with \(process.terminationStatus)")
        }
    }
}
