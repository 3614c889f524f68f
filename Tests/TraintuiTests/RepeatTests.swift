import Foundation
import JSONLines
import Testing

@testable import traintui

extension Program {
    /// Commands of `traintui run` that are started again.
    @Suite("Trainings in Python that are taken again", .serialized)
    struct Repeating {
        private let folder: Folder
        private var place: [String: String] { ["XDG_RUNTIME_DIR": folder.path] }

        /// 200 steps with random numbers, in a loop that can go back.
        private static let plain = """
            import random, traintui
            random.seed(int(open("seed").read()))
            class Line:
                w = 0.0
                def state_dict(self): return {"w": self.w}
                def load_state_dict(self, state): self.w = state["w"]
            line = Line()
            run = traintui.watch(keep=[line])
            rate = run.knob("learning_rate", 0.05, low=1e-9)
            for epoch in run.epochs(10):
                for x in run.batches([x / 20 for x in range(20)]):
                    error = line.w * x - 2 * x + random.gauss(0, 0.1)
                    line.w -= rate.value * 2 * error * x
                    run.loss(error * error)
            """

        /// A loop that knows nothing of traintui.
        private static let torch = """
            import torch
            torch.manual_seed(1)
            model = torch.nn.Sequential(torch.nn.Linear(8, 16), torch.nn.Dropout(0.1), torch.nn.Linear(16, 1))
            optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
            X, y = torch.randn(320, 8), torch.randn(320, 1)
            for step in range(200):
                rows = torch.randint(320, (32,))
                optimizer.zero_grad()
                loss = torch.nn.functional.mse_loss(model(X[rows]), y[rows])
                loss.backward()
                optimizer.step()
            """

        /// Starts a command, steers it from step 37 on, then does what else it is told.
        private static let steer = """
            import os, subprocess, sys
            from helpers import Dashboard
            program, moves, *command = sys.argv[1:]
            environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
            # From here, where nothing of this program is handed on to what outlives it.
            told = subprocess.run(
                [program, "run", "--detach", "--paused", "--", *command], check=True, stdout=subprocess.PIPE, text=True,
                env=environment).stdout
            name = told.split()[1]
            dashboard = Dashboard(os.path.join(os.environ["XDG_RUNTIME_DIR"], "traintui", name + ".sock"))
            if not dashboard.hello["result"]["capabilities"]["methods"]:
                dashboard.wait(lambda one: one.get("method") == "capabilities" and one["params"]["methods"], seconds=90)
            def ask(method, **params):
                answer = dashboard.ask(method, **params)
                assert "result" in answer, answer
            def step(count, at):
                ask("step", count=count)
                dashboard.wait(lambda one: one.get("method") == "state" and (
                    one["params"]["name"], one["params"].get("step")) == ("paused", at))
            step(37, 37)
            ask("set", name="learning_rate", value=0.004)
            step(60, 97)
            for method in filter(None, moves.split(",")):
                if method == "kill": os.kill(dashboard.hello["result"]["peer"]["pid"], 9)
                else: ask(method)
            if moves not in ("kill", "stop"): ask("resume")
            try:
                while True: dashboard.hear()
            except (EOFError, OSError): pass
            print(name)
            """

        init() throws {
            folder = try Folder()
            try folder.write("plain.py", Self.plain)
            try folder.write("torch_loop.py", Self.torch)
            try folder.write("steer.py", Self.steer)
            try folder.write("seed", "5")
        }

        /// Runs a command, steers it, and returns its name when it has ended.
        private func run(_ command: [String], _ moves: String...) throws -> String {
            let tests = PythonClient.examples.deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().appending(path: "Tests/PythonClientTests").path()
            let arguments = ["-B", "steer.py", Invocation.binary.path(), moves.joined(separator: ",")] + command
            let environment = place.merging(["PYTHONPATH": tests]) { $1 }
            let steered = try Invocation(
                ["python3"] + arguments, in: folder, environment: environment, running: URL(filePath: "/usr/bin/env"))
            #expect(steered.code == 0, "\(steered.errors)")
            return steered.output.trimmingCharacters(in: .whitespacesAndNewlines)
        }

        private func replay(_ name: String) throws -> Invocation {
            try Invocation("replay", name, in: folder, environment: place)
        }

        @Test("come to the same losses with their edits, also where they went back, and it is told where they part")
        func plainLoop() throws {
            let name = try run(["python3", "plain.py"])
            var again = try replay(name)
            #expect(again.code == 0 && again.output == "200 steps, 1 edit: identical\n", "\(again)")
            // Without the number it is the latest one, which was not itself taken again.
            again = try replay("plain")
            #expect(again.code == 0 && again.output == "200 steps, 1 edit: identical\n", "\(again)")
            // What was undone is as though it had not been.
            again = try replay(try run(["python3", "plain.py"], "undo"))
            #expect(again.code == 0 && again.output == "200 steps, 0 edits: identical\n", "\(again)")
            again = try replay(try run(["python3", "plain.py"], "undo", "redo"))
            #expect(again.code == 0 && again.output == "200 steps, 1 edit: identical\n", "\(again)")
            // A script that does something else.
            try folder.write(
                "plain.py", Self.plain.replacing("error * error)", with: "error * error + (1e-6 if epoch > 2 else 0))"))
            again = try replay(name)
            #expect(again.code == 1, "\(again)")
            let parting =
                /200 steps, 1 edit: different at step 61: the loss was .* and is .* apart; the same up to step 60/
            #expect(again.output.contains(parting), "\(again)")
        }

        @Test("are taken as far as a journal goes that was cut off, or where they were stopped")
        func ends() throws {
            var again = try replay(try run(["python3", "plain.py"], "kill"))
            let end = "the journal ends at step 97 without an end: identical up to there"
            #expect(again.code == 0 && again.output == "97 steps, 1 edit: \(end)\n", "\(again)")
            again = try replay(try run(["python3", "plain.py"], "stop"))
            #expect(again.code == 0 && again.output == "97 steps, 1 edit: identical\n", "\(again)")
        }

        @Test("are refused in a line where that cannot be")
        func refusals() throws {
            let name = try run(["python3", "-c", Self.plain])
            let commands = folder.url.appending(path: ".local/state/traintui/commands").path()
            let path = try #require(
                try FileManager.default.contentsOfDirectory(atPath: commands).first { $0.hasSuffix(name) }
                    .map { "\(commands)/\($0)" })
            let journal = "\(path)/journal.jsonl"
            let text = try String(contentsOfFile: journal, encoding: .utf8)
            func refused(_ journalText: String, _ words: String) throws {
                try Data(journalText.utf8).write(to: URL(filePath: journal))
                let again = try replay(journal)
                #expect(again.code == 65 && again.errors.contains(words), "\(again)")
                #expect(again.errors.filter(\.isNewline).count == 1, "\(again)")
            }
            let first = String(text.prefix { !$0.isNewline })
            try refused(text + text, "the training was begun 2 times")
            try refused("", "has no beginning")
            try refused("nonsense\n" + text, "journal.jsonl:1: expected one JSON object in a line")
            try refused(first.replacing("\"format\":1", with: "\"format\":2") + "\n", "is written in format 2")
            try refused(
                first.replacing("replayed", with: "goes_on")
                    + "\n{\"event\":\"way\",\"step\":9,\"cause\":\"undo\",\"branches\":[{\"branch\":1}],\"edits\":[]}\n",
                "the run went back at step 9 (undo)")
            try FileManager.default.removeItem(atPath: journal)
            let again = try replay(name)
            #expect(again.code == 65 && again.errors.contains("has no journal"), "\(again)")
            let unknown = try replay("no-such-run")
            #expect(unknown.code == 66, "\(unknown)")
        }

        @Test("of PyTorch come to the same losses, in one process and in two")
        func frameworks() throws {
            guard let python = try PythonClient.withFrameworks(skipping: "trainings taken again") else { return }
            var again = try replay(try run([python, "torch_loop.py"]))
            #expect(again.code == 0 && again.output == "200 steps, 1 edit: identical\n", "\(again)")
            again = try replay(try run([python, "torch_loop.py"], "undo"))
            #expect(again.code == 65 && again.errors.contains("the run went back at step 97 (undo)"), "\(again)")
            let loop = PythonClient.examples.appending(path: "ddp_loop.py").path()
            let command = [
                python, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", loop, "150", "0.002",
            ]
            again = try replay(try run(command))
            #expect(again.code == 0 && again.output == "150 steps, 1 edit, 2 processes: identical\n", "\(again)")
        }

        @Test("of a framework's own loop have only their edits made again, which is said")
        func edits() throws {
            let begin = #"{"event":"begin","format":1,"api":"keras","replay":"edits","data":"goes_on","processes":1}"#
            let edit = #"{"event":"edit","step":3,"number":1,"name":"learning_rate","old":0.1,"new":0.2}"#
            func journal(_ lines: String...) throws -> OutsideJournal {
                try OutsideJournal(([begin] + lines).map { $0 + "\n" }.joined().utf8, file: "journal")
            }
            let end = #"{"event":"end","step":9,"stopped":false}"#
            let (former, other) = (try journal(edit, end), try journal(end))
            let same = OutsideComparison(of: former, with: former, weights: nil)
            #expect(same.line == "9 steps, 1 edit: the edits were made again; losses of Keras are not compared")
            #expect(!same.isDifferent)
            let missing = OutsideComparison(of: other, with: former, weights: nil)
            #expect(
                missing.line == "9 steps, 1 edit: different at step 3: the edit of learning_rate was not made as before"
            )
            #expect(missing.isDifferent)
        }
    }
}
