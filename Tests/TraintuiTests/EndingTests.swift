import Foundation
import NcursesTerminal
import Testing

extension Program {
    /// A run that is told to end ends with its weights, whatever its terminal does.
    @Suite(.serialized)
    struct Endings {
        private let folder: Folder

        init() throws {
            folder = try Folder()
            try folder.writeEndlessJob()
        }

        /// What a run may take to its end, with what a busy machine adds.
        private static let soon = 3.0

        // MARK: What is written

        @Test(arguments: [SIGTERM, SIGINT, SIGHUP, SIGXCPU, SIGALRM, 40])
        func headlessItLeavesWeightsLogAndJournalWhole(signal: Int32) throws {
            let terminal = try PseudoTerminal(
                ["--json", "job.toml", "--save", "w", "--log-steps", "steps.csv", "--journal", "j"], output: "out",
                errors: "errors", in: folder)
            // More than the log holds back.
            try terminal.wait("steps are logged") {
                try folder.has("steps.csv") && folder.read("steps.csv").count > 200_000
            }
            try terminal.kill(signal)
            #expect(try terminal.end(within: Self.soon) == .exited(128 + signal))

            let words = try folder.text("errors")
            let name = try #require(TerminalSignal(number: signal)).name
            let pattern =
                /traintui: ended by SIG(.+) after step (\d+); w has the weights; `traintui resume j` goes on\n/
            let match = try #require(words.wholeMatch(of: pattern))
            #expect(match.1 == name)
            let step = try #require(Int(match.2))
            let log = try folder.text("steps.csv").split(separator: "\n", omittingEmptySubsequences: false)
            #expect(log.last == "" && log.count == step + 2)
            #expect(log[step].hasPrefix("\(step),"))

            let last = try #require(try folder.text("out").split(separator: "\n").last)
            let event = try JSONSerialization.jsonObject(with: Data(last.utf8)) as? [String: Any]
            #expect(event?["event"] as? String == "ended" && event?["reason"] as? String == "SIG\(name)")
            #expect(event?["step"] as? Int == step)

            // The journal has an end, and all that it says is so.
            let replay = try Invocation("replay", "j", in: folder)
            let count = step.formatted(.number.locale(Locale(identifier: "en_US")))
            #expect(replay.output == "\(count) steps, 0 edits: identical\n")
        }

        @Test
        func theWeightsAreThoseOfTheLastStep() throws {
            let terminal = try PseudoTerminal(
                ["--headless", "job.toml", "--save", "w", "--no-journal"], errors: "errors", in: folder)
            try terminal.wait("it trains") { terminal.text.contains("Epoch 2/") }
            try terminal.kill(SIGTERM)
            #expect(try terminal.end(within: Self.soon) == .exited(143))
            let step = try #require(try folder.text("errors").firstMatch(of: /after step (\d+);/)?.1)

            // Another run, stopped by hand at that step.
            let other = try PseudoTerminal(["job.toml", "--save", "v", "--no-journal", "--pace", "1"], in: folder)
            try other.waitForDashboard()
            try other.type(":break step \(step)\r:pace 0\r")
            try other.wait("it is there") { other.text.contains("PAUSED") }
            try other.kill(SIGTERM)
            #expect(try other.end(within: Self.soon) == .exited(143))
            #expect(try folder.read("v") == folder.read("w"))
        }

        @Test(arguments: [SIGUSR1, SIGUSR2])
        func aWarningWritesTheWeightsAndTheRunGoesOn(signal: Int32) throws {
            let terminal = try PseudoTerminal(["--json", "job.toml", "--save", "w"], output: "out", in: folder)
            try terminal.wait("it trains") {
                try folder.has("out") && folder.text("out").contains("\"epoch\":3")
            }
            try terminal.kill(signal)
            try terminal.wait("the weights are there") { folder.has("w") }
            let early = try folder.read("w")
            let events = try folder.text("out").count { $0 == "\n" }
            try terminal.wait("it goes on") { try folder.text("out").count { $0 == "\n" } > events + 20 }
            try terminal.kill(SIGTERM)
            #expect(try terminal.end(within: Self.soon) == .exited(143))
            #expect(try folder.read("w") != early)
            #expect(try folder.text("out").contains(#"{"event":"saved","path":"w","step":"#))
        }

        @Test
        func aWarningWithoutAFileToSaveToWritesNothing() throws {
            let terminal = try PseudoTerminal(["job.toml"], in: folder)
            try terminal.waitForDashboard()
            let before = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            try terminal.kill(SIGUSR1)
            try terminal.kill(SIGWINCH)
            let drawn = terminal.output.count
            try terminal.wait("it is drawn anew") { terminal.output.count > drawn + 1000 }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == before)
        }

        // MARK: Twice

        @Test
        func timeoutWhichSignalsTwiceAtOnceLosesNothing() throws {
            let terminal = try PseudoTerminal(
                ["0.7", Invocation.binary.path(), "--headless", "job.toml", "--save", "w"], errors: "errors",
                program: "/usr/bin/timeout", in: folder)
            #expect(try terminal.end() == .exited(124))
            #expect(folder.has("w"))
            #expect(try folder.text("errors").contains("w has the weights"))
        }

        @Test(arguments: [false, true])
        func aRunThatHangsIsEndedAtTheDeadlineOrByASecondSignal(isToldTwice: Bool) throws {
            // A journal that nobody reads any more: the training hangs in the middle of writing to it.
            try #require(mkfifo(folder.path + "/j", 0o600) == 0)
            let pipe = open(folder.path + "/j", O_RDWR | O_CLOEXEC)
            defer { close(pipe) }
            let save = isToldTwice ? ["--save", "w"] : []
            let terminal = try PseudoTerminal(["job.toml", "--journal", "j"] + save, in: folder)
            try terminal.waitForDashboard()
            var (held, stood): (Int32, Int) = (0, 0)
            try terminal.wait("the pipe is full") {
                var now: Int32 = 0
                _ = ioctl(pipe, UInt(FIONREAD), &now)
                stood = now == held && now > 60_000 ? stood + 1 : 0
                held = now
                return stood == 50
            }
            let start = Date.now
            try terminal.kill(SIGTERM)
            if isToldTwice {
                // Later than what is taken for one and the same.
                try terminal.wait("some time has gone") { Date.now > start + 0.5 }
                #expect(terminal.status == .runs)
                try terminal.kill(SIGINT)
            }
            #expect(try terminal.end(within: Self.soon) == .exited(143))
            #expect(isToldTwice || Date.now > start + 0.9)
            #expect(terminal.leftovers == [])
            #expect(!folder.has("w"))
        }

        // MARK: A terminal that does not read, or is gone

        @Test(arguments: [SIGTERM, SIGHUP, SIGINT])
        func aTerminalThatStoppedReadingHoldsNobodyBack(signal: Int32) throws {
            let terminal = try PseudoTerminal(["job.toml", "--save", "w"], columns: 200, rows: 60, in: folder)
            try terminal.waitForDashboard()
            terminal.isRead = false
            try terminal.block { try terminal.type("t") }
            try terminal.kill(signal)
            #expect(try terminal.end(within: Self.soon) == .exited(128 + signal))
            #expect(folder.has("w"))
            // Somebody reads again, and finds all as it was.
            terminal.isRead = true
            terminal.readAll()
            #expect(terminal.leftovers == [])
        }

        @Test
        func aCrashOnATerminalThatStoppedReadingPutsItBackToo() throws {
            let terminal = try PseudoTerminal(["job.toml"], columns: 200, rows: 60, in: folder)
            try terminal.waitForDashboard()
            terminal.isRead = false
            try terminal.block { try terminal.type("t") }
            try terminal.kill(SIGSEGV)
            #expect(try terminal.end(within: Self.soon) == .died(of: SIGSEGV))
            terminal.isRead = true
            terminal.readAll()
            #expect(terminal.leftovers == [])
        }

        @Test(arguments: ["--headless", "--json"])
        func aStalledReaderOfTheStatusBarHoldsNobodyBack(face: String) throws {
            let terminal = try PseudoTerminal([face, "job.toml", "--save", "w"], in: folder)
            try terminal.wait("it trains") { terminal.text.contains("poch") }
            terminal.isRead = false
            try terminal.block {}
            try terminal.kill(SIGTERM)
            #expect(try terminal.end(within: Self.soon) == .exited(143))
            #expect(folder.has("w"))
            #expect(terminal.leftovers == [])
        }

        @Test(arguments: [[], ["--headless"], ["--json"]])
        func aTerminalThatIsGoneEndsTheRunWithItsWeights(face: [String]) throws {
            let terminal = try PseudoTerminal(face + ["job.toml", "--save", "w"], in: folder)
            try terminal.wait("it trains") { terminal.text.contains("poch") }
            terminal.closeTerminal()
            #expect(try terminal.end(within: Self.soon) == .exited(129))
            #expect(folder.has("w"))
        }

        // MARK: nohup

        @Test(arguments: [[], ["--headless"]])
        func anIgnoredHangupStaysIgnoredAndTheRunOutlivesItsTerminal(face: [String]) throws {
            let job = try folder.text("job.toml").replacing("1000000000", with: "400")
            try folder.write("job.toml", job)
            #expect(try Invocation("--headless", "job.toml", "--save", "whole", in: folder).code == 0)
            let terminal = try PseudoTerminal(
                face + ["job.toml", "--save", "w", "--pace", "400"], ignoring: SIGHUP, in: folder)
            try terminal.wait("it trains") { terminal.text.contains("poch") }
            try terminal.kill(SIGHUP)
            terminal.closeTerminal()
            #expect(try terminal.end() == .exited(0))
            #expect(try folder.read("w") == folder.read("whole"))
        }

        @Test
        func whatWasIgnoredAtTheStartStaysIgnored() throws {
            for signal in [SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGTSTP] {
                let terminal = try PseudoTerminal(["job.toml", "--save", "w"], ignoring: signal, in: folder)
                try terminal.waitForDashboard()
                try terminal.kill(signal)
                try terminal.kill(SIGXCPU)
                #expect(try terminal.end(within: Self.soon) == .exited(128 + SIGXCPU), "with \(signal)")
                #expect(terminal.leftovers == [])
            }
        }

        // MARK: Job control

        @Test
        func itStopsWithCtrlZAndComesBack() throws {
            let terminal = try PseudoTerminal(["job.toml", "--save", "w"], in: folder)
            try terminal.waitForDashboard()
            try terminal.type("\u{1A}")
            try terminal.waitForStop()
            terminal.goOn(inForeground: true)
            try terminal.wait("the dashboard is back") { terminal.status == .runs && terminal.isAlternate }
            try terminal.kill(SIGTERM)
            #expect(try terminal.end(within: Self.soon) == .exited(143))
            #expect(terminal.leftovers == [])
        }

        /// As `kill %1` does with a job that is stopped: SIGTERM, then SIGCONT, and the shell has the terminal.
        @Test(arguments: [SIGTSTP, SIGSTOP, SIGTTIN])
        func aStoppedJobThatIsToldToEndDoesSoInTheBackground(stop: Int32) throws {
            let terminal = try PseudoTerminal(["job.toml", "--save", "w"], in: folder)
            try terminal.waitForDashboard()
            try terminal.kill(stop)
            try terminal.waitForStop(puttingTerminalBack: stop != SIGSTOP)
            try terminal.kill(SIGTERM)
            terminal.goOn(inForeground: false)
            #expect(try terminal.end(within: Self.soon) == .exited(143))
            #expect(folder.has("w"))
            if stop != SIGSTOP { #expect(terminal.leftovers == []) }
        }

        @Test
        func inTheBackgroundItWaitsForTheTerminal() throws {
            let terminal = try PseudoTerminal(["job.toml", "--save", "w"], in: folder)
            try terminal.waitForDashboard()
            try terminal.type("\u{1A}")
            try terminal.wait("it stops") { terminal.status == .stopped }
            terminal.goOn(inForeground: false)
            try terminal.wait("it went on") { terminal.status == .runs }
            try terminal.waitForStop()
            terminal.goOn(inForeground: true)
            try terminal.wait("the dashboard is back") { terminal.status == .runs && terminal.isAlternate }
            try terminal.kill(SIGTERM)
            #expect(try terminal.end(within: Self.soon) == .exited(143))
        }

        // MARK: Errors instead of signals

        @Test
        func aFileThatMustNotGrowIsAnErrorNotADeath() throws {
            try folder.write(
                "script",
                """
                ulimit -f 8
                \(Invocation.binary.path()) --headless --no-journal job.toml --epochs 200 --log-steps steps.csv --save w
                echo "code $?" > code
                """)
            let terminal = try PseudoTerminal(["script"], errors: "errors", program: "/bin/sh", in: folder)
            try terminal.end()
            #expect(try folder.text("code") == "code 73\n")
            #expect(try folder.text("errors").contains("steps.csv: "))
            #expect(try folder.text("errors").contains("File too large"))
            #expect(folder.has("w"))
        }
    }
}

extension PseudoTerminal {
    /// Waits, doing something meanwhile, until the program writes to a terminal that takes nothing any more.
    fileprivate func block(_ doing: () throws -> Void) throws {
        var count = 0
        try wait("it is blocked in a write") {
            try doing()
            count = try isBlockedInWrite ? count + 1 : 0
            return count == 50
        }
    }
}
