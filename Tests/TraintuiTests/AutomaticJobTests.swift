import Foundation
import Testing

@testable import Tabular

extension Program {
    /// A table of one's own: one command reads it, chooses a job and leaves a model.
    @Suite("Automatic jobs") struct AutomaticJobs {
        private let folder: Folder

        init() throws { folder = try Folder() }

        /// Flats with gaps, text, a date and a row's number. The price follows from all but the last two.
        private static func table(rows: Int, prices: (Int, Double) -> Double = { $1 }) -> String {
            let cities = ["Ulm", "Bonn", "Kiel", "Jena"]
            let lines = (0..<rows).map { row in
                let area = 20 + Double(row * 7919 % 1000) / 10
                let city = row * 31 % 4
                let price = prices(row, 1000 * area * (1 + 0.3 * Double(city)) + Double(row * 104_729 % 997))
                let shown = row % 17 == 3 ? "NA" : "\(area)"
                return "\(row + 1),\(shown),\(cities[city]),20\(10 + row % 14)-0\(1 + row % 9)-11,\(price)"
            }
            return "id,area,city,built,price\n" + lines.joined(separator: "\n") + "\n"
        }

        private let arguments = ["--data", "flats.csv", "--target", "price", "--headless", "--no-journal"]

        private func tensors(_ name: String) throws -> Data {
            let bytes = try folder.read(name)
            let header = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
            return bytes.dropFirst(8 + header)
        }

        @Test func oneCommandTrainsAGoodModelAndSaysWhatItDidWithEachColumn() throws {
            try folder.write("flats.csv", Self.table(rows: 400))
            let run = try Invocation(arguments + ["--save", "m"], in: folder)
            #expect(run.code == 0 && run.errors.isEmpty, "\(run.errors)")
            for line in [
                "id      identifier  left out", "city    category    4 features", "price   number      the target",
            ] {
                #expect(run.output.contains(line), "\(run.output.prefix(900))")
            }
            #expect(run.output.contains("training again on all 320 rows but those for the test"))
            let test = try #require(run.output.firstMatch(of: /test - .*r2_score: ([0-9.]+)/))
            #expect(try #require(Double(test.1)) > 0.9)
            let predicted = try Invocation("predict", "m", "flats.csv", in: folder)
            #expect(predicted.code == 0 && predicted.output.hasPrefix("predicted_price\n"))
            #expect(predicted.output.split(separator: "\n").count == 401)
            let shown = try Invocation("show", "m", in: folder).output
            #expect(shown.contains("validation") && shown.contains("trained again on all rows but those for the test"))
        }

        @Test(arguments: [300, 2100])
        func theFileThatInitWritesTrainsToTheSameBits(rows: Int) throws {
            try folder.write("flats.csv", Self.table(rows: rows))
            #expect(try Invocation(arguments + ["--save", "a"], in: folder).code == 0)
            let written = try Invocation("init", "job.toml", "--data", "flats.csv", "--target", "price", in: folder)
            #expect(written.code == 0 && written.errors.isEmpty)
            let job = try folder.text("job.toml")
            #expect(job.contains("\"id\" = \"ignore\"") && job.contains("# identifier: "))
            let run = try Invocation("job.toml", "--headless", "--no-journal", "--save", "b", in: folder)
            #expect(run.code == 0 && run.errors.isEmpty)
            #expect(try tensors("a") == tensors("b"))
        }

        /// Whatever the test rows' targets are, all that was trained is the same.
        @Test func theTestRowsInfluenceNothingButTheirScore() throws {
            try folder.write("flats.csv", Self.table(rows: 300))
            let run = try Invocation(arguments + ["--save", "a"], in: folder)
            let split = try #require(
                RowSplit(
                    kept: Array(repeating: true, count: 300), testFraction: 0.2, validationFraction: 0.2, seed: 42))
            try folder.write(
                "flats.csv", Self.table(rows: 300) { row, price in split.uses[row] == .testing ? 7 * price : price })
            let other = try Invocation(arguments + ["--save", "b"], in: folder)
            func withoutTest(_ output: String) -> [Substring] {
                output.split(separator: "\n").filter { !$0.hasPrefix("test - ") && !$0.contains("price") }
            }
            #expect(withoutTest(run.output) == withoutTest(other.output))
            #expect(run.output != other.output)
            #expect(try tensors("a") == tensors("b"))
        }

        @Test func largeTablesOfValuesAreGivenInPieces() throws {
            try folder.write("flats.csv", Self.table(rows: 2100))
            let written = try Invocation("init", "job.toml", "--data", "flats.csv", "--target", "price", in: folder)
            #expect(written.code == 0)
            #expect(try folder.text("job.toml").contains("pieces = 16"))
            try folder.write("flats.csv", Self.table(rows: 1900))
            #expect(
                try Invocation("init", "job.toml", "--force", "--data", "flats.csv", "--target", "price", in: folder)
                    .code
                    == 0)
            #expect(try !folder.text("job.toml").contains("pieces"))
        }

        @Test func foldsAreEachTrainedAndScored() throws {
            try folder.write("flats.csv", Self.table(rows: 300))
            let options = ["--data", "flats.csv", "--target", "price", "--headless", "--folds", "3"]
            let run = try Invocation(options, in: folder)
            let lines = run.output.split(separator: "\n")
            #expect(run.code == 0 && run.errors.isEmpty && lines.count == 5, "\(run)")
            let losses = lines.compactMap { $0.firstMatch(of: /val_loss ([0-9.e-]+)/).flatMap { Double($0.1) } }
            try #require(losses.count == 5)
            #expect(abs(losses[0..<3].reduce(0, +) / 3 - losses[3]) < 1e-3)
            #expect(lines[0].hasPrefix("fold 1/3 ") && lines[3].hasPrefix("mean ") && lines[4].hasPrefix("deviation "))
            #expect(try Invocation(options + ["--save", "m"], in: folder).code == 64)
            let listening = try Invocation(options + ["--listen"], in: folder)
            #expect(listening.code == 64 && listening.errors.contains("it takes no --listen"), "\(listening)")
        }

        @Test func foldsAreWatchedSideBySideAndScoredAlike() throws {
            try folder.write("flats.csv", Self.table(rows: 300))
            let options = ["--data", "flats.csv", "--target", "price", "--folds", "3", "--pace", "0"]
            let alone = try Invocation(options + ["--headless"], in: folder)
            let terminal = try Tmux(options.joined(separator: " "), width: 160, height: 40, in: folder)
            try terminal.wait("the run waits") { $0.contains("to train on") && $0.contains("● PAUSED") }
            try terminal.keys("Enter")
            let screen = try terminal.wait("it is done") { $0.contains("mean of 3 folds, whose loss deviates by") }
            #expect(screen.contains("folds ─") && screen.contains("1 of 3"))
            try terminal.keys("q", "Enter")
            #expect(try terminal.code() == 0)
            let printed = try terminal.screen()
            for line in alone.output.split(separator: "\n") { #expect(printed.contains(line), "\(printed)") }
        }

        @Test func aTimeBecomesANumberOfEpochs() throws {
            try folder.write("flats.csv", Self.table(rows: 300))
            let run = try Invocation(arguments + ["--time", "0.5"], in: folder)
            let first = try #require(run.output.firstMatch(of: /Epoch 1\/([0-9]+)\n/))
            #expect(run.code == 0 && Int(first.1)! > 1)
            let refused = try Invocation("--headless", "--time", "3", in: folder)
            #expect(refused.code == 64)
            #expect(refused.errors.contains("--time needs --data and no job file"))
        }

        @Test(arguments: [
            (["--target", "prize"], 65, "no column is named 'prize', wanted as target: did you mean 'price'?"),
            (["--target", "price", "--role", "city=colour"], 64, "there is no role 'colour'"),
            (["--target", "price", "--role", "town=category"], 65, "no column is named 'town'"),
            (["--target", "same"], 65, "same"),
        ])
        func whatDoesNotFitIsSaidInOneLine(options: [String], code: Int32, words: String) throws {
            let rows = Self.table(rows: 40).split(separator: "\n")
            try folder.write(
                "flats.csv", rows.enumerated().map { "\($1),\($0 == 0 ? "same" : "1")\n" }.joined())
            let run = try Invocation(["--data", "flats.csv", "--headless"] + options, in: folder)
            #expect(run.code == code, "\(run)")
            #expect(run.errors.contains(words) && run.errors.split(separator: "\n").count == 1, "\(run.errors)")
        }
    }
}
