import Foundation
import Testing

extension Program {
    /// A table, a model of it, and what the model is good for.
    @Suite(.serialized)
    struct Model {
        private let folder: Folder

        init() throws {
            folder = try Folder()
            try folder.write("flats.csv", Self.flats(0..<300))
            try folder.write("new.csv", Self.flats(300..<350))
            try folder.write("job.toml", Self.job)
        }

        private func run(_ arguments: String...) throws -> Invocation { try Invocation(arguments, in: folder) }

        /// Flats with what people write into tables.
        private static func flats(_ rows: Range<Int>) -> String {
            let header = "id,zip,built,size,heating,lift,remark,price,sold\n"
            return header
                + rows.map { row in
                    let size = 20 + row * 37 % 90
                    let cells = [
                        "F\(10_000 + row * 7)", ["01067", "10115"][row % 2],
                        "\(1 + row % 28)/\(1 + row % 12)/20\(10 + row % 9)",
                        "\"\(size).5\"", ["gas", "Gas ", "oil", ""][row * 7 / 3 % 4], row % 3 == 0 ? "Yes" : "no",
                        "flat \(row) is nice", "\"$\(1 + size / 40),\(100 + row * 11 % 900)\"",
                        size > 60 ? "slowly" : row % 5 == 0 ? "never" : "fast",
                    ]
                    return cells.joined(separator: ",") + "\n"
                }.joined()
        }

        private static let job = """
            [data]
            path = "flats.csv"
            target = "price"
            roles = "automatic"
            scaling = "robust"
            target_scaling = "standard"
            [training]
            epochs = 3
            """

        private static let classJob = """
            [data]
            path = "flats.csv"
            target = "sold"
            roles = "automatic"
            [model]
            loss = "sparse_categorical_crossentropy"
            [[model.layers]]
            units = 8
            activation = "elu"
            [[model.layers]]
            units = 3
            activation = "softmax"
            [training]
            epochs = 3
            """

        @Test func inspectSaysWhatBecomesOfEveryColumn() throws {
            let found = try run("inspect", "flats.csv", "--target", "sold", "--role", "size=ignore")
            #expect(found.code == 0 && found.errors == "")
            #expect(
                found.output == """
                    flats.csv: 300 rows, 9 columns

                    column   role        becomes     gaps  why
                    id       identifier  left out       0  named as an identifier, nearly all different
                    zip      category    1 feature      0  codes by its name, 2 different values
                    built    date        5 features     0  dates as 31/01/2024
                    size     ignore      left out       0  as was said; left out
                    heating  category    2 features    75  text with 2 different values
                    lift     yes/no      1 feature      0  only 'no' and 'Yes'
                    remark   free text   left out       0  300 different texts, most of them rare
                    price    number      1 feature      0  whole numbers from 1100 to 3995
                    sold     category    the target     0  text with 3 different values

                    predicts 'sold' from 10 features of 300 rows: 3 classes (text with 3 different values): fast 103, never 33, \
                    slowly 164

                    """)
            let json = try run("inspect", "flats.csv", "--json")
            let object = try #require(
                JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
            #expect(object["rows"] as? Int == 300 && (object["columns"] as? [Any])?.count == 9)
            #expect(object["task"] == nil)
            #expect(try Invocation(shell: "$T inspect - < flats.csv", in: folder, environment: environment).code == 0)
            let usage = try run("inspect", "flats.csv", "--role", "zip=categry")
            #expect(
                usage.errors == "traintui: there is no role 'categry'; did you mean 'category'?\n" && usage.code == 64)
            #expect(try run("inspect", "flats.csv", "--target", "prize").code == 65)
        }

        private var environment: [String: String] { ["T": Invocation.binary.path()] }

        @Test func aModelPredictsRowForRowWhatTheTrainingSaw() throws {
            let training = try run("job.toml", "--headless", "--no-journal", "--save", "m")
            #expect(training.code == 0 && training.errors == "")
            let predicted = try run("predict", "m", "new.csv")
            let lines = predicted.output.split(separator: "\n")
            #expect(lines.count == 51 && lines[0] == "predicted_price" && predicted.code == 0)
            // From where it is called, and in which order the columns are, makes no difference; others are passed over.
            let rows = try folder.text("new.csv").split(separator: "\n").map { line in
                line.replacing(/"\$([0-9]+),([0-9]+)"/) { "\"$\($0.output.1);\($0.output.2)\"" }
                    .split(separator: ",", omittingEmptySubsequences: false).reversed().joined(separator: ",")
                    .replacing(";", with: ",") + ",x"
            }
            try folder.write("turned.csv", rows.joined(separator: "\n").replacing("id,x", with: "id,another"))
            #expect(try run("predict", "m", "turned.csv").output == predicted.output)
            let piped = try Invocation(
                shell:
                    "$T predict m - < new.csv > out.csv && cd / && $T predict \(folder.path)/m - < \(folder.path)/new.csv",
                in: folder, environment: environment)
            #expect(try folder.text("out.csv") == predicted.output && piped.output == predicted.output)
            #expect(try run("predict", "m", "new.csv", "-o", "p.csv").output == "")
            #expect(try folder.text("p.csv") == predicted.output)
            // On the rows that it was trained on, the scores are those of the last epoch's validation, and more.
            let scores = try run("evaluate", "m", "flats.csv", "--json")
            let object = try #require(
                JSONSerialization.jsonObject(with: Data(scores.output.utf8)) as? [String: [String: Double]])
            #expect(object["price"]?["rows"] == 300 && object["price"]?["r2"] != nil)
            let shown = try run("show", "m")
            #expect(shown.output.hasPrefix("predicts  'price'\nnetwork   13 → 30 elu → 1, mean_squared_error\n"))
            #expect(shown.output.contains("\n  built    date      5 features\n"))
            // The texts in it are no hindrance to starting from its weights.
            #expect(try run("job.toml", "--headless", "--no-journal", "--init", "m").code == 0)
        }

        @Test func weightsAreCheckedAgainstTheTableTheyGoOnWith() throws {
            #expect(try run("job.toml", "--headless", "--no-journal", "--save", "m").code == 0)
            let start = ["job.toml", "--headless", "--no-journal", "--init", "m"]
            let same = try Invocation(start, in: folder)
            #expect(same.code == 0 && same.errors == "")
            // Other training rows of the same table have other scales.
            let others = try Invocation(start + ["--seed", "7"], in: folder)
            #expect(others.code == 0)
            #expect(others.errors.hasPrefix("warning: m was trained on other rows: '"), "\(others.errors)")
            let table = try folder.text("flats.csv")
            try folder.write("areas.csv", table.replacing(",size,", with: ",area,"))
            for (name, job) in [
                ("areas.csv", Self.job.replacing("flats.csv", with: "areas.csv")),
                ("flats.csv", Self.job.replacing("target = \"price\"", with: "target = \"size\"")),
            ] {
                try folder.write("other.toml", job)
                let run = try Invocation("other.toml", "--headless", "--no-journal", "--init", "m", in: folder)
                let reason = "it knows the feature 'size', which \(name) has not"
                #expect(run.code == 65 && run.errors == "traintui: m is a model of another table: \(reason)\n")
            }
        }

        @Test func classesHaveProbabilities() throws {
            try folder.write("class.toml", Self.classJob)
            #expect(try run("class.toml", "--headless", "--no-journal", "--save", "m").code == 0)
            try folder.write("gaps.csv", "zip,price,lift,heating,size,built\n99999,\"$1,200\",,wood,?,\n")
            let predicted = try run("predict", "m", "gaps.csv")
            let lines = predicted.output.split(separator: "\n")
            #expect(lines[0] == "predicted_sold,probability_fast,probability_never,probability_slowly")
            let cells = lines[1].split(separator: ",")
            #expect(abs(cells.dropFirst().compactMap { Double($0) }.reduce(0, +) - 1) < 1e-6)
            #expect(
                predicted.errors == """
                    note: gaps.csv: the column 'zip' has 1 cell that is no known level, such as '99999'
                    note: gaps.csv: the column 'heating' has 1 cell that is no known level, such as 'wood'

                    """)
            let lacking = try run("predict", "m", "job.toml")
            #expect(lacking.code == 65)
            try folder.write("few.csv", "zip,lift\n1,no\n")
            #expect(
                try run("predict", "m", "few.csv").errors
                    == "traintui: few.csv: lacks the columns 'built', 'size', 'heating', 'price', which the model needs\n"
            )
            let scores = try run("evaluate", "m", "new.csv")
            #expect(scores.output.hasPrefix("sold, 50 rows\naccuracy           0."))
            #expect(!scores.output.contains("ROC") && scores.errors == "")
            try folder.write("unknown.csv", Self.flats(300..<350).replacing("never", with: "perhaps"))
            #expect(
                try run("evaluate", "m", "unknown.csv").errors.hasSuffix(
                    "rows have no known 'sold' and are left out\n"))
        }

        /// Today's recipes make models too.
        @Test func theBuiltInJobMakesAModel() throws {
            #expect(try run("--headless", "--epochs", "1", "--no-journal", "--save", "m").code == 0)
            try folder.write(
                "s.csv",
                "wind,year,month,day,hour,latitude,longitude,age_hours,pressure\n"
                    + (0..<20).map { "\(20 + 5 * $0),2000,9,3,6,\(20 + $0),-60,\(6 * $0),\(1010 - 3 * $0)\n" }.joined())
            let scores = try run("evaluate", "m", "s.csv")
            #expect(scores.code == 0 && scores.output.hasPrefix("wind, 20 rows\nR²"), "\(scores)")
            #expect(try run("show", "m").output.contains("trained   on storms.csv (sha256 "))
        }

        @Test func whatIsNoModelIsOneLine() throws {
            try folder.write("text", "no weights at all")
            let none = try run("show", "text")
            #expect(none.code == 65 && none.errors.hasPrefix("traintui: text is not a safetensors file"), "\(none)")
            #expect(try run("predict", "absent", "new.csv").code == 66)
            #expect(try run("job.toml", "--headless", "--no-journal", "--epochs", "1", "--save", "m").code == 0)
            let bytes = try folder.read("m")
            func refused(_ name: String, _ from: String, _ to: String) throws -> String {
                precondition(from.utf8.count == to.utf8.count, "the header keeps its length")
                var changed = bytes
                let range = try #require(changed.range(of: Data(from.utf8)), "\(from)")
                changed.replaceSubrange(range, with: Data(to.utf8))
                try folder.write(name, changed)
                let shown = try run("show", name)
                #expect(shown.code == 65 && shown.errors.split(separator: "\n").count == 1, "\(shown)")
                return shown.errors
            }
            #expect(
                try refused("later", "\"traintui.format\":\"1\"", "\"traintui.format\":\"2\"")
                    == "traintui: later is a model of format 2; this program reads 1\n")
            #expect(
                try refused("other", "traintui.format", "trainten.format")
                    == "traintui: other is no model: it has weights and nothing that says how to use them; --save writes "
                    + "models\n")
            #expect(
                try refused("job", "traintui.job", "traintui.jab")
                    == "traintui: job is a damaged model: it lacks traintui.feature_space, traintui.job or traintui.data\n"
            )
            _ = try refused("space", "\\\"gap_indicator\\\":false", "\\\"gap_indicator\\\":nulls")
            _ = try refused("units", "units = 30", "units = 31")
            _ = try refused("level", "\\\"coding\\\":\\\"sign\\\"", "\\\"coding\\\":\\\"song\\\"")
            for count in [4, 100, bytes.count - 5] {
                try folder.write("cut", bytes.prefix(count))
                #expect(try run("predict", "cut", "new.csv").code == 65)
            }
        }
    }
}
