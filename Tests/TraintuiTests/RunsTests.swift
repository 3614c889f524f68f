import FileAccess
import Foundation
import Testing

@testable import traintui

extension Program {
    /// The list of runs, what is done with them, and runs side by side.
    @Suite(.serialized)
    struct Runs {
        private let folder: Folder

        init() throws {
            folder = try Folder()
            let rows = (0..<60).map { "\(Double($0 * 37 % 101) / 50 - 1),\(Double($0 * 53 % 97) / 40)" }
            try folder.write("small.csv", (["x,y"] + rows).joined(separator: "\n") + "\n")
            try folder.write("plain.toml", "")
        }

        private var state: URL { folder.url.appending(path: ".local/state/traintui/runs") }
        private var runs: [String] {
            get throws { try FileManager.default.contentsOfDirectory(atPath: state.path()).sorted() }
        }

        private func run(_ arguments: String...) throws -> Invocation { try Invocation(arguments, in: folder) }

        private func train(_ arguments: String...) throws {
            let job = ["plain.toml", "--headless", "--data", "small.csv", "--target", "y", "--batch-size", "5"]
            #expect(try Invocation(job + arguments, in: folder).code == 0)
        }

        @Test func areListedShownNotedAndRemoved() throws {
            let none = try run("runs")
            #expect(none.output == "there are no runs yet\n" && none.code == 0)
            try train("--epochs", "4", "--name", "first \u{1B}[31m")
            try train("--epochs", "3")
            let list = try run("runs").output.split(separator: "\n")
            #expect(list.count == 3 && list[0].hasPrefix("run "))
            #expect(list[1].hasPrefix("first ␛[31m (") && list[1].contains("  done  ") && list[1].contains("  4/4  "))
            #expect(list[2].contains("small.csv") && list[2].contains("  3/3  "))
            let second = try #require(try runs.last)
            #expect(try run("runs", "note", second, "the \"one\"\nto keep").code == 0)
            #expect(try run("runs").output.contains("the \"one\"␊to keep"))
            let shown = try run("runs", "show", second).output
            #expect(
                shown.contains("note        the \"one\"␊to keep\n") && shown.contains("trained     3 of 3 epochs, "))
            for line in try run("runs", "--json").output.split(separator: "\n") {
                let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                #expect(object?["state"] as? String == "done")
            }
            #expect(try run("runs", "prune").output == "nothing to remove\n")
            let many = try run("runs", "rm", "small")
            #expect(many.code == 64 && many.errors.contains("2 runs have 'small' in their names"))
            #expect(try run("runs", "rm", "nothing").code == 66)
            #expect(try run("runs", "rm", "first \u{1B}[31m").code == 0)
            #expect(try runs == [second])
            // What is somebody else's stays.
            try folder.write(".local/state/traintui/runs/\(second)/mine", "")
            #expect(try run("runs", "rm", second).code == 73)
            #expect(try runs == [second])
        }

        @Test func areAScreenInATerminal() throws {
            try train("--epochs", "4", "--name", "first", "--tag", "good")
            try train("--epochs", "3", "--name", "second")
            let terminal = try Tmux("runs", width: 120, height: 36, in: folder)
            try terminal.wait(for: "2 in all", "second", "#good", "done")
            try terminal.type("/first")
            try terminal.wait("one is left") { $0.contains("1 shown") && !$0.contains("second") }
            try terminal.keys("Enter")
            try terminal.type("n")
            try terminal.type("a note\r")
            try terminal.wait(for: "#good a note")
            try terminal.type("p")
            try terminal.wait(for: "◆ first")
            try terminal.type("d")
            try terminal.wait(for: "remove this run?", "1 of them pinned")
            try terminal.type("y")
            try terminal.wait(for: "is pinned")
            #expect(try runs.count == 2)
            // Opened, it is there at once; who leaves it is back in the list.
            try terminal.keys("Enter")
            try terminal.wait(for: "● DONE", "epochs 1-4", "◆")
            try terminal.type("-")
            try terminal.wait(for: "only looked at here")
            try terminal.type("qq")
            try terminal.wait(for: "1 shown")
            try terminal.keys("Escape", "g")
            try terminal.wait(for: "2 in all")
            try terminal.type("  c")
            try terminal.wait(for: "compared", "validation loss by epochs")
            try terminal.keys("Escape", "Escape", "G", "g")
            try terminal.type("dy")
            try terminal.wait(for: "1 in all", "removed")
            #expect(try runs.count == 1)
            try terminal.type("q")
            #expect(try terminal.code() == 0)
        }

        @Test func oneThatGoesOnElsewhereIsWatched() throws {
            let elsewhere = try Tmux("--epochs 400 --pace 300 --name live --checkpoint-every 0.2", in: folder)
            try elsewhere.wait("it trains") { ($0.step ?? 0) > 100 }
            let process = try elsewhere.processID()
            let terminal = try Tmux("runs", width: 120, height: 36, in: folder)
            try terminal.wait(for: "live", "running")
            try terminal.keys("Enter")
            let step = try #require(
                try terminal.wait("it is watched") { $0.contains("● TRAINING") && $0.step != nil }.step)
            try terminal.wait("it goes on") { ($0.step ?? 0) > step + 100 }
            #expect(kill(process, SIGTERM) == 0)
            try terminal.wait(for: "● PAUSED")
            try terminal.type("qq")
            try terminal.wait(for: "stopped")
            try terminal.type("q")
            #expect(try terminal.code() == 0)
        }

        @Test func aRunThatWasKilledIsCutOff() throws {
            try train("--epochs", "4")
            let last = try #require(try runs.last)
            let path = state.appending(path: "\(last)/run.json").path()
            var record = try #require(RunRecord.read(path))
            record.state = .running
            try record.write(path, .posix)
            #expect(try run("runs").output.contains("  cut off  "))
            try Data("{".utf8).write(to: URL(filePath: path))
            #expect(try run("runs").output.split(separator: "\n").count == 2)
            #expect(try run("runs", "note", "small", "x").code == 65)
        }

        @Test func superfluousOnesAreSaidBeforeTheyAreRemoved() throws {
            for minute in 10..<50 {
                let path = state.appending(path: "2000-01-01T10-\(minute)-00-launch")
                try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
                try Data().write(to: path.appending(path: "journal.jsonl"))
            }
            // The newest is none of them.
            let said = try run("runs", "prune").output.split(separator: "\n")
            #expect(said.count == 19 && said[0] == "would remove 2000-01-01T10-10-00-launch")
            #expect(try runs.count == 40)
            #expect(try run("runs", "prune", "--force").output.split(separator: "\n").count == 19)
            #expect(try runs.count == 21)
        }

        @Test func areComparedByEpochs() throws {
            try train("--epochs", "6", "--name", "slow", "--learning-rate", "0.001")
            try train("--epochs", "6", "--name", "fast", "--learning-rate", "0.05")
            let text = try run("compare", "slow", "fast").output
            #expect(text.contains("training.learning_rate") || text.contains("learning_rate"))
            #expect(text.contains("0.001") && text.contains("0.05"))
            #expect(text.contains(/validation loss by epochs\n(.*\n)* +1 +2 +3 +4 +5 +6\n/))
            // Each curve has its run's letter at the end.
            #expect(text.contains(/\n.*[│┤|+].*A/) && text.contains(/\n.*[│┤|+].*B/))
            #expect(!text.contains("dashboard."))
            #expect(text.contains("paired, for data and seed are the same\nB - A  "))
            #expect(text.contains("of 6 epochs") || text.contains("mean of 6 epochs"))
            #expect(try run("compare", "slow").code == 64)
            #expect(try run("compare", "slow", "none").code == 66)
            let same = try run("compare", "slow", "slow").output
            #expect(same.contains("their jobs are the same\n"))
        }

        @Test func aRunThatIsLookedAtTakesNotesAndOthersUnderIt() throws {
            try train("--epochs", "6", "--name", "slow", "--learning-rate", "0.001")
            try train("--epochs", "6", "--name", "fast", "--learning-rate", "0.05")
            let terminal = try Tmux("runs", width: 120, height: 36, in: folder)
            try terminal.wait(for: "2 in all", "fast")
            try terminal.keys("Enter")
            try terminal.wait(for: "● DONE")
            try terminal.type(":overlay slow\r")
            try terminal.wait(for: "A slow")
            try terminal.type("o")
            try terminal.wait(for: "other runs", "0.001, here 0.05", "paired")
            try terminal.keys("Escape")
            try terminal.type(":overlay nothing\r")
            try terminal.wait(for: "there is no run 'nothing'")
            try terminal.type(":note it was fast\r")
            try terminal.wait(for: "noted")
            try terminal.type("qq")
            try terminal.wait(for: "2 in all", "it was fast")
            try terminal.type("q")
            #expect(try terminal.code() == 0)
        }

        @Test func withoutADashboardAnotherRunIsComparedInWords() throws {
            let job = ["plain.toml", "--headless", "--data", "small.csv", "--target", "y", "--batch-size", "5"]
            try train("--epochs", "4", "--name", "same")
            let again = try Invocation(job + ["--epochs", "6", "--against", "same"], in: folder)
            #expect(again.code == 0)
            #expect(again.output.contains(#/against same: best validation [\d.]+ here, [\d.]+ there; /#))
            #expect(again.output.contains("0.0000 on the mean of 4 epochs, paired, for data and seed are the same\n"))
            let other = try Invocation(job + ["--epochs", "2", "--seed", "7", "--against", "same"], in: folder)
            #expect(other.output.contains("on the mean of 2 epochs, other data or another seed\n"))
            let json = try Invocation(job + ["--json", "--against", "same"], in: folder)
            #expect(json.code == 64 && json.errors.contains("--json has neither"))
        }

        @Test func logsAreThoseOfKeras() throws {
            try train("--epochs", "3", "--csv-log", "log.csv", "--tensorboard", "board", "--json")
            let lines = try folder.text("log.csv").split(separator: "\n")
            #expect(lines[0] == "epoch,loss,mean_absolute_error,val_loss,val_mean_absolute_error")
            #expect(lines.dropFirst().map { $0.prefix(2) } == ["0,", "1,", "2,"])
            #expect(lines.allSatisfy { $0.split(separator: ",").count == 5 } && !lines.joined().contains("NA"))
            for part in ["train", "validation"] {
                let files = try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/board/\(part)")
                #expect(files.count == 1 && files[0].hasPrefix("events.out.tfevents."))
            }
            // The same numbers as in what is printed.
            let printed = try Invocation(
                ["plain.toml", "--json", "--data", "small.csv", "--target", "y", "--batch-size", "5", "--epochs", "3"],
                in: folder)
            for line in lines.dropFirst() {
                // As texts: readers of JSON are not all exact.
                #expect(printed.output.contains("\"mean_loss\":\(line.split(separator: ",")[1]),"))
            }
            #expect(try run("train", "--csv-log", "small.csv", "--data", "small.csv", "--target", "y").code == 64)
        }

        @Test func patienceEndsARun() throws {
            try train("--epochs", "500", "--patience", "2", "--save", "w")
            let last = try #require(try runs.last)
            let record = try #require(RunRecord.read(state.appending(path: "\(last)/run.json").path()))
            #expect(record.epochsDone < 500 && record.state == .done && record.edits == 1)
        }
    }
}
