import Foundation
import Testing
import TrainCore

extension Program {
    /// Whatever is wrong is said in one line, with the exit code that scripts can tell it by.
    @Suite(.serialized)
    struct BadInput {
        struct Case: CustomTestStringConvertible, Sendable {
            let file: String
            let content: [UInt8]
            let arguments: [String]
            let code: Int32
            let line: String
            var testDescription: String { line }

            init(_ file: String, _ content: String, _ arguments: [String], _ code: Int32, _ line: String) {
                self.init(file, Array(content.utf8), arguments, code, line)
            }

            init(_ file: String, _ content: [UInt8], _ arguments: [String], _ code: Int32, _ line: String) {
                (self.file, self.content, self.arguments) = (file, content, arguments)
                (self.code, self.line) = (code, line)
            }

            /// A CSV file with `wind` to predict.
            static func csv(_ content: String, _ code: Int32, _ line: String, target: String = "wind") -> Case {
                Case("t.csv", content, ["plain.toml", "--data", "t.csv", "--target", target], code, line)
            }

            static func job(_ content: String, _ code: Int32, _ line: String) -> Case {
                Case("job.toml", content, ["job.toml"], code, line)
            }
        }

        /// Forty good rows of x, y and wind.
        static let rows = (1...40).map { "\($0),\($0 * 7 % 11),\($0 * 3 % 5)\n" }.joined()

        static let cases: [Case] = [
            Case(
                "x", "", ["--data", "no.csv", "--target", "y"], 66, "no.csv: cannot be read: No such file or directory"),
            Case("x", "", ["--data", ".", "--target", "y"], 66, ".: is a directory, not a CSV file"),
            .csv("", 65, "t.csv: is empty; expected a line of column names"),
            .csv("x,y,wind\n", 65, "t.csv: has column names but no rows"),
            .csv("x,y,wind\n1,2,3\n4,5\n", 65, "t.csv:3: 2 cells, but the header names 3 columns"),
            .csv(
                "x,y,wind\n" + rows + "1,,3\n", 65,
                "t.csv:42: the value of 'y' is missing; set missing to \"drop\", \"mean\" or \"median\" to go on without"
            ),
            .csv(
                "x,y,wind\n" + rows, 65, "t.csv: no column is named 'wnid', wanted as target: did you mean 'wind'?",
                target: "wnid"),
            .csv("x,y,wind\n" + rows + "1,2,oops\n", 65, "t.csv:42: 'oops' in column 'wind'; expected a number"),
            .csv(
                "x,\u{1B}[31my,wind\n" + rows + "1,,3\n", 65,
                "t.csv:42: the value of '␛[31my' is missing; set missing to \"drop\", \"mean\" or \"median\" to go on without"
            ),
            Case(
                "t.csv", Array("x,y,wind\n1,".utf8) + [0xFF] + Array(",3\n4,5,6\n".utf8),
                ["--data", "t.csv", "--target", "wind"], 65, "t.csv:2: not UTF-8; expected a CSV file in UTF-8"),
            Case(
                "t.csv", "x,y,wind\n" + rows, ["--data", "t.csv", "--target", "wind", "--batch-size", "1000"], 78,
                "the batch size is 1000, but there are only 25 rows to train on"),
            Case(
                "t.csv", "x,y,wind\n" + rows, ["--data", "t.csv"], 64,
                "--data needs --target: which column of t.csv is to be predicted?"),
            Case("x", "", ["no.toml"], 66, "no.toml: no such job file"),
            .job("[[model.layers]]\nunits = 0\n", 78, "job.toml:2:1: 'units' must be at least 1, not 0"),
            .job(
                "[[model.layers]]\nunits = 1\nactivation = \"relo\"\n", 78,
                "job.toml:3:1: unknown activation 'relo'; did you mean 'relu'? known: "
                    + Catalogue.activations.map { $0.name }.joined(separator: ", ")),
            .job(
                "[optimizer]\nlearningrate = 1\n", 78,
                "job.toml:2:1: unknown key 'learningrate' in [optimizer]; did you mean 'learning_rate'?"),
            .job(
                "[optimizer]\nlearning_rate = -0.1\n", 78,
                "job.toml:2:1: 'learning_rate' must be greater than 0, not -0.1"),
            .job(
                "[\n", 78,
                "job.toml:1:2: the line ends here; expected a name, of letters, digits, '-' and '_' or in quotes"),
            .job(
                "a = 1979-05-27T0\u{1}7:32:00Z\n", 78,
                "job.toml:1:17: the control character U+0001; expected text, or \\u0001 in double quotes"),
            .job(
                String(repeating: "a.", count: 20_000) + "a = 1\n", 78,
                "job.toml:1:257: too deep; expected at most 128 tables and lists in one another"),
            .job(
                String(repeating: "[[model.layers]]\nunits = 1\n", count: 30_000), 78,
                "job.toml:2001:1: 'layers' must have at most 1000 layers, not 30000"),
            .job(
                String(repeating: "[[model.layers]]\nunits = 1\n", count: 100_000), 78,
                "job.toml: is too large; expected at most 1 MiB"),
            Case("x", "", ["--epochs", "0"], 64, "--epochs must be at least 1"),
            Case("x", "", ["--optimizer", "adm"], 64, "there is no optimizer 'adm'; did you mean 'adam'?"),
            Case("x", "", ["--save", "no/x"], 73, "no/x: cannot be written: No such file or directory"),
            Case("x", "", ["--log-steps", "no/x"], 73, "no/x: cannot be written: No such file or directory"),
            Case("x", "", ["--init", "no"], 66, "no: cannot be read: No such file or directory"),
            Case(
                "w", "12345678", ["--init", "w"], 65,
                "w is not a safetensors file: its header would be 4050765991979987505 bytes long"),
            Case(
                "x", "", ["--optimizer", "sgd", "--learning-rate", "1e5"], 2,
                "diverged: the gradient overflows at step 2"),
        ]

        @Test(arguments: cases)
        func isSaidInOneLine(_ bad: Case) throws {
            let folder = try Folder()
            try folder.write(bad.file, Data(bad.content))
            // A job without a word has the book's model, and columns that must be numbers.
            try folder.write("plain.toml", "")
            let run = try Invocation(["--headless"] + bad.arguments, in: folder)
            #expect(run.errors == "traintui: \(bad.line)\n")
            #expect(run.code == bad.code)
        }

        @Test
        func aModelThatNoMachineHasRoomForIsSaidInOneLine() throws {
            let folder = try Folder()
            let layers = [1_000_000, 1_000_000, 1].map { "[[model.layers]]\nunits = \($0)\n" }.joined()
            try folder.write("job.toml", layers)
            let run = try Invocation("--headless", "job.toml", in: folder)
            let start = "traintui: the model has 1,000,011,000,001 weights, which take 16.0 TB of memory"
            #expect(run.errors.hasPrefix(start), "\(run.errors)")
            #expect(run.errors.split(separator: "\n").count == 1 && run.code == 78)
        }

        /// What multiplies most: a megabyte of it must be read in little more memory than a run takes anyway.
        @Test(arguments: ["a.", "[", "{a=", "[[a.b]]\n", "[],", "{},", "a=["])
        func aMegabyteOfAnythingTakesLittleMemory(part: String) throws {
            let folder = try Folder()
            let prefix = part.hasSuffix(",") ? "a = [" : ""
            let text = prefix + String(repeating: part, count: ((1 << 20) - 10) / part.utf8.count)
            try folder.write("job.toml", text + (prefix.isEmpty ? "" : "]\n"))
            // A gigabyte of addresses, most of which the program reserves and does not use.
            let run = try Invocation(
                ["-c", "ulimit -v 1000000; exec \(Invocation.binary.path) --headless job.toml"], in: folder,
                running: URL(filePath: "/bin/sh"))
            #expect(run.code == 78, "\(run.code)")
            #expect(run.errors.hasPrefix("traintui: job.toml:"), "\(run.errors.prefix(200))")
        }

        @Test
        func aConstantFeatureIsAWarning() throws {
            let folder = try Folder()
            try folder.write("t.csv", "x,same,wind\n" + (1...40).map { "\($0),7,\($0)\n" }.joined())
            try folder.write("plain.toml", "")
            let run = try Invocation(
                "plain.toml", "--headless", "--data", "t.csv", "--target", "wind", "--batch-size", "4", "--epochs", "1",
                in: folder)
            #expect(run.errors == "warning: the feature 'same' is the same in every training row: it tells nothing\n")
            #expect(run.code == 0 && !run.output.contains("nan"))
        }
    }
}
