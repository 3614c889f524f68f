import ArgumentParser
import FileAccess
import Foundation
import Synchronization
import Testing

@testable import traintui

extension Program {
    /// A run whose journal a person named, killed while it begins.
    @Suite(.serialized)
    struct NamedJournal {
        private let folder: Folder

        init() throws {
            folder = try Folder()
            let rows = (0..<40).map { "\($0),\($0 * 3 % 17)" }
            try folder.write("x.csv", (["x,y"] + rows).joined(separator: "\n") + "\n")
            try folder.write("plain.toml", "")
        }

        private func at(_ name: String) -> String { folder.url.appending(path: name).path(percentEncoded: false) }

        private var job: [String] {
            [at("plain.toml"), "--data", at("x.csv"), "--target", "y", "--batch-size", "1", "--epochs", "5"]
        }

        /// The files as a kill after each of the first calls would leave them.
        private func remains(of count: Int) throws -> [String] {
            let calls = Mutex(0)
            let posix = SystemCalls.posix
            var killed = posix
            let keep: @Sendable () -> Void = { [url = folder.url] in
                let number = calls.withLock { calls in
                    calls += 1
                    return calls
                }
                guard number <= count else { return }
                do {
                    let copy = url.appending(path: "kill-\(number)")
                    try FileManager.default.createDirectory(at: copy, withIntermediateDirectories: true)
                    for file in try FileManager.default.contentsOfDirectory(atPath: url.path(percentEncoded: false))
                    where file.hasPrefix("own.jsonl") {
                        try FileManager.default.copyItem(
                            at: url.appending(path: file), to: copy.appending(path: file))
                    }
                } catch {
                    Issue.record(error)
                }
            }
            killed.open = { (path, flags, mode) throws(SystemError) in
                defer { keep() }
                return try posix.open(path, flags, mode)
            }
            // The test's own standard output is none of the run's.
            killed.write = { (file, bytes) throws(SystemError) in
                guard file > 2 else { return bytes.count }
                defer { keep() }
                return try posix.write(file, bytes)
            }
            killed.close = { (file) throws(SystemError) in if file > 2 { try posix.close(file) } }
            killed.rename = { (from, to) throws(SystemError) in
                try posix.rename(from, to)
                keep()
            }
            let end = Outside(killed).carryOut {
                let command = try TrainCommand.parse(
                    job + ["--json", "--journal", at("own.jsonl"), "--save", at("w"), "--name", "mine"])
                try HeadlessRun(PreparedRun(command, Outside(killed)), paceGiven: nil, asJSON: true).run()
            }
            #expect(end == .code(0))
            return (1...count).map { "kill-\($0)" }.filter { folder.has("\($0)/own.jsonl") }
        }

        @Test func killedWhileItBeginsItKeepsWhereItsWeightsGo() throws {
            let kills = try remains(of: 12)
            let whole = try folder.read("w")
            var (begun, empty) = (0, 0)
            for kill in kills {
                try FileManager.default.removeItem(at: folder.url.appending(path: "w"))
                let journal = at("\(kill)/own.jsonl")
                if try folder.read("\(kill)/own.jsonl").isEmpty {
                    // Nothing was begun: the same command does.
                    empty += 1
                    let again = try Invocation(
                        job + ["--headless", "--journal", journal, "--save", at("w")], in: folder)
                    #expect(again.code == 0, "\(kill): \(again.errors)")
                } else {
                    begun += 1
                    let again = try Invocation("resume", journal, "--headless", in: folder)
                    #expect(again.code == 0, "\(kill): \(again.errors)")
                    #expect(RunRecord.read("\(journal).run/run.json")?.name == "mine", "\(kill)")
                }
                #expect(folder.has("w"), "\(kill)")
                guard folder.has("w") else { return }
                #expect(try folder.read("w") == whole, "\(kill)")
            }
            #expect(begun >= 3 && empty >= 3, "\(begun), \(empty)")
        }
    }
}
