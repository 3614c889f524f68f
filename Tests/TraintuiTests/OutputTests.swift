import Foundation
import Testing

extension Program {
    /// What becomes of a run whose outputs cannot be written, or lead to strange places.
    @Suite(.serialized)
    struct Outputs {
        private let folder: Folder

        init() throws {
            folder = try Folder()
            let rows = (0..<40).map { "\($0),\($0 * 3 % 17)" }
            try folder.write("x.csv", (["x,y"] + rows).joined(separator: "\n") + "\n")
            try folder.write(
                "job.toml", "[data]\npath = 'x.csv'\ntarget = 'y'\n[training]\nbatch_size = 5\nepochs = 3\n")
        }

        /// Runs a line of the shell, in which `$T` is the program and `$S` the start of a small training.
        private func shell(_ line: String) throws -> Invocation {
            let small = "\(Invocation.binary.path()) job.toml --headless"
            return try Invocation(
                shell: line, in: folder, environment: ["T": Invocation.binary.path(), "S": small])
        }

        private func status(_ name: String) throws -> stat {
            var status = stat()
            try #require(lstat(folder.url.appending(path: name).path(), &status) == 0)
            return status
        }

        // MARK: Standard output and standard error

        @Test(arguments: ["2>&-", "2>/dev/full", "2>&1 | true", ">&-", ">&- 2>&-", "<&- >&- 2>&-"])
        func noWayOfHavingNobodyToTalkToEndsATraining(redirection: String) throws {
            _ = try shell("$S --save expected --no-journal")
            let run = try shell("$S --save w --journal j \(redirection)")
            #expect(run.code == 0)
            #expect(try folder.read("w") == folder.read("expected"))
            #expect(try shell("$T replay j").output == "12 steps, 0 edits: identical\n")
        }

        @Test func aFullDiskBehindStandardOutputIsToldAndTheWeightsAreSaved() throws {
            let run = try shell("$S --save w > /dev/full")
            #expect(run.errors == "traintui: standard output: cannot be written: No space left on device\n")
            #expect(run.code == 73 && folder.has("w"))
            #expect(try shell("$S --json --save v > /dev/full").code == 73)
            #expect(try folder.read("v") == folder.read("w"))
        }

        @Test func nothingSaysThatItWasWrittenWhereItWasNot() throws {
            #expect(try shell("$S --journal j").code == 0)
            for command in [
                "export --keras j", "themes", "replay j", "--help", "train --help", "--version",
                "--generate-completion-script zsh",
            ] {
                let run = try shell("$T \(command) > /dev/full")
                #expect(run.code == 73 && run.errors.hasSuffix(": No space left on device\n"), "\(command)")
                #expect(try shell("$T \(command) >&-").code == 73)
            }
        }

        @Test func whoeverStopsReadingEndsItQuietlyButNotBeforeTheWeights() throws {
            let unwanted = try shell("{ $S --epochs 1000000000; echo $? > code; } | head -1")
            #expect(try folder.text("code") == "141\n" && unwanted.errors == "")
            let wanted = try shell("{ $S --save w; echo $? > code; } | true")
            #expect(try folder.text("code") == "141\n" && wanted.errors == "" && folder.has("w"))
            _ = try shell("$S --save expected")
            #expect(try folder.read("w") == folder.read("expected"))
        }

        // MARK: One file for two things

        @Test func noTwoOptionsMayNameOneFile() throws {
            _ = try shell("$S --save s --journal journal --log-steps l; ln s hard; ln -s s soft")
            let contents = try ["job.toml", "x.csv", "s"].map { try folder.read($0) }
            let places = ["job.toml", "./x.csv", "s", "hard", "soft", "./s", "new", "./new"]
            let options = ["--save", "--log-steps", "--journal", "--init"]
            var count = 0
            for one in options {
                for other in options where one < other {
                    for (a, b) in [("s", "hard"), ("s", "soft"), ("hard", "./s"), ("new", "./new"), ("s", "s")] {
                        let run = try shell("$S \(one) \(a) \(other) \(b)")
                        #expect(
                            run.code == 64 && run.errors.contains(" are the same file: "),
                            "\(one) \(a) \(other) \(b): \(run)")
                        count += 1
                    }
                }
            }
            #expect(count == 30)
            for option in options.dropLast() {
                for place in places.prefix(2) {
                    let run = try shell("$S \(option) \(place)")
                    #expect(run.code == 64 && run.errors.contains("are the same file"), "\(option) \(place)")
                }
            }
            #expect(try ["job.toml", "x.csv", "s"].map { try folder.read($0) } == contents)
            #expect(!folder.has("new"))
            let data = try shell("$T --data x.csv --target no --log-steps x.csv --headless")
            #expect(data.errors == "traintui: --data and --log-steps are the same file: x.csv\n")
            let export = try shell("$T export --keras journal -o journal")
            #expect(
                export.errors == "traintui: the journal and --output are the same file: journal\n" && export.code == 64)
            #expect(try shell("$T export --keras journal -o x.csv").code == 64)
            #expect(try shell("$S --log-steps out > out").code == 64)
            #expect(try shell("$S --save /dev/null --log-steps /dev/null").code == 0)
        }

        @Test func aJobThatIsRefusedLeavesNothing() throws {
            try folder.write("l", "mine")
            let run = try shell("$S --batch-size 1000 --log-steps l --journal j --save w")
            #expect(run.code == 78 && !folder.has("j") && !folder.has("w"))
            #expect(try folder.text("l") == "mine")
            #expect(try shell("$S --batch-size 1000").code == 78)
            #expect(!folder.has(".local"))
        }

        // MARK: Where outputs lead

        @Test func devicesLinksAndPipesAreWrittenThroughAndModesKept() throws {
            _ = try shell("touch t u v; chmod 640 t u v; ln -s t save; ln -s u log; ln -s v journal; mkfifo pipe")
            let null = try SystemStatus("/dev/null")
            #expect(try shell("$S --save save --log-steps log --journal journal").code == 0)
            for name in ["save", "log", "journal"] { #expect(try status(name).st_mode & S_IFMT == S_IFLNK) }
            for name in ["t", "u", "v"] {
                #expect(try status(name).st_mode & 0o777 == 0o640 && status(name).st_size > 0)
            }
            #expect(try shell("$S --save /dev/null --log-steps /dev/null --journal /dev/null").code == 0)
            #expect(try SystemStatus("/dev/null") == null)
            #expect(try shell("cat pipe > w & $S --save pipe; c=$?; wait; exit $c").code == 0)
            #expect(try folder.read("w") == folder.read("t") && status("pipe").st_mode & S_IFMT == S_IFIFO)
            #expect(try shell("$S --save /dev/full").code == 73)
            #expect(try shell("ls -A | grep traintui-").output == "")
        }

        private struct SystemStatus: Equatable {
            let mode: UInt32
            let device: UInt

            init(_ path: String) throws {
                var status = stat()
                try #require(lstat(path, &status) == 0)
                (mode, device) = (UInt32(status.st_mode), UInt(status.st_rdev))
            }
        }

        // MARK: Disks that fill

        @Test func aDiskThatFillsCostsRowsButNoTrainingAndNoLine() throws {
            // 40 blocks of 512 bytes for each file.
            let run = try shell(
                "ulimit -f 40; exec $S --epochs 500 --log-steps steps.csv --save w --journal j > /dev/null 2> errors")
            #expect(run.code == 73)
            let lines = try folder.text("steps.csv").split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines.last == "")
            for line in lines.dropLast() { #expect(line.split(separator: ",").count == 7) }
            let errors = try folder.text("errors")
            #expect(errors.contains("steps.csv: is not written from step \(lines.count - 1) on: File too large"))
            // Log and journal when it happens and at the end, and the checkpoint that found no room.
            #expect(errors.contains("no checkpoint is written from step "))
            #expect(errors.split(separator: "\n").count == 5, "\(errors)")
            _ = try shell("$S --epochs 500 --save expected --no-journal")
            #expect(try folder.read("w") == folder.read("expected"))
        }

        @Test func aJobIsWrittenWholeOrNotAtAll() throws {
            let run = try shell("ulimit -f 1; exec $T init big.toml")
            #expect(run.code == 73 && run.errors == "traintui: big.toml: cannot be written: File too large\n")
            #expect(try shell("ls -A").output.contains("toml\n") && !folder.has("big.toml"))
            try folder.write("mine.toml", "mine")
            #expect(try shell("ulimit -f 1; exec $T init --force mine.toml").code == 73)
            #expect(try folder.text("mine.toml") == "mine")
        }

        @Test func aJournalThatWasRemovedIsNotNamedAsIfItWereThere() throws {
            let run = try shell("$S --pace 8 --journal j & sleep 0.7; rm j; wait $!; exit $?")
            #expect(run.code == 73)
            #expect(run.errors == "traintui: j: was removed or replaced by another program while it was written\n")
        }

        // MARK: Inputs without an end

        @Test(arguments: [
            (
                "--data /dev/zero --target y",
                "/dev/zero: is a device, not a CSV file; expected a regular file or a pipe"
            ),
            ("--init /dev/zero", "/dev/zero: is a device, not a safetensors file; expected a regular file or a pipe"),
            ("/dev/zero", "/dev/zero: is a device, not a job file; expected a regular file or a pipe"),
        ])
        func devicesAreNotRead(arguments: String, line: String) throws {
            let run = try shell("ulimit -v 4000000; exec $T --headless \(arguments)")
            #expect(run.errors == "traintui: \(line)\n" && run.code == 66)
        }

        @Test func aFalseLengthTakesNoMemory() throws {
            // A header of two gigabytes in a file of ten bytes, and one of three gigabytes that is really there.
            _ = try shell(
                "printf '\\0\\0\\0\\200\\0\\0\\0\\0{}' > short; cp short long; truncate -s 3G long; truncate -s 2M job")
            for name in ["short", "long"] {
                let run = try shell("ulimit -v 2000000; exec $S --init \(name)")
                #expect(
                    run.errors
                        == "traintui: \(name) is not a safetensors file: its header would be 2147483648 bytes long\n")
                #expect(run.code == 65)
            }
            #expect(try shell("$T job --headless").errors == "traintui: job: is too large; expected at most 1 MiB\n")
            let replay = try shell("ulimit -v 2000000; exec $T replay long")
            #expect(replay.errors == "traintui: long: is too large; expected at most 1024 MiB\n" && replay.code == 66)
        }

        // MARK: The journals of old runs

        @Test func theLastRunIsTheLastOneThatHasAJournal() throws {
            for number in ["", "-2", "-9", "-12"] {
                let name = ".local/state/traintui/runs/2026-01-01T10-00-00-x\(number)"
                _ = try shell("mkdir -p \(name); $S --seed \(-(Int(number) ?? -1)) --journal \(name)/journal.jsonl")
            }
            _ = try shell(
                "mkdir -p .local/state/traintui/runs/2027-01-01T10-00-00-x; cd .local/state/traintui/runs; touch 2027-01-01T10-00-00-x/journal.jsonl"
            )
            #expect(try shell("$T export --keras").output.contains("\nSEED = 12\n"))
            #expect(try shell("HOME= XDG_STATE_HOME=relative $S; test ! -e /.local && test ! -e relative").code == 0)
        }

        @Test func oldRunsThatAreLinksOrHoldPipesAreLeftAlone() throws {
            _ = try shell(
                """
                R=.local/state/traintui/runs; mkdir -p $R elsewhere; echo mine > elsewhere/journal.jsonl
                ln -s "$PWD/elsewhere" $R/1900-01-01T10-00-00-link
                mkdir $R/1901-01-01T10-00-00-pipe; mkfifo $R/1901-01-01T10-00-00-pipe/journal.jsonl
                mkdir $R/1902-01-01T10-00-00-soft; ln -s "$PWD/elsewhere/journal.jsonl" $R/1902-01-01T10-00-00-soft/journal.jsonl
                for i in $(seq 1910 2020); do mkdir $R/$i-01-01T10-00-00-x; touch $R/$i-01-01T10-00-00-x/journal.jsonl; done
                """)
            #expect(try shell("$S").code == 0)
            #expect(try folder.text("elsewhere/journal.jsonl") == "mine\n")
            let left = try shell("ls .local/state/traintui/runs").output
            #expect(left.contains("1901-01-01T10-00-00-pipe") && left.contains("1900-01-01T10-00-00-link"))
            #expect(!left.contains("1910-") && left.contains("2020-"))
        }
    }
}
