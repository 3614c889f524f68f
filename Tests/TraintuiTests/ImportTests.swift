import EventFiles
import Foundation
import Testing
import TrainEngine
import TrainProtocol

@testable import traintui

extension Program {
    /// What other programs logged, as runs.
    @Suite(.serialized)
    struct Imports {
        private let folder: Folder

        init() throws {
            folder = try Folder()
            let rows = (0..<60).map { "\(Double($0 * 37 % 101) / 50 - 1),\(Double($0 * 53 % 97) / 40)" }
            try folder.write("small.csv", (["x,y"] + rows).joined(separator: "\n") + "\n")
            try folder.write("plain.toml", "")
        }

        private func run(_ arguments: String...) throws -> Invocation { try Invocation(arguments, in: folder) }

        /// What is kept of the run that was imported last, and its record.
        private func imported(_ done: Invocation) throws -> (checkpoint: RunCheckpoint, record: RunRecord) {
            #expect(done.code == 0, "\(done.errors)")
            let name = try #require(done.output.split(separator: "\n").last).dropFirst("imported    ".count)
            let run = RunFolder(path: "\(folder.path)/.local/state/traintui/runs/\(name)")
            let record = try #require(RunRecord.read(run.record))
            return (try RunFolder.readCheckpoint(run.checkpoint(1)).checkpoint, record)
        }

        @Test func ownLogsComeBackAsTheyWere() throws {
            let job = ["plain.toml", "--headless", "--data", "small.csv", "--target", "y", "--batch-size", "5"]
            let logs = ["--epochs", "4", "--tensorboard", "board", "--csv-log", "log.csv", "--name", "own"]
            #expect(try Invocation(job + logs, in: folder).code == 0)
            let own = try ComparedRun(
                RunFolder(
                    path: "\(folder.path)/.local/state/traintui/runs/"
                        + FileManager.default.contentsOfDirectory(
                            atPath: "\(folder.path)/.local/state/traintui/runs")[0]))
            let (board, record) = try imported(run("import", "tensorboard", "board", "--tag", "theirs"))
            #expect(record.state == .imported && record.epochsDone == 4 && record.tags == ["theirs"])
            #expect(board.past.epochs.map(\.epoch) == [1, 2, 3, 4])
            #expect(board.past.epochs.map(\.step) == own.past.epochs.map(\.step))
            // Event files have floats.
            #expect(board.past.epochs.map { Float($0.meanLoss) } == own.past.epochs.map { Float($0.meanLoss) })
            #expect(board.past.evaluations.map { Float($0.loss) } == own.past.evaluations.map { Float($0.loss) })
            #expect(
                board.past.evaluations.map { $0.metrics.map { Float($0) } }
                    == own.past.evaluations.map { $0.metrics.map { Float($0) } })
            #expect(board.past.samples.last?.lastStep == own.past.samples.last?.lastStep)
            let (csv, _) = try imported(run("import", "csv", "log.csv", "--name", "as csv"))
            #expect(csv.past.epochs.map(\.meanLoss) == own.past.epochs.map(\.meanLoss))
            #expect(csv.past.evaluations.map(\.loss) == own.past.evaluations.map(\.loss))
        }

        @Test func areListedShownComparedReportedAndOpened() throws {
            try folder.write(
                "keras.csv",
                """
                epoch,accuracy,loss,val_accuracy,val_loss
                0,0.5,1.25,0.4,1.5
                1,0.6,1.0,0.5,1.125
                2,0.7,0.75,NA,NA
                2,0.75,0.5,0.625,0.875

                """)
            let (checkpoint, record) = try imported(run("import", "csv", "keras.csv", "--name", "theirs"))
            #expect(checkpoint.past.epochs.map(\.meanLoss) == [1.25, 1, 0.5])
            #expect(checkpoint.past.evaluations.map(\.loss) == [1.5, 1.125, 0.875])
            #expect(record.bestLoss == 0.875 && record.epochsDone == 3)
            let list = try run("runs").output
            #expect(list.contains("theirs (") && list.contains("  imported  ") && list.contains("  3/3  "))
            #expect(try run("runs", "show", "keras").output.contains("best        0.8750 @3\n"))
            #expect(try run("report", "theirs", "-o", "theirs.html").code == 0)
            let page = try folder.text("theirs.html")
            #expect(page.contains("its job is not known") && page.contains("<figcaption>accuracy</figcaption>"))
            let job = ["plain.toml", "--data", "small.csv", "--target", "y", "--epochs", "3"]
            #expect(try Invocation(job + ["--headless", "--name", "ours"], in: folder).code == 0)
            let compared = try run("compare", "ours", "theirs").output
            #expect(compared.contains("validation loss by epochs") && compared.contains("0.8750"))
            #expect(!compared.contains("paired") && !compared.contains("differs in the job"))
            #expect(compared.contains("B was trained elsewhere: its job is not known\n"))
            for command in [["replay", "theirs"], ["resume", "theirs"]] {
                let refused = try Invocation(command, in: folder)
                #expect(refused.code != 0 && refused.errors.split(separator: "\n").count == 1, "\(refused.errors)")
            }
            #expect(try run("resume", "theirs").errors.contains("trained elsewhere and imported"))
            // Drawn under a live run, and opened from the list.
            let live = try Tmux(
                job.joined(separator: " ") + " --against theirs --pace 5", width: 120, height: 36, in: folder)
            try live.wait(for: "theirs")
            try live.type("o")
            try live.wait(for: "trained elsewhere")
            try live.type("qqq")
            let terminal = try Tmux("runs", width: 120, height: 36, in: folder)
            try terminal.wait(for: "imported")
            try terminal.type("/theirs\r")
            try terminal.type("r")
            try terminal.wait(for: "it was trained elsewhere")
            try terminal.keys("Enter")
            try terminal.wait(for: "● DONE", "accuracy", "0.8750", "3/3", "100%")
            try terminal.type("qq")
            try terminal.wait(for: "1 shown")
            try terminal.type("q")
            #expect(try terminal.code() == 0)
        }

        @Test func severalRunsAreCalledByTheirWayFromTheFolder() throws {
            // As PyTorch's add_scalars leaves them: a folder for each curve beside the run's own files.
            for place in ["board", "board/Loss_train", "board/Loss_val", "board/a/version_0", "board/b/version_0"] {
                try FileManager.default.createDirectory(
                    at: folder.url.appending(path: place), withIntermediateDirectories: true)
                let records = [EventRecord.version(at: 1), EventRecord.scalars([("loss", 1)], step: 0, at: 2)]
                try folder.write("\(place)/events.out.tfevents.1.x", Data(records.flatMap(\.bytes)))
            }
            #expect(try run("import", "tensorboard", "board", "--tag", "theirs").code == 0)
            let runs = "\(folder.path)/.local/state/traintui/runs"
            let names = try FileManager.default.contentsOfDirectory(atPath: runs).map { name in
                try #require(RunRecord.read("\(runs)/\(name)/run.json")?.name)
            }
            #expect(names.sorted() == ["Loss_train", "Loss_val", "a/version_0", "b/version_0", "board"])
            let one = try run("import", "tensorboard", "board/a/version_0")
            #expect(try imported(one).record.name == "version_0")
        }

        @Test func whatIsNoLogIsRefusedInALine() throws {
            try FileManager.default.createDirectory(
                at: folder.url.appending(path: "board/run"), withIntermediateDirectories: true)
            let events = "board/run/events.out.tfevents.1.x"
            func refused(_ arguments: String..., why: String, code: Int32 = 65) throws {
                let done = try Invocation(["import"] + arguments, in: folder)
                #expect(done.code == code && done.errors.contains(why), "\(done.code): \(done.errors)")
                #expect(done.errors.split(separator: "\n").count == 1 && done.output.isEmpty)
            }
            try refused("tensorboard", "board", why: "has no event files", code: 66)
            try refused("tensorboard", "small.csv", why: "is no folder", code: 66)
            try refused("tensorboard", "nowhere", why: "there is no such folder", code: 66)
            try folder.write(events, "not one at all, but a text")
            try refused("tensorboard", "board", why: "is no event file: record 1 has a length whose checksum")
            try refused("csv", "small.csv", why: "has no column 'epoch'")
            try folder.write("log.csv", "epoch,loss\n0,1\n1,x\n")
            try refused("csv", "log.csv", why: "row 2, column 'loss': expected a number, not 'x'")
            try folder.write("log.csv", "epoch,loss\n-1,1\n")
            try refused("csv", "log.csv", why: "row 1, column 'epoch': expected a whole number from 0 on")
            try folder.write("log.csv", "epoch,accuracy\n0,1\n")
            try refused("csv", "log.csv", why: "has no column 'loss'")
            try folder.write("log.csv", "epoch,loss\n0,1,2\n")
            try refused("csv", "log.csv", why: "log.csv:2")
            #expect(try run("runs").output == "there are no runs yet\n")
            // What was cut off counts up to there, and that is said.
            let records = [EventRecord.version(at: 1)] + (1...3).map { .scalars([("loss", 1)], step: $0, at: 2) }
            try folder.write(events, Data(records.flatMap(\.bytes).dropLast(3)))
            let cut = try run("import", "tensorboard", "board")
            #expect(try imported(cut).checkpoint.past.samples.map(\.lastStep) == [1, 2])
            #expect(cut.errors.contains("ends within a record; its 3 whole records were read"))
            // Beside others a file that is none is passed over, and said; so is a step beyond all.
            try FileManager.default.createDirectory(
                at: folder.url.appending(path: "board/other"), withIntermediateDirectories: true)
            try folder.write("board/other/events.out.tfevents.1.x", "not one at all, but a text")
            try folder.write("board/run/events.out.tfevents.2.x", Data())
            let far = records + [.scalars([("epoch_loss", 1)], step: .max, at: 3)]
            try folder.write(events, Data(far.flatMap(\.bytes)))
            let rest = try run("import", "tensorboard", "board")
            #expect(try imported(rest).checkpoint.past.samples.map(\.lastStep) == [1, 2, 3])
            #expect(rest.errors.contains("is no event file") && rest.errors.contains("its 0 whole records were read"))
        }

        @Test func importedRunsPushNobodyOut() throws {
            let state = folder.url.appending(path: ".local/state/traintui/runs")
            try folder.write("log.csv", "epoch,loss\n0,1\n1,0.5\n")
            for _ in 0..<3 { _ = try run("import", "csv", "log.csv") }
            for minute in 10..<50 {
                let path = state.appending(path: "2000-01-01T10-\(minute)-00-launch")
                try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
                try Data().write(to: path.appending(path: "journal.jsonl"))
            }
            let said = try run("runs", "prune").output.split(separator: "\n")
            #expect(said.count == 20 && said.allSatisfy { $0.hasSuffix("-launch") }, "\(said)")
        }

        @Test func namesSayWhatANumberIs() {
            func name(_ text: String, in folder: String = "") -> [String] {
                let name = LoggedName(text, in: folder)
                return ["\(name.rows)", "\(name.count)", name.meaning]
            }
            #expect(name("epoch_loss", in: "train") == ["training", "epochs", "loss"])
            #expect(
                name("epoch_mean_absolute_error", in: "validation") == ["validation", "epochs", "mean_absolute_error"])
            #expect(name("evaluation_loss_vs_iterations", in: "validation") == ["validation", "steps", "loss"])
            #expect(name("epoch_learning_rate", in: "train") == ["training", "epochs", "learning_rate"])
            #expect(name("batch_steps_per_second") == ["training", "steps", ""])
            #expect(name("Loss/train") == ["training", "unsaid", "loss"])
            #expect(name("valLoss") == ["validation", "unsaid", "loss"])
            #expect(name("lr-Adam") == ["training", "unsaid", "learning_rate"])
            #expect(name("train_loss_step") == ["training", "steps", "loss"])
            #expect(name("train_loss_epoch") == ["training", "unsaid", "loss"])
            #expect(name("epoch") == ["training", "epochs", ""])
            #expect(name("test_acc") == ["test", "unsaid", "acc"])
            #expect(LoggedName.isHigherBetter("sparse_categorical_accuracy") && LoggedName.isHigherBetter("val_acc"))
            #expect(!LoggedName.isHigherBetter("mean_absolute_error") && !LoggedName.isHigherBetter("grad_norm"))
        }

        @Test func whatCameAfterAStepThatComesAgainIsLeftOut() {
            var series = LoggedSeries()
            for (step, value) in [(1, 1.0), (2, 2), (3, 3), (2, 4)] { series.append(value, at: step) }
            #expect(series.points.map(\.step) == [1, 2] && series.points.map(\.value) == [1, 4])
        }

        /// A Python with a framework and TensorBoard's packages beside it, and what a script of ours prints there.
        private func logs(of framework: String) throws -> [String: [Int: Double]]? {
            guard let python = try PythonClient.withFrameworks(skipping: "logs of \(framework)") else { return nil }
            let probe = "import tensorboard.summary.writer.event_file_writer"
            guard
                let board = try PythonEnvironment("tensorboard", packages: ["tensorboard==2.20.0"], probe: probe)
            else {
                print("skipped: logs of \(framework): tensorboard cannot be had")
                return nil
            }
            let script = URL(filePath: #filePath).deletingLastPathComponent().appending(
                path: "Reference/foreign_logs.py")
            let done = try Invocation(
                [script.path(), framework, folder.path], in: folder,
                environment: ["PYTHONPATH": try board.packages(in: folder)], running: URL(filePath: python))
            #expect(done.code == 0, "\(done.errors)")
            var values: [String: [Int: Double]] = [:]
            for line in done.output.split(separator: "\n") {
                let words = line.split(separator: " ")
                values[String(words[0]), default: [:]][try #require(Int(words[1]))] = Double(words[2])
            }
            return values
        }

        @Test func logsOfKerasAreImported() throws {
            guard let told = try logs(of: "keras") else { return }
            let (checkpoint, record) = try imported(run("import", "tensorboard", "board"))
            let past = checkpoint.past
            // Eight steps an epoch, of which every second was logged.
            #expect(
                past.epochs.map(\.step) == [8, 16, 24, 32]
                    && past.samples.map(\.lastStep) == Array(stride(from: 2, through: 32, by: 2)))
            #expect(past.samples.allSatisfy { $0.metrics.count == 1 && $0.metrics[0].count == 1 })
            for report in past.epochs {
                #expect(Float(report.meanLoss) == told["loss"]?[report.epoch].map { Float($0) })
                #expect(report.metrics.map { Float($0) } == [Float(told["mae"]?[report.epoch] ?? .nan)])
                #expect(report.learningRate.map { Float($0) } == 0.05)
            }
            #expect(past.evaluations.count == 4)
            for (index, evaluation) in past.evaluations.enumerated() {
                #expect(evaluation.step == 8 * (index + 1))
                #expect(Float(evaluation.loss) == told["val_loss"]?[index + 1].map { Float($0) })
            }
            #expect(record.title == "board" && record.epochsDone == 4)
            // The same file went on: ten epochs would be two runs, six are one.
            let (log, _) = try imported(run("import", "csv", "log.csv"))
            #expect(log.past.epochs.map(\.epoch) == [1, 2, 3, 4, 5, 6])
            for report in log.past.epochs {
                #expect(report.meanLoss == told[report.epoch < 5 ? "loss" : "csv_loss"]?[report.epoch])
            }
            print("keras: \(told.values.reduce(0) { $0 + $1.count }) numbers imported as they were logged")
        }

        @Test func logsOfPyTorchAreImported() throws {
            guard let told = try logs(of: "torch") else { return }
            let (checkpoint, record) = try imported(run("import", "tensorboard", "board"))
            let past = checkpoint.past
            #expect(past.samples.map(\.lastStep) == Array(1...30))
            for sample in past.samples { #expect(sample.loss.mean == told["loss"]?[sample.lastStep]) }
            #expect(past.evaluations.map(\.step) == [10, 20, 30] && past.epochs.map(\.step) == [10, 20, 30])
            for evaluation in past.evaluations { #expect(evaluation.loss == told["val_loss"]?[evaluation.step]) }
            #expect(past.evaluations.last?.metrics.map { Float($0) } == [1 - Float(1) / 30])
            #expect(record.epochsDone == 3 && record.step == 30)
        }
    }
}
