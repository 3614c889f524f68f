import FileAccess
import Foundation
import Testing
import TrainEngine
import TrainProtocol

@testable import traintui

extension Program {
    /// Runs that are killed, and gone on with.
    @Suite(.serialized)
    struct Resuming {
        private let folder: Folder

        init() throws {
            folder = try Folder()
            let rows = (0..<200).map { "\(Double($0 * 37 % 101) / 50 - 1),\(Double($0 * 53 % 97) / 40)" }
            try folder.write("small.csv", (["x,y"] + rows).joined(separator: "\n") + "\n")
            try folder.write("plain.toml", "")
        }

        private var state: URL { folder.url.appending(path: ".local/state/traintui/runs") }

        private func run(_ arguments: [String]) throws -> Invocation { try Invocation(arguments, in: folder) }

        private func run(_ arguments: String...) throws -> Invocation { try run(arguments) }

        private var runs: [String] {
            get throws { try FileManager.default.contentsOfDirectory(atPath: state.path()).sorted() }
        }

        /// Starts the program, and kills it after so many milliseconds; nil where it had ended by then.
        private func kill(_ arguments: [String], after milliseconds: Int) throws -> Process? {
            let process = Process()
            process.executableURL = Invocation.binary
            process.arguments = arguments
            process.currentDirectoryURL = folder.url
            process.environment = Invocation.environment(in: folder)
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            usleep(UInt32(milliseconds) * 1000)
            let isAlive = process.isRunning
            if isAlive { Foundation.kill(process.processIdentifier, SIGKILL) }
            process.waitUntilExit()
            return isAlive ? process : nil
        }

        private let job = ["plain.toml", "--headless", "--data", "small.csv", "--target", "y", "--batch-size", "5"]

        /// All lines but the first, which says when the run began.
        ///
        /// - Returns: nil where it has no first line yet.
        private func entries(_ run: String) throws -> [Substring]? {
            let path = ".local/state/traintui/runs/\(run)/journal.jsonl"
            guard folder.has(path), case let text = try folder.text(path), text.contains("\n") else { return nil }
            return Array(text.split(separator: "\n").dropFirst())
        }

        @Test func logsGoOnWhereTheyWere() throws {
            let logs = ["--csv-log", "log.csv", "--tensorboard", "board"]
            let ends = job + ["--epochs", "60", "--pace", "400", "--checkpoint-every", "0.1"] + logs
            #expect(try kill(ends, after: 1500) != nil)
            // A row that was being written.
            let before = try folder.text("log.csv")
            try folder.write("log.csv", before + "99,0.12")
            #expect(try run(["resume", "--headless", "--pace", "0"] + logs).code == 0)
            let text = try folder.text("log.csv")
            #expect(text.hasPrefix(before) && !text.contains("99,0.12"))
            var rows: [Int: Substring] = [:]
            for line in text.split(separator: "\n").dropFirst() {
                let epoch = try #require(Int(line.prefix { $0 != "," }))
                // What is taken again comes to the same.
                #expect(rows.updateValue(line, forKey: epoch) ?? line == line)
            }
            #expect(rows.keys.sorted() == Array(0..<60))
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/board/train").count == 2)
            // Each epoch once, as TensorBoard has them.
            for log in [["tensorboard", "board"], ["csv", "log.csv"]] {
                let name = try run(["import"] + log).output.split(separator: "\n")[0].dropFirst("imported    ".count)
                let kept = try RunFolder.readCheckpoint(
                    state.appending(path: "\(name)/checkpoint-2.safetensors").path()
                ).checkpoint
                #expect(kept.past.epochs.map(\.epoch) == Array(1...60))
            }
            // Columns of another job are not gone on with.
            try folder.write("log.csv", "epoch,loss\n0,1\n")
            let other = try run(["resume", try runs[0], "--headless", "--extend", "1"] + logs)
            #expect(other.code == 73 && other.errors.contains("its columns are others"))
        }

        /// 30 kills at random times, or as many as TRAINTUI_KILLS says.
        @Test func killedAtAnyTimeItComesToTheSame() throws {
            let kills = ProcessInfo.processInfo.environment["TRAINTUI_KILLS"].flatMap { Int($0) } ?? 30
            var done = 0
            var chains = 0
            var random = SystemRandomNumberGenerator()
            while done < kills {
                chains += 1
                let epochs = "120"
                let seed = ["--seed", "\(chains)", "--epochs", epochs, "--learning-rate", "0.05"]
                #expect(try run(job + seed + ["--save", "whole"]).code == 0)
                let whole = try #require(try runs.last)
                let paced = job + seed + ["--save", "again", "--pace", "4000", "--checkpoint-every", "0.02"]
                var isAlive = try kill(paced, after: Int.random(in: 60...400, using: &random)) != nil
                // Killed before it had a journal, it is begun again.
                while try runs.last == whole || entries(runs.last ?? "") == nil, isAlive {
                    isAlive = try kill(paced, after: Int.random(in: 200...400, using: &random)) != nil
                }
                done += isAlive ? 1 : 0
                let name = try #require(try runs.last)
                while isAlive, done < kills {
                    let paced = ["resume", "--headless", "--pace", "4000", "--checkpoint-every", "0.02"]
                    guard try kill(paced, after: Int.random(in: 30...300, using: &random)) != nil else {
                        isAlive = false
                        break
                    }
                    done += 1
                    // Whatever is there under a final name is whole.
                    for path in RunFolder(path: state.appending(path: name).path()).checkpoints
                    where FileManager.default.fileExists(atPath: path) {
                        _ = try CheckpointFile(Array(try Data(contentsOf: URL(filePath: path))))
                    }
                }
                if isAlive {
                    let last = try run("resume", "--headless")
                    #expect(last.code == 0, "\(last.errors)")
                }
                #expect(try folder.read("again") == folder.read("whole"))
                #expect(try entries(name) == entries(whole))
                #expect(try run("replay").output.hasSuffix("identical\n"))
            }
            print("resume: \(done) kills in \(chains) chains")
        }

        @Test func whatAKillLeftBehindIsFoundAndClearedAway() throws {
            let ends = ["--epochs", "200", "--pace", "3000", "--checkpoint-every", "0.1", "--save", "w"]
            #expect(try kill(job + ends, after: 900) != nil)
            let run = RunFolder(path: state.appending(path: try #require(try runs.last)).path())
            // As it is just after the start.
            let first = try folder.text(".local/state/traintui/runs/\(run.name)/journal.jsonl").prefix { $0 != "\n" }
            try Data((first + "\n").utf8).write(to: URL(filePath: run.journal))
            for path in run.checkpoints { try FileManager.default.removeItem(atPath: path) }
            // A checkpoint that was being written.
            let left = "\(run.path)/.traintui-1x2y.tmp"
            try Data("half".utf8).write(to: URL(filePath: left))
            #expect(try self.run("resume", "--headless").code == 0)
            #expect(try self.run(job + ["--epochs", "200", "--save", "v"]).code == 0)
            #expect(try folder.read("w") == folder.read("v"))
            #expect(!FileManager.default.fileExists(atPath: left))
            // Nor is it in the way of who wants to be rid of the run.
            try Data("half".utf8).write(to: URL(filePath: left))
            #expect(try self.run("runs", "rm", run.name).code == 0)
            // One that has a record and no journal yet has nothing to go on with, and goes as well.
            try FileManager.default.removeItem(atPath: state.appending(path: "\(try runs[0])/journal.jsonl").path())
            var record = try #require(RunRecord.read(state.appending(path: "\(try runs[0])/run.json").path()))
            record.state = .running
            try record.write(state.appending(path: "\(try runs[0])/run.json").path(), .posix)
            for name in RunFolder.checkpointNames {
                let path = state.appending(path: "\(try runs[0])/\(name)").path()
                if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
            }
            let none = try self.run("resume", "--headless")
            #expect(none.code == 66 && none.errors.contains("there is no run that was cut off"))
            #expect(try self.run("runs", "rm", runs[0]).code == 0)
            #expect(try runs.isEmpty)
        }

        @Test func toldToEndItGoesOn() throws {
            let epochs = ["--epochs", "200", "--pace", "3000", "--checkpoint-every", "0"]
            let terminal = try PseudoTerminal(job + epochs + ["--save", "w"], errors: "errors", in: folder)
            try terminal.wait("it trains") { terminal.text.contains("Epoch 20/") }
            try terminal.kill(SIGTERM)
            #expect(try terminal.end() == .exited(143))
            #expect(try folder.text("errors").hasSuffix("; w has the weights; `traintui resume` goes on\n"))
            let name = try #require(try runs.last)
            let record = try #require(RunRecord.read(state.appending(path: "\(name)/run.json").path()))
            #expect(record.state == .stopped && record.step > 0)
            // The checkpoint is of its last step: nothing is taken again.
            let again = try run("resume", "--headless")
            #expect(again.errors.hasPrefix("resumed at step \(record.step)\n"), "\(again.errors)")
            #expect(again.code == 0)
            #expect(try run("replay").output.hasSuffix("identical\n"))
            let none = try run("resume", "--headless")
            #expect(none.code == 66 && none.errors.contains("there is no run that was cut off"))
            let over = try run("resume", name, "--headless")
            #expect(over.code == 64 && over.errors.contains("all epochs are done; --extend N adds some"))
            #expect(try run("resume", name, "--headless", "--extend", "5").code == 0)
            #expect(try run(job + ["--epochs", "205", "--save", "v"]).code == 0)
            // The job in it is another one; the weights behind the header are the same.
            let (w, v) = (try folder.read("w"), try folder.read("v"))
            #expect(w.suffix(40) == v.suffix(40))
            #expect(try run("replay", state.appending(path: "\(name)/journal.jsonl").path()).output.contains("1 edit"))
        }

        @Test func aNewRunBeginsAtACheckpointOfAnother() throws {
            let epochs = ["--epochs", "200", "--pace", "3000", "--checkpoint-every", "0.1"]
            #expect(try kill(job + epochs + ["--save", "w"], after: 900) != nil)
            let first = RunFolder(path: state.appending(path: try #require(try runs.last)).path())
            let before = try Data(contentsOf: URL(filePath: first.journal))
            let path = try #require(first.checkpoints.first)
            let step = try CheckpointFile(Array(Data(contentsOf: URL(filePath: path)))).checkpoint.moment.step
            let branch = try run("resume", "--from", path, "--headless", "--save", "v")
            #expect(branch.errors == "resumed at step \(step)\n" && branch.code == 0, "\(branch.errors)")
            // Both are whole runs of their own, and come to the same.
            #expect(try Data(contentsOf: URL(filePath: first.journal)) == before)
            #expect(try runs.count == 2 && run("replay").output.hasSuffix("identical\n"))
            #expect(try run("resume", first.name, "--headless").code == 0)
            #expect(try folder.read("v") == folder.read("w"))
            #expect(try run("resume", "--from", "nothing", "--headless").code == 66)
            #expect(try run("resume", "--from", "small.csv", "--headless").code != 0)
        }

        @Test func aJournalOfItsOwnHasCheckpointsBesideIt() throws {
            let epochs = ["--epochs", "200", "--pace", "3000", "--checkpoint-every", "0.1"]
            #expect(try kill(job + epochs + ["--save", "w", "--journal", "own.jsonl"], after: 900) != nil)
            let again = try run("resume", "own.jsonl", "--headless")
            #expect(again.code == 0 && again.errors.hasPrefix("resumed at step "), "\(again.errors)")
            #expect(!again.errors.contains("all steps are taken again"))
            #expect(try run(job + ["--epochs", "200", "--save", "v"]).code == 0)
            #expect(try folder.read("w").suffix(40) == folder.read("v").suffix(40))
            #expect(try run("replay", "own.jsonl").output.hasSuffix("identical\n"))
            try FileManager.default.removeItem(atPath: "\(folder.path)/own.jsonl")
            let other = try run(job + ["--journal", "own.jsonl"])
            #expect(other.code == 73 && other.errors.contains("own.jsonl.run: has another run's checkpoints"))
            #expect(!folder.has("own.jsonl"))
        }

        @Test func logsGoOnBehindWhatIsInThem() throws {
            #expect(try run(job + ["--epochs", "3", "--csv-log", "log.csv", "--log-steps", "steps.csv"]).code == 0)
            let (log, steps) = (try folder.text("log.csv"), try folder.text("steps.csv"))
            let logs = ["--csv-log", "log.csv", "--log-steps", "steps.csv", "--tensorboard", "board"]
            #expect(try run(["resume", try #require(try runs.last), "--headless", "--extend", "2"] + logs).code == 0)
            #expect(try folder.text("log.csv").hasPrefix(log) && folder.text("steps.csv").hasPrefix(steps))
            let epochs = try folder.text("log.csv").split(separator: "\n").dropFirst().compactMap { $0.first }
            #expect(epochs == ["0", "1", "2", "3", "4"])
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/board/train").count == 1)
            try folder.write("log.csv", "a,b\n1,2\n")
            let other = try run(["resume", try #require(try runs.last), "--headless", "--extend", "2"] + logs)
            #expect(other.code == 73 && other.errors.contains("log.csv: is no log of such a run"), "\(other.errors)")
            #expect(try folder.text("log.csv") == "a,b\n1,2\n")
        }

        @Test func aDamagedCheckpointIsNoHindrance() throws {
            let epochs = ["--epochs", "200", "--pace", "3000", "--checkpoint-every", "0.1"]
            #expect(try kill(job + epochs + ["--save", "w"], after: 900) != nil)
            let run = RunFolder(path: state.appending(path: try #require(try runs.last)).path())
            let files = try run.checkpoints.map { try CheckpointFile(Array(try Data(contentsOf: URL(filePath: $0)))) }
            let newest = run.checkpoint(try #require(files.map(\.sequence).max()))
            var bytes = try Data(contentsOf: URL(filePath: newest))
            bytes[bytes.count / 2] ^= 1
            try bytes.write(to: URL(filePath: newest))
            let kept = try Data(contentsOf: URL(filePath: run.journal))
            let again = try self.run("resume", "--headless", "--data", "small.csv")
            #expect(again.errors.contains("\(newest): is damaged: its sha256 is not the one that stands in it\n"))
            #expect(again.errors.contains("resumed at step") && again.code == 0)
            let first = try folder.read("w")
            // Without any, all steps are taken again; the end of the journal that was cut off comes back.
            for path in run.checkpoints { try Data("nothing".utf8).write(to: URL(filePath: path)) }
            try kept.write(to: URL(filePath: run.journal))
            var record = try #require(RunRecord.read(run.record))
            record.state = .running
            try record.write(run.record, .posix)
            let over = try self.run("resume", "--headless")
            #expect(over.errors.contains("there is no checkpoint to go on from; all steps are taken again"))
            #expect(over.code == 0)
            #expect(try folder.read("w") == first)
        }

        @Test func otherDataAndOtherOwnersAreRefused() throws {
            let epochs = ["--epochs", "400", "--pace", "300"]
            #expect(try kill(job + epochs, after: 700) != nil)
            let table = try folder.text("small.csv")
            try folder.write("small.csv", table + "1,1\n")
            let other = try run("resume", "--headless")
            #expect(other.code == 65 && other.errors.contains("small.csv: is not the data that the run was trained on"))
            #expect(other.errors.contains("`traintui train` begins a new run"))
            #expect(other.errors.split(separator: "\n").count == 1)
            try folder.write("small.csv", table)
            let terminal = try PseudoTerminal(["resume", "--headless", "--pace", "300"], errors: "errors", in: folder)
            let folder = RunFolder(path: state.appending(path: try #require(try runs.last)).path())
            try terminal.wait("it goes on") { terminal.text.contains("Epoch") && folder.isOwned }
            let second = try run("resume", folder.name, "--headless")
            #expect(second.code == 73)
            #expect(second.errors.contains(": is trained by process "), "\(second.errors)")
            try terminal.kill(SIGTERM)
            #expect(try terminal.end() == .exited(143))
        }

        @Test func steeredInADashboardAndKilledItStandsWhereItWas() throws {
            let job = "--data small.csv --target y --batch-size 5 --pace 400 --epochs 400 --checkpoint-every 0.5"
            let first = try Tmux("plain.toml \(job)", in: folder)
            try first.wait("steps are taken") { ($0.step ?? 0) > 40 }
            var last = 0
            for keys in ["-", "]", "u"] {
                try first.keys(keys)
                last = try #require(try first.screen().step)
                try first.wait("it goes on") { abs(($0.step ?? 0) - last) > 40 }
            }
            try first.type(":@90000 lr /3\r")
            try first.wait(for: "@90000")
            let planned = try #require(try first.screen().step)
            try first.wait("a checkpoint has the plan") { ($0.step ?? 0) > planned + 20 }
            try first.kill(SIGKILL)

            let second = try Tmux("resume", in: folder)
            let screen = try second.waitForStillness(with: "● PAUSED", "resumed at step")
            #expect((screen.step ?? 0) > last)
            #expect(screen.contains("1 in force") && screen.contains("@90000") && screen.contains("branch 2"))
            // The chart has the run from its beginning on, and the edit's flag on its axis.
            #expect(screen.contains(#/└[┬─]*1[┬─]+/#))
            try second.keys("U")
            try second.wait(for: "redo: ")
            try second.keys("u")
            try second.wait(for: "undo: back to step")
            try second.keys("Space")
            try second.wait("it goes on") { ($0.step ?? 0) > last + 40 && $0.contains("● TRAINING") }
            try second.keys("q")
            try second.wait(for: "quit")
            try second.keys("q")
            #expect(try second.code() == 0)
            let name = try #require(try runs.last)
            #expect(try second.screen().contains("go on       traintui resume \(name)"))
            let replay = try run("replay")
            #expect(
                replay.output.hasSuffix(" identical\n") && replay.output.contains("2 edits, 2 rewinds, 1 return"),
                "\(replay.output)")
        }
    }
}
