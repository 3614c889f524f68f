import Foundation
import Testing

extension Program {
    /// Journals of runs, and runs taken again from them.
    @Suite(.serialized)
    struct Journals {
        private let folder: Folder

        init() throws { folder = try Folder() }

        private func run(_ arguments: String..., environment: [String: String] = [:]) throws -> Invocation {
            try Invocation(arguments, in: folder, environment: environment)
        }

        /// The folders of the runs in the standard place.
        private var runs: [String] {
            get throws {
                try FileManager.default.contentsOfDirectory(
                    atPath: folder.url.appending(path: ".local/state/traintui/runs").path()
                ).sorted()
            }
        }

        /// A table of 40 rows.
        private func writeTable(slope: Int = 3) throws {
            let rows = (0..<40).map { "\($0),\($0 * slope % 17)" }
            try folder.write("plain.toml", "")
            try folder.write("small.csv", (["x,y"] + rows).joined(separator: "\n") + "\n")
        }

        private let small = ["plain.toml", "--headless", "--data", "small.csv", "--target", "y", "--batch-size", "5"]

        @Test
        func everyRunHasOneAndTheLastIsReplayed() throws {
            #expect(try run("--headless", "--epochs", "1", "--seed", "7").code == 0)
            #expect(try run("--json", "--epochs", "2").code == 0)
            let names = try runs
            #expect(names.count == 2 && names.allSatisfy { $0.contains("-storms") })
            for kernels in ["", "v3", "baseline"] {
                let replay = try run("replay", environment: ["TRAINTUI_KERNELS": kernels])
                #expect(replay.output == "686 steps, 0 edits: identical\n")
                #expect(replay.errors == "" && replay.code == 0)
            }
            #expect(
                try run("replay", ".local/state/traintui/runs/\(names[0])/journal.jsonl").output.contains("343 steps"))
            #expect(try run("--headless", "--epochs", "1", "--no-journal").code == 0)
            #expect(try runs.count == 2)
        }

        @Test
        func aNamedOneIsNeverWrittenOver() throws {
            #expect(try run("--headless", "--epochs", "1", "--journal", "run.jsonl").code == 0)
            let journal = try folder.text("run.jsonl")
            #expect(journal.hasPrefix(#"{"event":"begin","format":2,"program":"traintui "#))
            let again = try run("--headless", "--epochs", "1", "--journal", "run.jsonl")
            #expect(
                again.errors
                    == "traintui: run.jsonl: is there already and not empty; name a new file for the journal\n")
            #expect(again.code == 73)
            #expect(try folder.text("run.jsonl") == journal)
            #expect(!folder.has(".local"))
            #expect(try run("--journal", "a", "--no-journal").code == 64)
        }

        @Test
        func aPlaceThatCannotBeWrittenIsAFailureOnlyWhereItWasNamed() throws {
            let named = try run("--headless", "--journal", "no/run.jsonl")
            #expect(named.errors == "traintui: no/run.jsonl: cannot be written: No such file or directory\n")
            #expect(named.code == 73)
            try folder.write("state", "")
            let other = try run(
                "--headless", "--epochs", "1", environment: ["XDG_STATE_HOME": "\(folder.path)/state"])
            #expect(other.errors.hasPrefix("warning: no journal is written: "))
            #expect(other.errors.split(separator: "\n").count == 1 && other.code == 0)
        }

        @Test
        func aHundredRunsAreKeptAndTwentyLaunches() throws {
            let place = folder.url.appending(path: ".local/state/traintui/runs")
            for day in 10..<100 {
                for hour in 10..<12 {
                    let path = place.appending(path: "19\(day)-01-01T\(hour)-00-00-old")
                    try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
                    try Data("{}\n".utf8).write(to: path.appending(path: "journal.jsonl"))
                }
            }
            // Launches in which nothing was done push none of these out.
            for minute in 10..<50 {
                let path = place.appending(path: "2000-01-01T10-\(minute)-00-launch")
                try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
                try Data().write(to: path.appending(path: "journal.jsonl"))
            }
            // Not ours, and a run's folder with a file of the person's in it.
            try FileManager.default.createDirectory(
                at: place.appending(path: "mine"), withIntermediateDirectories: true)
            try Data().write(to: place.appending(path: "1910-01-01T10-00-00-old/notes"))
            try writeTable()
            #expect(try run(["--epochs", "1"] + small).code == 0)
            let left = try runs
            #expect(left.count == 123)
            #expect(left.filter { $0.hasSuffix("launch") }.first == "2000-01-01T10-30-00-launch")
            #expect(left.prefix(2) == ["1910-01-01T10-00-00-old", "1950-01-01T10-00-00-old"])
            #expect(left.contains("mine") && left.contains { $0.hasSuffix("-small") })
        }

        private func run(_ arguments: [String]) throws -> Invocation { try Invocation(arguments, in: folder) }

        @Test
        func onlyTheSameDataAndWeightsWillDo() throws {
            try writeTable()
            #expect(try run(small + ["--save", "w"]).code == 0)
            #expect(try run(small + ["--init", "w", "--journal", "j"]).code == 0)
            #expect(try run("replay", "j").output.hasSuffix("steps, 0 edits: identical\n"))
            // From another folder, with the data elsewhere.
            try FileManager.default.moveItem(
                at: folder.url.appending(path: "small.csv"), to: folder.url.appending(path: "moved.csv"))
            #expect(try run("replay", "j").code == 66)
            #expect(try run("replay", "j", "--data", "moved.csv").code == 0)
            try writeTable(slope: 4)
            let other = try run("replay", "j")
            #expect(other.code == 65 && other.output == "")
            #expect(other.errors.contains("small.csv: is not the data that the run was trained on: its sha256 is "))
            try FileManager.default.copyItem(
                at: folder.url.appending(path: "w"), to: folder.url.appending(path: "v"))
            #expect(try run("replay", "j", "--data", "moved.csv", "--init", "v").code == 0)
            var weights = try folder.read("v")
            weights[weights.count - 1] ^= 1
            try folder.write("v", weights)
            let forged = try run("replay", "j", "--data", "moved.csv", "--init", "v")
            #expect(forged.code == 65)
            #expect(forged.errors.contains("v: is not the weights that the run began with: its sha256 is "))
        }

        @Test
        func aPipesDataAreNotKnownAgain() throws {
            try writeTable()
            try folder.write(
                "go", "cat small.csv | \"$1\" --headless --data /dev/stdin --target y --batch-size 5 --journal j")
            let shell = Process()
            shell.executableURL = URL(filePath: "/bin/sh")
            shell.arguments = ["go", Invocation.binary.path()]
            shell.currentDirectoryURL = folder.url
            shell.standardOutput = FileHandle.nullDevice
            try shell.run()
            shell.waitUntilExit()
            #expect(shell.terminationStatus == 0)
            let replay = try run("replay", "j", "--data", "small.csv")
            #expect(replay.output.hasSuffix("identical\n") && replay.code == 0)
            #expect(
                replay.errors
                    == "warning: small.csv: nobody can tell whether it holds the data that the run was trained on: "
                    + "it could be read only once\n")
        }

        @Test
        func oneThatIsCutOffIsReplayedUpToThere() throws {
            try writeTable()
            #expect(try run(small + ["--journal", "j", "--epochs", "3"]).code == 0)
            let bytes = try folder.read("j")
            let header = try #require(bytes.firstIndex(of: 0x0A))
            for count in [header + 1, header + 2, (header + bytes.count) / 2, bytes.count - 2, bytes.count - 1] {
                try folder.write("cut", bytes[..<count])
                let replay = try run("replay", "cut")
                #expect(
                    try replay.output.firstMatch(
                        of: Regex("step [0-9]+ without an end: identical up to there\n$")) != nil,
                    "\(count): \(replay.output)\(replay.errors)")
                #expect(replay.code == 0)
            }
            for count in [0, 1, header - 1, header] {
                try folder.write("cut", bytes[..<count])
                let replay = try run("replay", "cut")
                #expect(replay.code == 65 && replay.errors.hasPrefix("traintui: cut:") && replay.output == "")
            }
        }

        @Test
        func aForgedOneIsFoundOut() throws {
            try writeTable()
            #expect(try run(small + ["--journal", "j", "--epochs", "3"]).code == 0)
            let journal = try folder.text("j")
            let line = try #require(journal.split(separator: "\n").first { $0.contains(#""event":"check","step":9"#) })
            try folder.write(
                "k",
                journal.replacing(
                    line, with: line.replacing(#"weights":""#, with: #"weights":"7"#).dropLast(3) + #""}"#))
            let replay = try run("replay", "k")
            #expect(
                replay.output
                    == "9 steps, 0 edits: different at step 9: the weights differ; the first difference lies after step 8\n"
            )
            #expect(replay.code == 1)
            try folder.write("k", journal.replacing(#""event":"check","step":9"#, with: #""event":"chekc","step":9"#))
            let number = try #require(journal.split(separator: "\n").firstIndex { $0 == line }) + 1
            #expect(
                try run("replay", "k").errors
                    == "traintui: k:\(number): there is no event 'chekc'; did you mean 'check'?\n")
            try folder.write("k", journal.replacing("epochs = 3", with: "epcohs = 3"))
            let job = try run("replay", "k")
            #expect(
                job.errors.hasPrefix("traintui: k: the job in it:") && job.errors.contains("did you mean 'epochs'?"))
            #expect(job.code == 65)
            // One bit of the job's text, which another reader of TOML ended the program by.
            try folder.write("k", journal.replacing("[training]", with: "[\\n/training]"))
            let flipped = try run("replay", "k")
            #expect(flipped.errors.hasPrefix("traintui: k: the job in it:"))
            #expect(flipped.errors.contains(": the line ends here; expected a name"))
            #expect(flipped.errors.split(separator: "\n").count == 1 && flipped.code == 65)
            #expect(try run("replay", "none").code == 66)
            #expect(try run("replay").code == 66)
        }

        @Test
        func whatIsDoneInTheDashboardIsReplayed() throws {
            let terminal = try Tmux("--pace 400 --journal j --epochs 2", in: folder)
            try terminal.wait("steps are taken") { ($0.step ?? 0) > 3 }
            for change in ["-", "+", "]", "-"] {
                try terminal.keys(change)
                let step = try #require(try terminal.screen().step)
                try terminal.wait("it goes on") { ($0.step ?? 0) > step + 3 }
            }
            try terminal.type(":batch 64\r")
            try terminal.wait(for: "batch size")
            try terminal.type(":layers.0.l2 0.1\r")
            try terminal.keys("f")
            try terminal.wait(for: "● DONE")
            try terminal.keys("q")
            try terminal.wait(for: "━ quit ━")
            try terminal.keys("q")
            #expect(try terminal.code() == 0)
            #expect(try terminal.screen().contains("journal     j"))
            for kernels in ["", "v3"] {
                let replay = try run("replay", "j", environment: ["TRAINTUI_KERNELS": kernels])
                #expect(
                    try replay.output.wholeMatch(of: Regex("[0-9]+ steps, 6 edits: identical\n")) != nil, "\(replay)"
                )
                #expect(replay.code == 0)
            }
        }

        @Test
        func aReplayCanBeWatchedAndSteeredFromItsEnd() throws {
            let run = try Tmux("--pace 400 --journal j --epochs 2", in: folder)
            try run.wait("steps are taken") { ($0.step ?? 0) > 20 }
            try run.keys("-")
            try run.wait(for: "1 learning rate 0.01 → 0.005")
            try run.wait("it goes on") { ($0.step ?? 0) > 60 }
            try run.keys("u")
            try run.wait(for: "undo 1")
            try run.wait("it goes on") { ($0.step ?? 0) > 100 }
            try run.keys("Space")
            let end = try #require(try run.waitForStillness(with: "● PAUSED").step)
            try run.keys("q")
            try run.wait(for: "━ quit ━")
            try run.keys("q")
            #expect(try run.code() == 0)

            let replay = try Tmux("replay j --watch --pace 50", in: folder)
            try replay.wait("steps are taken") { ($0.step ?? 0) > 3 }
            try replay.keys("u")
            try replay.wait(for: "the run follows its journal; at the journal's end it can be steered")
            try replay.keys("f")
            let screen = try replay.wait(for: "the journal ends here: identical", "● PAUSED", "undo 1")
            #expect(screen.step == end)
            #expect(!folder.has(".local"))
            try replay.keys("n")
            try replay.wait("a step of its own") { $0.step == end + 1 }
            try replay.keys("-")
            try replay.wait(for: "@\(end + 1)  2 learning rate 0.01 → 0.005")
            try replay.keys("Space")
            try replay.wait("it goes on") { ($0.step ?? 0) > end + 20 }
            try quit(replay)
            #expect(try replay.screen().contains("1 edit, 1 rewind: identical"))

            // The way that it went from there is a journal of its own, with all of the old one but its end.
            let name = try #require(try runs.first)
            let path = ".local/state/traintui/runs/\(name)/journal.jsonl"
            #expect(try replay.screen().replacing("\n", with: "").contains(path))
            let (old, new) = (try lines("j"), try lines(path))
            #expect(old.last?.contains(#""event":"end""#) == true)
            #expect(new[1..<(old.count - 1)] == old[1..<(old.count - 1)])
            #expect(new[0].contains(#""origin":"\#(folder.path.hasSuffix("/") ? folder.path : folder.path + "/")j""#))
            #expect(new.contains { $0.hasPrefix(#"{"event":"edit","step":\#(end + 1),"number":2,"#) })
            let again = try self.run("replay")
            #expect(
                try again.output.wholeMatch(of: Regex("[0-9]+ steps, 2 edits, 1 rewind: identical\n")) != nil,
                "\(again)")
            // Whoever only watches leaves nothing behind.
            #expect(try self.run("replay", "j").code == 0)
            let watched = try Tmux("replay j --watch --pace 0", in: folder)
            try watched.wait(for: "the journal ends here: identical")
            try quit(watched)
            #expect(try runs == [name])
        }

        @Test
        func aWatchedReplayOfARunThatIsDoneTakesNoStepMore() throws {
            let run = try Tmux("--pace 0 --journal j --epochs 2", in: folder)
            try run.wait(for: "● DONE")
            try run.type(":goto 343\r")
            try run.wait("it is back") { $0.step == 343 }
            try run.type(":epochs 1\r")
            try run.wait(for: "● DONE", "343/343")
            try quit(run)
            let replay = try Tmux("replay j --watch --pace 0", in: folder)
            try replay.wait(for: "the journal ends here: identical", "● DONE")
            try replay.keys("n")
            let screen = try replay.wait(for: "the run is done")
            #expect(screen.step == 343 && screen.contains("343/343"))
            try quit(replay)
        }

        @Test
        func aWatchedReplayHasTheJobsGuard() throws {
            try folder.write("job.toml", "[training]\nguard = 'rewind'\nepochs = 2\n")
            #expect(try run("job.toml", "--headless", "--journal", "j").code == 0)
            let replay = try Tmux("replay j --watch --pace 0", in: folder)
            try replay.wait(for: "the journal ends here: identical", "● DONE")
            try replay.type(":epochs 900\r")
            try replay.type(":optimizer sgd\r")
            try replay.type(":lr 1e4\r")
            try replay.keys("Space")
            try replay.wait(for: "back to step")
            try quit(replay)
        }

        private func quit(_ terminal: Tmux) throws {
            try terminal.type(":quit\r")
            try terminal.wait(for: "━ quit ━")
            try terminal.keys("q")
            #expect(try terminal.code() == 0)
        }

        private func lines(_ name: String) throws -> [Substring] { try folder.text(name).split(separator: "\n") }

        @Test
        func oneOfAProgramThatWasKilledIsReplayedUpToThere() throws {
            let terminal = try Tmux("--pace 400 --journal j", in: folder)
            try terminal.wait("steps are taken") { ($0.step ?? 0) > 110 }
            try terminal.kill(SIGKILL)
            #expect(try terminal.code() == 137)
            let replay = try run("replay", "j")
            #expect(replay.output.contains("without an end: identical up to there") && replay.code == 0)
        }
    }
}
