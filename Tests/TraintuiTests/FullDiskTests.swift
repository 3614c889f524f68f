#if os(Linux)
import Foundation
import Testing
import TrainEngine
import TrainProtocol

@testable import traintui

extension Program {
    /// A disk that is full for a while under a run: nothing is lost that was said to be saved, and all is written again.
    @Suite(
        .serialized, .enabled(if: SmallDisk.canBeMounted, "this person may not mount a file system of one MiB to fill"))
    struct FullDisk {
        private let disk: SmallDisk
        private var folder: Folder { disk.folder }

        init() throws {
            disk = try #require(SmallDisk(in: try Folder()))
            let rows = (0..<200).map { "\(Double($0 * 37 % 101) / 50 - 1),\(Double($0 * 53 % 97) / 40)" }
            try folder.write("small.csv", (["x,y"] + rows).joined(separator: "\n") + "\n")
            try folder.write("plain.toml", "")
        }

        private let job = "plain.toml --data small.csv --target y --batch-size 5 --epochs 300"
        private let kept = "--checkpoint-every 0.1 --journal disk/own.jsonl --save w"
        private var run: RunFolder {
            RunFolder(beside: disk.url.appending(path: "own.jsonl").path(percentEncoded: false))
        }

        private func words(_ line: String) -> [String] { line.split(separator: " ").map(String.init) }

        /// The step of the newest checkpoint; whatever has a final name opens.
        private func checkpoint() throws -> Int {
            var newest: CheckpointFile?
            for path in run.checkpoints where FileManager.default.fileExists(atPath: path) {
                let file = try CheckpointFile(Array(try Data(contentsOf: URL(filePath: path))))
                if file.sequence > newest?.sequence ?? 0 { newest = file }
            }
            if FileManager.default.fileExists(atPath: run.record) { #expect(RunRecord.read(run.record) != nil) }
            return newest?.checkpoint.moment.step ?? 0
        }

        /// Goes on to the end, where all is as in a run whose disk was never full.
        private func finish() throws {
            let again = try Invocation("resume", "disk/own.jsonl", "--headless", "--pace", "0", in: folder)
            #expect(again.code == 0 && again.errors.hasPrefix("resumed at step "), "\(again.errors)")
            #expect(try Invocation("replay", "disk/own.jsonl", in: folder).output.hasSuffix("identical\n"))
            #expect(try Invocation(words("\(job) --headless --save v"), in: folder).code == 0)
            #expect(try folder.read("w").suffix(40) == folder.read("v").suffix(40))
            #expect(run.leftovers.isEmpty)
        }

        @Test func underADashboardItIsSaidSinceWhenAndWhenItIsOver() throws {
            let terminal = try Tmux("\(job) \(kept) --pace 500", width: 160, height: 45, in: folder)
            try terminal.wait("checkpoints are there") { _ in try checkpoint() > 0 }
            disk.fill()
            // Sentences are wrapped where the pane ends.
            let full = try terminal.wait(for: "no checkpoint is written from", "own.jsonl: is not written from")
            #expect(full.contains("No space left on device") && full.contains("● TRAINING"))
            let saved = try checkpoint()
            #expect(saved > 0)
            let step = try #require(try terminal.screen().step)
            try terminal.wait("it trains on") { ($0.step ?? 0) > step + 200 }
            #expect(try checkpoint() == saved)
            disk.free()
            try terminal.wait(for: "checkpoints are written", "own.jsonl: is written again")
            try terminal.wait("there are new ones") { _ in try checkpoint() > step }
            try terminal.kill(SIGKILL)
            try finish()
        }

        @Test func killedMeanwhileItGoesOnFromWhatWasSaved() throws {
            let terminal = try PseudoTerminal(
                words("\(job) \(kept) --pace 500 --headless"), errors: "errors", in: folder)
            try terminal.wait("checkpoints are there") { try checkpoint() > 0 }
            disk.fill()
            try terminal.wait("it is said") {
                let said = try folder.text("errors")
                return said.contains("no checkpoint is written from step") && said.contains("is not written from step")
            }
            let saved = try checkpoint()
            #expect(saved > 0)
            try terminal.kill(SIGKILL)
            _ = try terminal.end()
            #expect(try checkpoint() == saved)
            disk.free()
            try finish()
        }
    }
}
#endif
