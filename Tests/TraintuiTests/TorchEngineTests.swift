import Foundation
import RandomTesting
import Testing

@testable import TrainCore
@testable import traintui

extension Program {
    /// Jobs trained by PyTorch, against the core's own trainings of them.
    @Suite("The torch engine", .serialized)
    struct TorchEngine {
        private let folder: Folder
        /// A Python with PyTorch; nil where there is none, which is said.
        private let python: String?

        init() throws {
            folder = try Folder()
            python = try PythonClient.withFrameworks(skipping: "the torch engine")
            try folder.write("kinds.csv", Self.kinds)
        }

        /// What a run came to: each epoch, its validation and the test.
        private func results(_ job: String, _ more: [String] = []) throws -> [[Double]] {
            try folder.write("job.toml", job)
            let run = try Invocation(
                ["job.toml", "--headless", "--json", "--no-journal"] + more, in: folder,
                environment: ["TRAINTUI_PYTHON": python ?? "python3"])
            try #require(run.code == 0, "\(run.errors)")
            return try run.output.split(separator: "\n").compactMap { line in
                let event = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
                guard let metrics = event["metrics"] as? [String: Double] else { return nil }
                let loss = try #require((event["mean_loss"] ?? event["loss"]) as? Double)
                return [loss] + metrics.sorted { $0.key < $1.key }.map(\.value)
            }
        }

        /// The greatest difference of two runs' numbers, relative to the first's.
        private func difference(_ one: [[Double]], _ other: [[Double]]) -> Double {
            guard one.map(\.count) == other.map(\.count), !one.isEmpty else { return .infinity }
            return zip(one.joined(), other.joined()).map { abs($0 - $1) / max(abs($0), 1e-9) }.max() ?? .infinity
        }

        @Test("draws the core's batches for 10,000 steps, and drops its units")
        func batches() throws {
            guard let python else { return }
            let (seed, rows, size) = (UInt64(0x1234_5678_9ABC_DEF0), 1013, 37)
            let indices = UnsafeMutablePointer<Int32>.allocate(capacity: 64)
            defer { indices.deallocate() }
            for sampling in Sampling.allCases {
                var sampler = BatchSampler(sampling: sampling, rows: rows, seed: seed)
                var drawn = Data()
                for step in 0..<10_000 {
                    let (epoch, inEpoch) = step.quotientAndRemainder(dividingBy: rows / size)
                    sampler.draw(epoch: epoch + 1, step: inEpoch, rowsSeen: inEpoch * size, count: size, into: indices)
                    drawn.append(Data(bytes: indices, count: 4 * size))
                }
                try folder.write(sampling.rawValue, drawn)
            }
            var factors = [Float](repeating: 1, count: 7 * 5)
            factors.withUnsafeMutableBufferPointer { buffer in
                DropoutMask(key: Philox(seed: seed, stream: .dropout).key, step: 5_000_000_123).apply(
                    to: Matrix(base: buffer.baseAddress!, rows: 7, columns: 5, stride: 5), layer: 2, rate: 0.3)
            }
            try folder.write("dropout", factors.withUnsafeBytes { Data($0) })
            let script = URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: "Reference/torch_batches.py")
            let client = PythonClient.examples.deletingLastPathComponent().path()
            let run = try Invocation([script.path(), client, folder.path], in: folder, running: URL(filePath: python))
            #expect(run.code == 0, "\(run.errors)")
            #expect(run.output == "random 10000 steps\nshuffle 10000 steps\nsequential 10000 steps\ndropout 35\n")
        }

        @Test("comes to the core's epochs", arguments: jobs.keys.sorted(), optimizers.keys.sorted())
        func parity(job: String, optimizer: String) throws {
            guard python != nil, let job = Self.jobs[job], let optimizer = Self.optimizers[optimizer] else { return }
            let text = job.replacing("OPTIMIZER", with: optimizer)
            let core = try results(text)
            #expect(core.count == 5, "two epochs with their validations, and the test")
            #expect(difference(core, try results(text, ["--engine", "torch"])) < 1e-5)
        }

        @Test("comes to the same in 1, 2 and 3 processes, and to the same bits twice")
        func processes() throws {
            guard python != nil, let job = Self.jobs["categories"], let adam = Self.optimizers["adam"] else { return }
            let text = job.replacing("OPTIMIZER", with: adam)
            func run(_ processes: Int, _ file: String) throws -> [[Double]] {
                try results(text, ["--engine", "torch", "--processes", "\(processes)", "--save", file])
            }
            let one = try run(1, "one")
            // 50 rows on 3 processes: 16, 17 and 17.
            #expect(difference(one, try run(3, "three")) < 1e-5)
            #expect(difference(one, try run(2, "two")) < 1e-5)
            #expect(try run(2, "again").count == one.count)
            #expect(try folder.read("two") == folder.read("again"))
            #expect(try run(1, "alone") == one)
            #expect(try folder.read("one") == folder.read("alone"))
        }

        @Test("writes a model that the core's commands know, with the core's scores")
        func model() throws {
            guard python != nil, let job = Self.jobs["categories"], let adam = Self.optimizers["adam"] else { return }
            let text = job.replacing("OPTIMIZER", with: adam)
            let scores = try results(text, ["--engine", "torch", "--save", "torch.model"])
            _ = try results(text, ["--save", "core.model"])
            func answer(_ arguments: String...) throws -> String {
                let run = try Invocation(arguments, in: folder)
                #expect(run.code == 0, "\(run.errors)")
                return run.output
            }
            let shown = try (answer("show", "torch.model"), answer("show", "core.model"))
            #expect(
                shown.0.replacing("torch.model", with: "core.model").split(separator: "\n").prefix(3)
                    == shown.1.split(separator: "\n").prefix(3))
            let predictions = try (
                answer("predict", "torch.model", "kinds.csv"), answer("predict", "core.model", "kinds.csv")
            )
            #expect(predictions.0.split(separator: "\n").count == 901)
            let kinds = zip(predictions.0.split(separator: "\n"), predictions.1.split(separator: "\n")).map {
                ($0.split(separator: ",").first, $1.split(separator: ",").first)
            }
            #expect(kinds.filter { $0 != $1 }.count <= 1)
            // The test rows' loss, as it is told and as it lies in the file.
            let loss = try #require(scores.last?.first)
            #expect(shown.0.contains("test        loss \(String(format: "%.4f", loss))"), "\(shown.0)")
        }

        @Test("says in a line what it has not, before it starts")
        func refusals() throws {
            try folder.write("empty", "#!/bin/sh\nexit 1\n")
            let url = folder.url.appending(path: "empty")
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: url.path())
            let builtin = "[data]\nbuiltin = \"storms\"\ntarget = \"wind\"\n[[model.layers]]\nunits = 1\n"
            try folder.write("refit.toml", builtin + "[training]\nrefit = true\n")
            try folder.write("rewind.toml", builtin + "[training]\nguard = \"rewind\"\n")
            for (arguments, code, line) in [
                (["--python", url.path()], 66, "/empty -m pip install torch, or name another Python by --python"),
                (["--python", "/no/python"], 66, "/no/python: cannot be started: No such file or directory"),
                (["refit.toml"], 78, "does not train again on all rows: the job has 'refit'"),
                (["rewind.toml"], 78, "the job has guard = \"rewind\""),
                (["--journal", "x"], 64, "--journal is not for --engine torch"),
                (["--log-steps", "x"], 64, "--log-steps is not for --engine torch"),
            ] {
                let run = try Invocation(["train", "--headless", "--engine", "torch"] + arguments, in: folder)
                #expect(run.code == Int32(code) && run.errors.contains(line), "\(arguments): \(run.errors)")
                #expect(run.errors.split(separator: "\n").count == 1 && run.output.isEmpty, "\(run.errors)")
            }
            let run = try Invocation("train", "--processes", "2", in: folder)
            let words = "--processes, --nodes, --device and --python are for --engine torch"
            #expect(run.code == 64 && run.errors.contains(words), "\(run.errors)")
        }

        /// A Python that has PyTorch, as it says, and does this where it is to train.
        private func program(_ name: String, _ line: String) throws -> String {
            try folder.write(name, "#!/bin/sh\n[ \"$1\" = -c ] && exit 0\n\(line)\n")
            let path = folder.url.appending(path: name).path()
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
            return path
        }

        @Test("ends by a signal as shells have it, where the training does not hear of it")
        func deaf() throws {
            // The signal comes while PyTorch starts, which takes longer than anybody waits.
            let python = try program("slow", "kill -TERM $PPID\nexec sleep 600")
            let terminal = try PseudoTerminal(
                ["train", "--headless", "--engine", "torch", "--python", python, "--save", "w"], errors: "errors",
                in: folder)
            #expect(try terminal.end(within: 30).code == 143)
            let errors = try folder.text("errors")
            #expect(errors == "traintui: the process was ended by signal 15\ntraintui: ended by SIGTERM\n")
            #expect(!folder.has("w"))
        }

        @Test("ends where nobody reads any more, and no file was asked for")
        func unread() throws {
            guard let python else { return }
            let line =
                "{ '\(Invocation.binary.path())' train --headless --engine torch --epochs 1000000; echo $? > code; }"
            let run = try Invocation(
                shell: "\(line) | head -1", in: folder, environment: ["TRAINTUI_PYTHON": python])
            #expect(try folder.text("code") == "141\n" && run.errors == "", "\(run.errors)")
        }

        @Test("says where the weights are when the place that was named for them is gone")
        func placeGone() throws {
            guard let python else { return }
            try FileManager.default.createDirectory(
                at: folder.url.appending(path: "place"), withIntermediateDirectories: true)
            let program = try program("clearing", "rmdir place\nexec '\(python)' \"$@\"")
            let run = try Invocation(
                "train", "--headless", "--engine", "torch", "--epochs", "1", "--python", program, "--save", "place/w",
                in: folder)
            #expect(run.code == 73)
            let line = try #require(run.errors.split(separator: "\n").last)
            let match = try #require(
                line.firstMatch(of: /traintui: place\/w: .*: No such file or directory; (.*) has the weights/),
                "\(line)")
            #expect(try Invocation("show", String(match.1), in: folder).code == 0)
        }

        @Test("fails where its processes do, and keeps the weights that they left")
        func broken() throws {
            guard let python else { return }
            // As torchrun where a process of another computer is lost.
            let program = try program(
                "broken",
                """
                '\(python)' "$@"; for folder; do :; done
                sed -i 's/"is_complete": true/"is_complete": false/' "$folder/ending.json"
                echo 'no way there' >&2; exit 3
                """)
            let run = try Invocation(
                "train", "--headless", "--engine", "torch", "--epochs", "1", "--python", program, "--save", "w",
                in: folder)
            #expect(run.code == 1)
            #expect(
                run.errors.hasSuffix("traintui: the process ended with exit code 3: no way there; w has the weights\n"),
                "\(run.errors)")
            #expect(try Invocation("show", "w", in: folder).code == 0)
        }

        @Test("trains the job that is chosen for a table")
        func automatic() throws {
            guard let python else { return }
            let run = try Invocation(
                "train", "--data", "kinds.csv", "--target", "kind", "--epochs", "2", "--headless", "--engine", "torch",
                "--save", "model", in: folder, environment: ["TRAINTUI_PYTHON": python])
            #expect(run.code == 0 && run.output.contains("\ntest - loss: "), "\(run.errors)")
            #expect(try Invocation("evaluate", "model", "kinds.csv", in: folder).code == 0)
        }

        @Test("is steered by the dashboard: paused, changed at a step, gone back, with a ghost and a race")
        func dashboard() throws {
            guard let python else { return }
            let place = ["XDG_RUNTIME_DIR": folder.path, "TRAINTUI_PYTHON": python]
            let terminal = try Tmux("--engine torch --pace 50 --save steered", in: folder, environment: place)
            try terminal.wait("steps are taken") { ($0.step ?? 0) > 3 }
            try terminal.keys("Space")
            _ = try terminal.waitForStillness(with: "● PAUSED")
            try terminal.keys("-")
            // The last steps before a pause may be told after it; the answer to an edit is told after them.
            let step = try #require(try terminal.waitForStillness(with: "1 learning rate 0.01 → 0.005").step)
            try terminal.wait(for: "@\(step)  1 learning rate 0.01 → 0.005")
            try terminal.keys("n")
            try terminal.wait("a step is taken") { $0.step == step + 1 }
            try terminal.keys("u")
            try terminal.wait("it went back") { $0.step == step && $0.contains("undo 1") }
            // A ghost beside it and a race leave no trace either.
            try terminal.keys("-", "g")
            try terminal.wait(for: "without edit 2")
            try terminal.keys("n", "g")
            try terminal.wait("the ghost is gone") { $0.step == step + 1 && !$0.contains("without edit 2") }
            try terminal.keys("u")
            try terminal.wait("it went back once more") { $0.step == step && $0.contains("undo 2") }
            try terminal.keys("b")
            try terminal.wait("it races") { $0.contains("● RACING") && ($0.step ?? 0) > step + 20 }
            try terminal.keys("Escape")
            try terminal.wait(for: "● TRAINING")
            try terminal.keys("Space")
            _ = try terminal.waitForStillness(with: "● PAUSED")
            try terminal.keys("f", "Space")
            try terminal.wait(for: "● DONE")
            try terminal.keys("q", "q")
            #expect(try terminal.code() == 0)
            #expect(try terminal.screen().contains("saved       steered"))
            // What was undone is as though it had not been.
            let alone = try Invocation(
                "--headless", "--engine", "torch", "--save", "alone", in: folder, environment: place)
            #expect(alone.code == 0)
            #expect(try folder.read("steered") == folder.read("alone"))
            // And the run can be taken again, its edits at their steps.
            let commands = folder.url.appending(path: ".local/state/traintui/commands").path()
            let name = try #require(try FileManager.default.contentsOfDirectory(atPath: commands).min())
            let again = try Invocation("replay", "\(commands)/\(name)", in: folder, environment: place)
            #expect(again.output.hasSuffix("steps, 0 edits: identical, the weights too\n"), "\(again)")
        }

        @Test("ends where the loss runs away, with the weights before that")
        func divergence() throws {
            guard let python else { return }
            for processes in ["1", "2"] {
                let run = try Invocation(
                    "train", "--headless", "--engine", "torch", "--processes", processes, "--learning-rate", "1e5",
                    "--optimizer", "sgd", "--save", "before", in: folder, environment: ["TRAINTUI_PYTHON": python])
                #expect(run.code == 2, "\(run.errors)")
                #expect(
                    run.errors.contains(
                        /traintui: diverged: the (loss is .*|gradient overflows) at step [0-9]+; before has the weights/
                    ))
                #expect(try Invocation("show", "before", in: folder).code == 0)
            }
        }
    }
}

extension Program.TorchEngine {
    /// A table of three kinds, by two measures and a colour.
    fileprivate static var kinds: String {
        var random = SplitMix(state: 5)
        var text = "length,width,colour,kind\n"
        for _ in 0..<900 {
            let length = Double.random(in: -1...1, using: &random)
            let width = Double.random(in: 0...6, using: &random)
            let colour = ["red", "green", "blue"][Int.random(in: 0..<3, using: &random)]
            let noise = Double.random(in: 0...0.5, using: &random)
            let score = length + 0.3 * width + (colour == "red" ? 1 : 0) + noise
            text += "\(length),\(width),\(colour),\(score < 1 ? "a" : score < 2 ? "b" : "c")\n"
        }
        return text
    }

    fileprivate static let optimizers = [
        "sgd": "name = \"sgd\"\nlearning_rate = 0.01",
        "momentum": "name = \"sgd\"\nlearning_rate = 0.003\nmomentum = 0.9\nnesterov = true",
        "rmsprop": "name = \"rmsprop\"\nlearning_rate = 0.001\nmomentum = 0.5",
        "adagrad": "name = \"adagrad\"\nlearning_rate = 0.05",
        "adam": "name = \"adam\"\nlearning_rate = 0.003",
        "adamw": "name = \"adamw\"\nlearning_rate = 0.003",
        "nadam": "name = \"nadam\"\nlearning_rate = 0.003",
    ]

    /// The book's job; one with all that a layer, a schedule and clipping can have; and one with classes.
    fileprivate static let jobs = [
        "book": """
        [data]
        builtin = "storms"
        target = "wind"
        target_scale = 10.0
        [model]
        metrics = ["mean_absolute_error", "root_mean_squared_error", "r2_score"]
        [[model.layers]]
        units = 30
        activation = "elu"
        kernel_initializer = "he_normal"
        kernel_regularizer = { l2 = 0.05 }
        [[model.layers]]
        units = 1
        kernel_regularizer = { l2 = 0.05 }
        [optimizer]
        OPTIMIZER
        [training]
        epochs = 2
        """,
        "deep": """
        seed = 7
        [data]
        path = "kinds.csv"
        target = "width"
        roles = "automatic"
        [model]
        loss = "huber"
        metrics = ["mean_absolute_error", "mean_squared_error"]
        [[model.layers]]
        units = 20
        activation = "gelu"
        dropout = 0.1
        kernel_constraint = { max_norm = 1 }
        [[model.layers]]
        units = 17
        activation = "mish"
        kernel_regularizer = { l1 = 0.001 }
        [[model.layers]]
        units = 1
        [optimizer]
        OPTIMIZER
        clipnorm = 0.5
        [optimizer.schedule]
        name = "cosine_decay"
        initial_learning_rate = 0.001
        warmup_target = 0.004
        warmup_steps = 5
        decay_steps = 20
        [training]
        epochs = 2
        batch_size = 25
        sampling = "shuffle"
        """,
        "categories": """
        seed = 3
        [data]
        path = "kinds.csv"
        target = "kind"
        roles = "automatic"
        [model]
        loss = { name = "sparse_categorical_crossentropy", label_smoothing = 0.1 }
        metrics = ["sparse_categorical_accuracy"]
        [[model.layers]]
        units = 24
        activation = "tanh"
        [[model.layers]]
        units = 3
        activation = "softmax"
        [optimizer]
        OPTIMIZER
        [optimizer.schedule]
        name = "exponential_decay"
        decay_steps = 10
        decay_rate = 0.9
        [training]
        epochs = 2
        batch_size = 50
        sampling = "sequential"
        """,
    ]
}
