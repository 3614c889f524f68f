import Foundation
import Testing

@testable import traintui

extension Program {
    /// Runs written as scripts for Keras.
    @Suite(.serialized)
    struct Export {
        private let folder: Folder

        init() throws { folder = try Folder() }

        private func run(_ arguments: String...) throws -> Invocation { try Invocation(arguments, in: folder) }

        private func lines(_ text: String) -> [Substring] {
            text.split(separator: "\n", omittingEmptySubsequences: false)
        }

        /// The script of the built-in job that the exporter's own tests keep.
        private func keptScript() throws -> String {
            let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            return String(
                decoding: try Data(contentsOf: tests.appending(path: "KerasExportTests/Snapshots/builtin.txt")),
                as: UTF8.self)
        }

        @Test
        func theBuiltInJobBecomesTheBooksLoop() throws {
            #expect(try run("--headless", "--journal", "j").code == 0)
            let printed = try run("export", "--keras", "j")
            #expect(printed.code == 0)
            #expect(
                printed.errors
                    == "note: the script reads storms.csv, the built-in table; --data storms.csv writes it\n")
            let (now, kept) = (lines(printed.output), lines(try keptScript()))
            #expect(now.first?.hasPrefix("\"\"\"storms: a training loop for Keras, written by traintui ") == true)
            // Its title is another one.
            #expect(now.dropFirst() == kept.dropFirst())
            // The job is in the journal: a run with other options is another script, and the last run needs no name.
            #expect(try run("--headless", "--epochs", "1", "--seed", "7").code == 0)
            let last = try run("export", "--keras")
            #expect(last.output.contains("\nSEED = 7\n") && last.output.contains("\nepochs = 1\n"))
        }

        @Test
        func theBuiltInTableIsWrittenButOverNothing() throws {
            #expect(try run("--headless", "--epochs", "1", "--journal", "j").code == 0)
            for _ in 1...2 {
                let written = try run("export", "--keras", "j", "-o", "run.py", "--data", "rows.csv")
                #expect(written.code == 0 && written.output == "" && written.errors == "", "\(written)")
            }
            #expect(try folder.text("run.py").contains("else \"rows.csv\")\n"))
            #expect(lines(try folder.text("rows.csv")).count == 19_539)
            // They are the rows that the run was trained on.
            #expect(try run("replay", "j", "--data", "rows.csv").code == 0)
            try folder.write("rows.csv", "mine\n")
            let refused = try run("export", "--keras", "j", "--data", "rows.csv")
            #expect(refused.errors == "traintui: rows.csv: is there already and not the built-in table\n")
            #expect(refused.code == 73 && refused.output == "")
            #expect(try folder.text("rows.csv") == "mine\n")
            let nowhere = try run("export", "--keras", "j", "-o", "no/run.py")
            #expect(nowhere.errors == "traintui: no/run.py: cannot be written: No such file or directory\n")
            #expect(nowhere.code == 73)
        }

        @Test
        func aJournalThatWasCutOffIsExportedUpToThere() throws {
            #expect(try run("--headless", "--epochs", "1", "--journal", "j").code == 0)
            let header = try #require(lines(try folder.text("j")).first)
            try folder.write(
                "cut",
                header + "\n" + #"""
                    {"event":"edit","step":100,"number":1,"name":"learning_rate","old":0.01,"new":0.5}
                    {"event":"back","step":150,"cause":"undo","to_step":100,"to_edits":0,"branch":2}
                    {"event":"edit","step":120,"number":2,"name":"layers.0.l2","old":0.05,"new":0.1,"over":50}
                    {"event":"edit","step":200,"number":3,"name":"optimizer","old":"nadam","new":"sgd"}
                    {"event":"edit","step":210,"number":4,"na
                    """#)
            let export = try run("export", "--keras", "cut", "--data", "rows.csv")
            #expect(
                export.errors == "warning: cut: ends at step 200 without the run's end; so does the script\n")
            #expect(export.code == 0)
            #expect(
                export.output.contains(
                    """
                        if step == 200:
                            # Until then nadam. The new one begins with no memory.
                            optimizer = keras.optimizers.SGD(learning_rate=0.01)
                            optimizer.build(model.trainable_variables)
                            take_step = tf.function(train_step)
                        if 120 <= step < 170:  # from 0.05 to 0.1 in 50 steps
                            l2_0.assign(0.05 * (0.1 / 0.05) ** ((step - 119) / 50))
                    """))
            #expect(!export.output.contains("0.5 "))
            #expect(export.output.contains("last_step = 200  # the run was ended there\n"))
        }

        @Test
        func aRunWithAPatienceIsExportedWithTheStepOfItsBestWeights() throws {
            let rows = (0..<40).map { "\($0),\($0 * 3 % 17)" }
            try folder.write("plain.toml", "")
            try folder.write("small.csv", (["x,y"] + rows).joined(separator: "\n") + "\n")
            let job = ["plain.toml", "--headless", "--data", "small.csv", "--target", "y", "--batch-size", "5"]
            let long = ["--epochs", "500", "--learning-rate", "0.3", "--patience", "3", "--journal", "j"]
            #expect(try Invocation(job + long, in: folder).code == 0)
            let record = try #require(RunRecord.read(folder.url.appending(path: "j.run/run.json").path()))
            let best = try #require(record.bestStep)
            #expect(record.epochsDone < 500 && best < record.step)
            let export = try run("export", "--keras", "j")
            #expect(export.errors == "" && export.output.contains("best_step = \(best)  # the validation loss was"))
            // Without what lies beside the journal it is not known, and that is said.
            try FileManager.default.moveItem(at: folder.url.appending(path: "j"), to: folder.url.appending(path: "k"))
            let alone = try run("export", "--keras", "k")
            #expect(alone.code == 0 && !alone.output.contains("best_step"))
            #expect(alone.errors.hasPrefix("warning: k: has no checkpoint beside it, "))
        }

        @Test
        func aRunOnATableOfOnesOwnHasInItWhatItsColumnsAre() throws {
            try folder.write("rows.csv", MixedTable.text(rows: 200))
            let run = [
                "--data", "rows.csv", "--target", "grade", "--ignore", "price", "--ignore", "sold", "--headless",
                "--epochs", "1", "--journal", "j",
            ]
            #expect(try Invocation(run, in: folder).code == 0)
            let export = try self.run("export", "--keras", "j")
            #expect(export.code == 0 && export.errors == "", "\(export)")
            for line in [
                "def features(table):", "held_back = [", "y_train = targets[rows]", "training again in the end",
            ] {
                #expect(export.output.contains(line), "\(line)")
            }
        }

        @Test
        func whatCannotBeExportedIsSaidInALine() throws {
            let formless = try run("export", "j")
            #expect(formless.code == 64 && formless.errors.contains("say what to write: --keras, "))
            #expect(
                try run("export", "--keras", "j").errors == "traintui: j: cannot be read: No such file or directory\n")
            try folder.write("j", "seed = 42\n")
            let other = try run("export", "--keras", "j")
            #expect(other.errors == "traintui: j:1: expected one JSON object in a line\n" && other.code == 65)
            let rows = (0..<40).map { "\($0),\($0 * 3 % 17)" }
            try folder.write("plain.toml", "")
            try folder.write("small.csv", (["x,y"] + rows).joined(separator: "\n") + "\n")
            let job = [
                "plain.toml", "--headless", "--data", "small.csv", "--target", "y", "--batch-size", "5", "--journal",
                "k",
            ]
            #expect(try Invocation(job, in: folder).code == 0)
            let export = try run("export", "--keras", "k")
            #expect(export.code == 0 && export.errors == "" && export.output.contains("/small.csv\")\n"))
            try folder.write("small.csv", (["x,y"] + rows.reversed()).joined(separator: "\n") + "\n")
            let changed = try run("export", "--keras", "k")
            #expect(changed.errors.contains("small.csv: is not the data that the run was trained on: its sha256 is "))
            #expect(changed.code == 65 && changed.output == "")
        }
    }
}
