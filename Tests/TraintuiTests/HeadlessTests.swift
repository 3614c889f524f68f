import Foundation
import Testing

extension Program {
    /// The program without a terminal.
    @Suite(.serialized)
    struct Headless {
        private let folder: Folder

        init() throws { folder = try Folder() }

        @Test
        func printsTheBooksStatusBar() throws {
            let run = try Invocation("train", in: folder)
            let lines = run.output.split(separator: "\n")
            #expect(run.code == 0 && run.errors.isEmpty && lines.count == 12)
            for epoch in 0..<5 {
                #expect(lines[2 * epoch] == "Epoch \(epoch + 1)/5")
                let bar = /10989\/10989 \[={30}\] - mean: ([0-9.]+) - mean_absolute_error: ([0-9.]+)/
                let match = try #require(lines[2 * epoch + 1].wholeMatch(of: bar))
                guard epoch == 4 else { continue }
                // Keras: 0.988 and 0.634.
                #expect((0.95...1.05).contains(try #require(Double(match.1))))
                #expect((0.60...0.67).contains(try #require(Double(match.2))))
            }
            // Rows that were not trained on are as hard as those that were.
            let validation = /best epoch [3-5] - val_loss: ([0-9.]+) - val_mean_absolute_error: 0.6[0-9]+/
            let test = /test - loss: ([0-9.]+) - mean_absolute_error: 0.6[0-9]+/
            for score in [lines[10].wholeMatch(of: validation)?.1, lines[11].wholeMatch(of: test)?.1] {
                #expect((0.9...1.1).contains(try #require(Double(score ?? ""))))
            }
        }

        @Test
        func theSameJobGivesTheSameBitsAtAnyPaceAndOnAnyKernels() throws {
            func weights(_ name: String, _ more: [String], kernels: String = "") throws -> Data {
                let run = try Invocation(
                    ["--headless", "--epochs", "1", "--save", name] + more, in: folder,
                    environment: ["TRAINTUI_KERNELS": kernels])
                #expect(run.code == 0)
                return try folder.read(name)
            }
            let first = try weights("a", [])
            #expect(try weights("b", []) == first)
            #expect(try weights("c", ["--pace", "2000"]) == first)
            #expect(try weights("d", [], kernels: "v3") == first)
            #expect(try weights("e", ["--seed", "1"]) != first)
        }

        @Test(arguments: [
            ("pause", "1 step, 0 edits: identical\n"), ("rewind", "4 steps, 3 edits, 3 rewinds: identical\n"),
            ("stop", "1 step, 0 edits: identical\n"),
        ])
        func aRunThatDivergesSaysSoUnderEveryPolicyAndKeepsItsLastGoodWeights(policy: String, replay: String) throws {
            try folder.write(
                "job.toml", "[optimizer]\nname = 'sgd'\nlearning_rate = 1e4\n[training]\nguard = '\(policy)'\n")
            let run = try Invocation("job.toml", "--headless", "--save", "w", "--journal", "j", in: folder)
            #expect(run.code == 2)
            #expect(
                run.errors.contains("traintui: diverged: the loss explodes: ")
                    && run.errors.hasSuffix(" at step 2; w has the weights of step 1\n"))
            #expect(
                run.errors.components(separatedBy: " at step 2: back to step 0").count
                    == (policy == "rewind" ? 4 : 1))
            #expect(try Invocation("replay", "j", in: folder).output == replay)
            // Safetensors: eight bytes with the length of a header, the header, float32 values.
            let bytes = try folder.read("w")
            let header = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
            let values = bytes.dropFirst(8 + header).withUnsafeBytes { buffer in
                (0..<buffer.count / 4).map { buffer.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
            }
            #expect(values.count == 301 && values.allSatisfy(\.isFinite))
        }

        @Test
        func followsTheReferenceFromItsOwnFiles() throws {
            let golden = URL(filePath: #filePath).deletingLastPathComponent().appending(
                path: "../TrainCoreTests/Golden/book"
            )
            .standardized
            let run = try Invocation(
                golden.appending(path: "job.toml").path(), "--headless", "--init",
                golden.appending(path: "init.safetensors").path(), "--log-steps", "steps.csv", "--save", "w", in: folder
            )
            #expect(run.code == 0)
            let own = try rows(folder.text("steps.csv"))
            let reference = try rows(String(contentsOf: golden.appending(path: "steps.csv"), encoding: .utf8))
            #expect(own.count == reference.count)
            // Ours: step, epoch, learning_rate, main_loss, loss, mean_loss, metric; the reference has no rate.
            for (line, expected) in zip(own, reference) {
                try #require(abs(line[4] - expected[3]) <= 1e-5 * expected[3], "step \(expected[0])")
            }
        }

        @Test
        func everyMetricHasAColumnOfItsOwnInTheLogAndAWordInEachJSONLine() throws {
            let names = ["mean_absolute_error", "mean_squared_error", "root_mean_squared_error"]
            let list = names.map { "'\($0)'" }.joined(separator: ", ")
            try folder.write("job.toml", "[model]\nmetrics = [\(list)]\n[training]\nepochs = 1\n")
            let run = try Invocation("job.toml", "--json", "--log-steps", "steps.csv", in: folder)
            #expect(run.code == 0)
            let header = "step,epoch,learning_rate,main_loss,loss,mean_loss," + names.joined(separator: ",")
            #expect(try folder.text("steps.csv").prefix { $0 != "\n" } == header)
            let steps = try rows(folder.text("steps.csv"))
            #expect(steps.count == 343 && steps.allSatisfy { $0.count == 9 })
            // The loss is the squared error: the running mean of what the log has of it is the second metric.
            var sum = 0.0
            for (index, line) in steps.enumerated() {
                sum += line[3]
                let mean = sum / Double(index + 1)
                try #require(abs(line[7] - mean) <= 1e-5 * mean, "step \(index + 1)")
                try #require(abs(line[8] - mean.squareRoot()) <= 1e-5 * mean.squareRoot(), "step \(index + 1)")
                try #require(line[6] > 0 && line[6] < line[8], "step \(index + 1)")
            }
            let lines = run.output.split(separator: "\n")
            for (line, event) in zip(lines[1...2], ["epoch", "validation"]) {
                let object = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
                let metrics = try #require(object["metrics"] as? [String: Double])
                #expect(object["event"] as? String == event && metrics.keys.sorted() == names)
                guard event == "epoch", let last = steps.last else { continue }
                for (index, name) in names.enumerated() { #expect(abs(metrics[name]! - last[6 + index]) < 1e-5) }
            }
        }

        @Test
        func printsOneEventALineAsJSON() throws {
            let run = try Invocation("--json", "--epochs", "2", "--save", "w", in: folder)
            let events = try run.output.split(separator: "\n").map { line in
                let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                return try #require(object?["event"] as? String)
            }
            #expect(events == ["start", "epoch", "validation", "epoch", "validation", "test", "saved", "done"])
        }

        @Test
        func initWritesAJobThatTrainsAndReplacesNothing() throws {
            #expect(try Invocation("init", in: folder).code == 0)
            let again = try Invocation("init", in: folder)
            #expect(again.code == 73 && again.errors == "traintui: train.toml is there already; --force replaces it\n")
            #expect(try Invocation("train.toml", "--headless", "--epochs", "1", in: folder).code == 0)
        }

        @Test
        func helpThemesAndCompletionsArePrinted() throws {
            #expect(try Invocation("--help", in: folder).output.contains("SUBCOMMANDS"))
            #expect(try Invocation("train", "--help", in: folder).output.contains("--learning-rate <x>"))
            let themes = try Invocation("themes", in: folder).output
            for name in ["midnight", "paper", "high-contrast", "okabe-ito", "mono"] { #expect(themes.contains(name)) }
            for shell in ["bash", "zsh", "fish"] {
                #expect(try Invocation("--generate-completion-script", shell, in: folder).output.contains("traintui"))
            }
        }

        private func rows(_ text: String) throws -> [[Double]] {
            try text.split(separator: "\n").dropFirst().map { line in
                try line.split(separator: ",").map { try #require(Double($0)) }
            }
        }
    }
}
