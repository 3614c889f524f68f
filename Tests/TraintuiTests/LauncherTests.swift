import Foundation
import Testing

extension Program {
    /// What becomes of a training when whoever started it or watches it goes, and when it prints more than anybody reads.
    @Suite("A training whose launcher goes", .serialized)
    struct Launcher {
        private let folder: Folder
        private let loop = PythonClient.examples.appending(path: "plain_loop.py").path()
        private var place: [String: String] { ["XDG_RUNTIME_DIR": folder.path] }

        init() throws { folder = try Folder() }

        /// Ways for a launcher to go: by a signal, or with its terminal, as when ssh drops.
        enum Way: CaseIterable, CustomTestStringConvertible {
            case hangup, interrupt, termination, kill, terminal

            var signal: Int32? {
                switch self {
                case .hangup: SIGHUP
                case .interrupt: SIGINT
                case .termination: SIGTERM
                case .kill: SIGKILL
                case .terminal: nil
                }
            }

            var testDescription: String { signal.map { "signal \($0)" } ?? "its terminal" }
        }

        /// How often each way is gone, at a moment of its own.
        private static let rounds =
            ProcessInfo.processInfo.environment["TRAINTUI_LAUNCHER_ROUNDS"].flatMap { Int($0) } ?? 1

        @Test("goes on to the end that it has alone, and the terminal is left well", arguments: Way.allCases)
        func launcherGoes(way: Way) throws {
            let alone = try end(of: "'\(loop)' 1 0")
            for _ in 0..<Self.rounds {
                let folder = try Folder()
                let terminal = try PseudoTerminal(
                    [
                        "XDG_RUNTIME_DIR=\(folder.path)", Invocation.binary.path(), "run", "--", "python3", loop, "1",
                        "0.02",
                    ],
                    program: "/usr/bin/env", in: folder)
                try terminal.wait("steps are taken") {
                    try terminal.isAlternate && folder.has("steps.log") && folder.text("steps.log").count > 10
                }
                usleep(.random(in: 0...200_000))
                if let signal = way.signal { try terminal.kill(signal) } else { terminal.closeTerminal() }
                let status = try terminal.end(within: 10)
                switch way {
                case .kill: #expect(status == .died(of: SIGKILL))
                case .terminal: #expect(status == .exited(128 + SIGHUP))
                default:
                    #expect(status == .exited(128 + (way.signal ?? 0)))
                    #expect(terminal.leftovers.isEmpty)
                }
                try terminal.wait("the training has ended") {
                    try folder.has("end.log") && !folder.read("end.log").isEmpty
                }
                #expect(try folder.text("end.log") == alone)
            }
        }

        /// What a loop leaves that nobody watches.
        private func end(of command: String) throws -> String {
            let folder = try Folder()
            let client = PythonClient.examples.deletingLastPathComponent().path()
            let run = try Invocation(
                shell: "PYTHONPATH='\(client)' python3 -B \(command)", in: folder, environment: [:])
            #expect(run.code == 0, "\(run.errors)")
            return try folder.text("end.log")
        }

        @Test("on another computer goes on when ssh drops, and the dashboard comes to it again")
        func sshDrops() throws {
            let terminal = try FarTraining.attach("'\(loop)' 2 0.01", in: folder, environment: place)
            func connections() throws -> [pid_t] {
                try folder.text("connections").split(separator: "\n").compactMap { pid_t($0) }
            }
            for _ in 1...3 {
                try terminal.wait(for: "● PAUSED")
                let before = try connections()
                #expect(kill(try #require(before.last), SIGKILL) == 0)
                try terminal.wait("it is reached again") { screen in
                    try connections().count > before.count && screen.contains("● PAUSED")
                }
            }
            try terminal.keys("Space")
            try terminal.wait(for: "● DONE", "has ended")
            try terminal.keys("q", "q")
            #expect(try terminal.code() == 0)
            #expect(try folder.text("end.log") == end(of: "'\(loop)' 2 0"))
        }

        /// Seconds for which 100 MB each are printed.
        private static let seconds =
            ProcessInfo.processInfo.environment["TRAINTUI_OUTPUT_SECONDS"].flatMap { Int($0) } ?? 1

        @Test("prints 100 MB a second of bars and hostile bytes, with a dashboard and behind one that was killed")
        func output() throws {
            try folder.write(
                "prints.py",
                #"""
                import os, random, sys, time, traintui
                chance = random.Random(1)
                bars = b"".join(b"\r%3d%%|%s|" % (n, b"#" * (n // 5)) for n in range(100))
                worst = b"\x1b[2J\x1b[?1049l\x1b]0;mine\x07\x1b[31m\x1bc\x9b2J\x1b[?25h\x08\x00\x0e\xe2\x80\xae\xff"
                block = b"".join(chance.choice([bars, worst, b"\n", chance.randbytes(99)]) for _ in range(4000))
                block = (block * (1 + (1 << 20) // len(block)))[: 1 << 20]
                run, began = traintui.watch(title="prints"), time.monotonic()
                for step in run.batches(range(100 * int(sys.argv[1]))):
                    rest = memoryview(block)
                    while rest:
                        rest = rest[os.write(1, rest) :]
                    run.loss(1.0)
                    time.sleep(max(0.0, began + 0.01 * step - time.monotonic()))
                with open("end.log", "w") as log:
                    print(step + 1, file=log)
                """#)
            for isKilled in [false, true] {
                let terminal = try Tmux(
                    "run --name prints -- python3 prints.py \(Self.seconds)", in: folder, environment: place)
                try terminal.wait("it is there") { $0.hasPrefix(" traintui  prints ") && $0.contains("TRAINING") }
                #expect(try terminal.fact("alternate_on") == "1" && terminal.fact("cursor_flag") == "0")
                if isKilled {
                    try terminal.kill(SIGKILL)
                } else {
                    try terminal.keys("9", "9")
                    try terminal.wait("its end is told") { $0.hasPrefix(" traintui  prints ") && $0.contains("● DONE") }
                    try terminal.keys("q", "q")
                    #expect(try terminal.code() == 0)
                    #expect(try folder.text("stty.before") == folder.text("stty.after"))
                }
                try terminal.wait("the training has ended") { _ in
                    try folder.has("end.log") && !folder.read("end.log").isEmpty
                }
                #expect(try folder.text("end.log") == "\(100 * Self.seconds)\n")
                try FileManager.default.removeItem(at: folder.url.appending(path: "end.log"))
                let sizes = try Invocation(
                    shell:
                        "cat .local/state/traintui/commands/*/output.log | wc -c; rm -r .local/state/traintui/commands",
                    in: folder, environment: place)
                #expect(sizes.output == "\(Self.seconds * 100 << 20)\n")
            }
        }
    }
}
