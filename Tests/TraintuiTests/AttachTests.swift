import Foundation
import RemoteEngine
import Testing

@testable import traintui

extension Program {
    /// The dashboard over trainings in other processes, in a terminal.
    @Suite("Trainings in other processes", .serialized)
    struct Attaching {
        private let folder: Folder
        private var place: [String: String] { ["XDG_RUNTIME_DIR": folder.path] }

        init() throws { folder = try Folder() }

        private func example(_ name: String) -> String { PythonClient.examples.appending(path: "\(name).py").path() }

        /// The rate of each step, as the script logged it.
        private func rates() throws -> [Double] {
            try folder.text("steps.log").split(separator: "\n").compactMap { line in
                let words = line.split(separator: " ")
                return words.count > 1 ? Double(words[1]) : nil
            }
        }

        /// Pauses, halves the learning rate, goes on, and compares the step on the screen with the script's own log.
        private func steer(_ terminal: Tmux) throws {
            try terminal.wait("steps are taken") { ($0.plainStep ?? 0) > 3 }
            try terminal.keys("Space")
            try terminal.waitForStillness(with: "● PAUSED")
            let before = try rates()
            try terminal.keys("-")
            let screen = try terminal.wait(for: "@\(before.count)  1 l")
            #expect(screen.contains("@\(before.count)"))
            try terminal.keys("Space")
            try terminal.wait("it goes on") { _ in try rates().count > before.count + 5 }
            let after = try rates()
            let last = try #require(before.last)
            #expect(after[before.count] < 0.51 * last && after[before.count] > 0.49 * last)
            #expect(zip(after, after.dropFirst()).filter { $1 < 0.6 * $0 }.count == 1)
        }

        @Test("a loop in plain Python is steered at one step, and its end is told")
        func plainLoop() throws {
            let terminal = try Tmux(
                "run --paused -- python3 '\(example("plain_loop"))' 6 0.01", in: folder, environment: place)
            try terminal.waitForStillness(with: "● PAUSED")
            try terminal.keys("Space")
            try steer(terminal)
            try terminal.wait(for: "● DONE", "the training has ended")
            #expect(try rates().count == 600)
            try terminal.keys("q")
            try terminal.wait(for: "quit")
            try terminal.keys("q")
            #expect(try terminal.code() == 0)
            let screen = try terminal.screen()
            #expect(screen.contains("600 steps") && screen.contains("output.log"))
        }

        @Test("a loop in PyTorch that knows nothing of it is steered at one step, its schedule with it")
        func torchLoop() throws {
            guard let python = try PythonClient.withFrameworks(skipping: "a loop in PyTorch in a terminal") else {
                return
            }
            let terminal = try Tmux(
                "run -- '\(python)' '\(example("torch_loop"))' 2000 0.005", in: folder, environment: place)
            try steer(terminal)
            try terminal.keys("q")
            try terminal.wait(for: "stop the training")
            try terminal.keys("s")
            try terminal.wait(for: "the training does not answer", "KeyboardInterrupt")
            try terminal.keys("q", "q")
            #expect(try terminal.code() == 1)
        }

        @Test("a watched loop in PyTorch goes back to before an edit, and forward again")
        func undo() throws {
            guard let python = try PythonClient.withFrameworks(skipping: "undo in a terminal") else { return }
            let terminal = try Tmux(
                "run --paused -- '\(python)' '\(example("torch_watched"))' 2000", in: folder, environment: place)
            try terminal.waitForStillness(with: "● PAUSED")
            try terminal.keys("n", "n", "n")
            try terminal.wait("three steps are taken") { $0.plainStep == 3 }
            try terminal.keys("-")
            try terminal.wait(for: "@3  1 learning rate 0.01 → 0.005", "learning rate   0.005 ")
            try terminal.keys("n", "n")
            try terminal.wait("two steps more are taken") { $0.plainStep == 5 }
            try terminal.keys("u")
            try terminal.wait("it is at step 3") { $0.plainStep == 3 && $0.contains("learning rate   0.01 ") }
            try terminal.keys("U")
            try terminal.wait("it is at step 5") { $0.plainStep == 5 && $0.contains("learning rate   0.005 ") }
            try terminal.keys("q", "s", "q", "q")
            #expect(try terminal.code() == 0)
        }

        @Test("what the script prints is followed, a bar once, and does nothing to the terminal")
        func output() throws {
            try folder.write(
                "prints.py",
                """
                import sys, time, traintui
                run = traintui.watch(title="prints")
                for step in run.batches(range(100000)):
                    sys.stdout.write(f"\\r{step % 100}%|###|")
                    if step == 5:
                        sys.stdout.write("\\n\\x1b[2J\\x1b]0;mine\\x07\\x1b[31mred\\n")
                    sys.stdout.flush()
                    time.sleep(0.02)
                """)
            let terminal = try Tmux("run -- python3 prints.py", in: folder, environment: place)
            try terminal.wait("steps are taken") { ($0.plainStep ?? 0) > 10 }
            try terminal.keys("9", "9")
            try terminal.wait("its lines are there") { screen in
                let lines = screen.split(separator: "\n").filter { $0.contains("%|###|") }
                return screen.contains("red") && lines.count == 2
            }
            try terminal.kill(SIGKILL)
            let again = try Tmux("attach", width: 120, height: 40, in: folder, environment: place)
            try again.wait(for: "output", "%|###|")
            try again.keys("q", "s", "q", "q")
            #expect(try again.code() == 0)
        }

        @Test("a training is reached through a command that relays it")
        func relay() throws {
            let terminal = try FarTraining.attach(
                "'\(example("plain_loop"))' 6 0.01", in: folder, environment: place)
            try terminal.waitForStillness(with: "● PAUSED")
            try terminal.keys("Space")
            try steer(terminal)
            try terminal.keys("q", "s")
            try terminal.wait(for: "● DONE", "has ended")
            try terminal.keys("q", "q")
            #expect(try terminal.code() == 0)
        }

        @Test("a dashboard that is killed leaves the training to its end, and another one finds it")
        func killed() throws {
            let terminal = try Tmux(
                "run --name mine -- python3 '\(example("plain_loop"))' 6 0.01", in: folder, environment: place)
            try terminal.wait("steps are taken") { ($0.plainStep ?? 0) > 3 }
            try terminal.kill(SIGKILL)
            #expect(try terminal.code() == 128 + SIGKILL)
            let runs = try Invocation("attach", "--list", in: folder, environment: place)
            #expect(runs.output.hasPrefix("mine-") && runs.output.contains("(process "))
            let another = try Tmux("attach", in: try Folder(), environment: place)
            try another.wait("steps are taken") { ($0.plainStep ?? 0) > 30 }
            try another.keys("q")
            try another.wait(for: "the training goes on")
            try another.keys("Enter")
            #expect(try another.code() == 0)
            try terminal.wait("the training ended") { _ in
                guard folder.has("end.log") else { return false }
                return try !folder.text("end.log").isEmpty
            }
            let ended = try folder.text("end.log")
            let alone = try Folder()
            let bare = try Invocation(
                shell: "PYTHONPATH='\(PythonClient.examples.deletingLastPathComponent().path())' "
                    + "python3 -B '\(example("plain_loop"))' 6 0", in: alone, environment: [:])
            #expect(bare.code == 0)
            #expect(try alone.text("end.log") == ended)
        }

        @Test("a training that is stopped and killed is said to be, and the terminal is left well")
        func trainingKilled() throws {
            let terminal = try Tmux(
                "run --name mine -- python3 '\(example("plain_loop"))' 1000 0.01", in: folder, environment: place)
            try terminal.wait("steps are taken") { ($0.plainStep ?? 0) > 3 }
            let runs = try Invocation("attach", "--list", in: folder, environment: place).output
            let process = try #require(runs.firstMatch(of: /process (\d+)/).flatMap { pid_t($0.1) })
            kill(process, SIGSTOP)
            try terminal.wait(for: "● LOST", "it may hang")
            kill(process, SIGCONT)
            try terminal.wait(for: "● TRAINING")
            kill(process, SIGKILL)
            try terminal.wait(for: "● LOST", "signal 9")
            try terminal.keys("q", "q")
            #expect(try terminal.code() == 1)
            #expect(try folder.text("stty.before") == folder.text("stty.after"))
        }

        @Test("a training that its launcher begins again is attached to by itself")
        func attempts() throws {
            // As torchrun does it for a process that fails.
            try folder.write(
                "launcher.sh",
                """
                export TORCHELASTIC_RUN_ID=1 TORCHELASTIC_MAX_RESTARTS=1
                for attempt in 0 1; do
                    export TORCHELASTIC_RESTART_COUNT=$attempt
                    python3 fails.py 6 0.01 && exit
                done
                """)
            try folder.write(
                "fails.py",
                try String(contentsOfFile: example("plain_loop"), encoding: .utf8).replacing(
                    "            step += 1\n",
                    with: """
                                    step += 1
                                    import os
                                    if step == 60 and os.environ["TORCHELASTIC_RESTART_COUNT"] == "0":
                                        raise ValueError("mine")

                        """))
            let terminal = try Tmux("run --paused --name again -- sh launcher.sh", in: folder, environment: place)
            try terminal.waitForStillness(with: "● PAUSED")
            try terminal.keys("Space")
            try terminal.wait("the second attempt is there") {
                $0.contains("begun again") && $0.contains("● PAUSED") && $0.plainStep == 0
            }
            try terminal.keys("Space")
            try steer(terminal)
            try terminal.wait(for: "● DONE", "has ended")
            #expect(try rates().count == 600)
            try terminal.keys("q", "q")
            #expect(try terminal.code() == 0)
        }

        @Test("a script that fails is told with its last line")
        func failing() throws {
            try folder.write("bad.py", "import traintui\nrun = traintui.watch()\nraise ValueError('mine\\x1b[2J')\n")
            let terminal = try Tmux("run -- python3 bad.py", in: folder, environment: place)
            try terminal.wait(for: "● LOST")
            try terminal.keys("q", "q")
            #expect(try terminal.code() == 1)
            #expect(try terminal.screen().contains("ValueError: mine␛[2J"))
        }

        @Test("a way to another computer that leads nowhere says why, and does not wait for ever")
        func nowhere() throws {
            try folder.write("ssh", "#!/bin/sh\necho \"$@\" > asked\necho 'ssh: no route to gpu1' >&2\nexit 255\n")
            #expect(try Invocation(shell: "chmod +x ssh", in: folder, environment: [:]).code == 0)
            let terminal = try Tmux(
                "attach gpu1:train", in: folder, environment: ["PATH": "\(folder.path):/usr/bin:/bin"])
            try terminal.wait(for: "nobody is there yet: ssh: no route to gpu1")
            let asked = try folder.text("asked")
            #expect(asked.hasSuffix(" gpu1 traintui relay 'train'\n"))
            for option in ["BatchMode=yes", "ConnectTimeout=", "ServerAliveInterval="] {
                #expect(asked.contains("-o \(option)"))
            }
        }

        @Test("a training is found where another login has its sockets, but for a folder of one's own")
        func otherLogins() {
            let (login, rest) = (SocketFolder(path: "/run/user/7/traintui"), SocketFolder(path: "/tmp/traintui-7"))
            #expect(login.andOthers(of: 7).map(\.path) == [login.path, rest.path])
            #expect(rest.andOthers(of: 7).map(\.path) == [rest.path, login.path])
            #expect(login.andOthers(of: 8).map(\.path) == [login.path])
            #expect(SocketFolder(path: "/own/traintui").andOthers(of: 7).map(\.path) == ["/own/traintui"])
        }

        @Test("a name without its number is the only training of that name")
        func names() throws {
            let runs = [("train-12", 12), ("train-2-34", 34), ("book-56", 57), ("book-78", 78)].map {
                SocketFolder.Run(name: $0.0, path: "/\($0.0)", process: Int32($0.1))
            }
            for (named, found) in [
                ("train", "train-12"), ("train-2", "train-2-34"), ("57", "book-56"), ("book-78", "book-78"),
            ] {
                #expect(try TrainingSocket.find(named, among: runs).name == found)
            }
            let both = #expect(throws: Failure.self) { try TrainingSocket.find("book", among: runs) }
            #expect(
                both?.line == "2 trainings are called 'book': name one of book-56 (process 57), book-78 (process 78)")
            let none = #expect(throws: Failure.self) { try TrainingSocket.find("boo", among: runs) }
            #expect(none?.line.hasPrefix("no training 'boo' listens") == true)
        }

        @Test("what cannot be attached to or run is said in one line")
        func errors() throws {
            let none = try Invocation("attach", in: folder, environment: place)
            #expect(none.code == 66 && none.errors.hasPrefix("traintui: no training listens in "))
            #expect(none.errors.contains("traintui run and traintui train --listen start one"))
            let unknown = try Invocation("attach", "nobody", in: folder, environment: place)
            #expect(unknown.code == 66 && unknown.errors.contains("no training 'nobody' listens"))
            let nothing = try Invocation("run", in: folder, environment: place)
            #expect(nothing.code == 64 && nothing.errors.contains("traintui run -- python train.py"))
            let missing = try Invocation("run", "--detach", "--", "./no-such-command", in: folder, environment: place)
            #expect(missing.code == 66 && missing.errors.contains("cannot be started: No such file"))
            let open = folder.url.appending(path: "traintui")
            try FileManager.default.createDirectory(at: open, withIntermediateDirectories: false)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: open.path())
            let unsafe = try Invocation("attach", "--list", in: folder, environment: place)
            #expect(unsafe.code == 66 && unsafe.errors.contains("can be entered by other users"))
        }
    }
}

extension String {
    /// The step in the progress pane, with or without an end.
    fileprivate var plainStep: Int? {
        firstMatch(of: /run +[━╸╌]+ +(?:\d+%  ?)?([\d,]+)/).flatMap { Int($0.1.replacing(",", with: "")) }
    }
}
