import ArgumentParser
import FileAccess
import Tabular
import Wording

/// `traintui predict`: a saved model's predictions for a table, row for row.
struct PredictCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict", abstract: "Predict with a saved model, row for row.",
        discussion: """
            The model is a file that --save wrote. The table needs the columns that the model was trained on, by their \
            names; others are passed over. Every row gets a prediction: gaps are filled as in the training.
            """)

    @Argument(help: "A model that --save wrote.", completion: .file(extensions: ["safetensors"]))
    var model: String

    @Argument(help: "A CSV file; - is standard input.", completion: .file(extensions: ["csv", "tsv", "txt"]))
    var table: String

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("Where to write the predictions, instead of printing them.", valueName: "file"),
        completion: .file(extensions: ["csv"]))
    var output: String?

    @Flag(help: "One JSON object a row, not CSV.")
    var json = false

    func run(in outside: Outside) throws {
        try check(outside.calls)
        let model = try SavedModel(self.model)
        let table = try model.featureSpace.applyVisibly(to: TableSource.named(self.table), outside.errors)
        for note in table.notes { outside.errors.say("note: \(table.source): \(note)") }
        let predictions = PredictionText(try model.predictions(table))
        let text = json ? predictions.jsonLines : predictions.csv
        guard let output else { return outside.output.write(text) }
        do throws(FileError) {
            try WholeFile(output, outside.calls).write(Array(text.utf8))
        } catch {
            throw Failure(unwritten: error)
        }
    }

    /// Throws where the predictions would be written over what they are made of.
    private func check(_ calls: SystemCalls) throws(Failure) {
        var paths = CommandPaths(calls)
        do throws(CommandPaths.PathError) {
            try paths.add(model, as: "the model", .reads)
            if table != "-" { try paths.add(table, as: "the table", .reads) }
            if let output { try paths.add(output, as: "--output", .writes) }
        } catch {
            throw Failure(error)
        }
        guard let output else { return }
        do throws(FileError) { try WholeFile(output, calls).check() } catch { throw Failure(unwritten: error) }
    }
}

/// Predictions as text.
struct PredictionText {
    private let predictions: Predictions

    init(_ predictions: Predictions) { self.predictions = predictions }

    /// A line of names, `predicted_TARGET` and for classes `probability_CLASS`, and a line a row.
    var csv: String {
        var names: [String] = []
        for (name, column) in zip(predictions.names, predictions.columns) {
            names.append("predicted_\(name)")
            if case .classes(let classes, _, _) = column { names += classes.map { "probability_\($0)" } }
        }
        var text = names.map(Self.cell).joined(separator: ",") + "\n"
        for row in 0..<predictions.rows {
            for (index, column) in predictions.columns.enumerated() {
                if index > 0 { text += "," }
                switch column {
                case .values(let values): text += Self.number(values[row]) ?? ""
                case .classes(let names, let classes, let probabilities):
                    text += Self.cell(names[classes[row]])
                    for index in names.indices { text += ",\(probabilities[row * names.count + index])" }
                }
            }
            text += "\n"
        }
        return text
    }

    /// An object a row: a value for each target; for classes the class and all probabilities.
    var jsonLines: String {
        var text = ""
        for row in 0..<predictions.rows {
            let members = zip(predictions.names, predictions.columns).map { name, column in
                switch column {
                case .values(let values): return "\(quoted(name)):\(Self.number(values[row]) ?? "null")"
                case .classes(let names, let classes, let probabilities):
                    let own = names.enumerated().map { "\(quoted($1)):\(probabilities[row * names.count + $0])" }
                    return "\(quoted(name)):{\"class\":\(quoted(names[classes[row]])),\"probabilities\":{"
                        + own.joined(separator: ",") + "}}"
                }
            }
            text += asciiJSON("{\(members.joined(separator: ","))}") + "\n"
        }
        return text
    }

    /// As many digits as a network has; nil for what is beyond all numbers, as of a cell that is far from any other.
    private static func number(_ value: Double) -> String? {
        let value = Float(value)
        return value.isFinite ? "\(value)" : nil
    }

    /// A cell of a CSV file, in quotes where it takes them.
    private static func cell(_ text: String) -> String {
        let needsQuotes = text.utf8.contains { [0x2C, 0x22, 0x0A, 0x0D].contains($0) } || text != text.trimmed
        return needsQuotes ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
    }
}

extension String {
    /// Without blanks at its ends.
    fileprivate var trimmed: String {
        String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}
