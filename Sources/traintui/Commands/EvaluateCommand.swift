import ArgumentParser
import FileAccess
import Tabular
import TrainCore
import Wording

/// `traintui evaluate`: how good a saved model is on a table that has the answers.
struct EvaluateCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Say how good a saved model is on a table.",
        discussion: """
            The table needs the columns that the model was trained on, and the target. The scores are scikit-learn's, in \
            the target's own unit. Rows without a target, and those of a class that the model does not know, are left out.
            """)

    @Argument(help: "A model that --save wrote.", completion: .file(extensions: ["safetensors"]))
    var model: String

    @Argument(help: "A CSV file; - is standard input.", completion: .file(extensions: ["csv", "tsv", "txt"]))
    var table: String

    @Flag(help: "Print one JSON object.")
    var json = false

    func run(in outside: Outside) throws {
        let model = try SavedModel(self.model)
        let table = try model.featureSpace.applyVisibly(
            to: TableSource.named(self.table), withTargets: true, outside.errors)
        for note in table.notes { outside.errors.say("note: \(table.source): \(note)") }
        let scores = try TargetScores.list(try model.predictions(table), table)
        for score in scores where score.rows < table.rows {
            let missing = table.rows - score.rows
            outside.errors.say(
                "note: \(table.source): \(missing) \(missing == 1 ? "row has" : "rows have") no known "
                    + "'\(visible(score.name))' and \(missing == 1 ? "is" : "are") left out")
        }
        if json {
            outside.output.write(asciiJSON("{\(scores.map(\.json).joined(separator: ","))}") + "\n")
        } else {
            outside.output.answer(scores.map(\.text).joined(separator: "\n"))
        }
    }
}

/// How good the predictions of one target are.
struct TargetScores {
    /// The target. Not safe to print as it is.
    let name: String
    /// Rows that were looked at.
    let rows: Int
    /// Names as people say them, names as programs do, and values.
    let scores: [(title: String, key: String, value: Double)]

    /// The scores of every target.
    static func list(_ predictions: Predictions, _ table: AppliedTable) throws(Failure) -> [TargetScores] {
        var list: [TargetScores] = []
        for (index, column) in predictions.columns.enumerated() {
            let truth = table.targets[index]
            let rows = truth.indices.filter { truth[$0].isFinite }
            guard !rows.isEmpty else {
                throw Failure(
                    .badData, "\(table.source): no row has a known '\(visible(predictions.names[index]))'")
            }
            list.append(TargetScores(predictions.names[index], column, rows, truth))
        }
        return list
    }

    private init(_ name: String, _ column: Predictions.Column, _ rows: [Int], _ truth: [Float]) {
        self.name = name
        self.rows = rows.count
        switch column {
        case .values(let values):
            let score = RegressionScores(
                values: rows.map { Double(truth[$0]) }, predictions: rows.map { values[$0] })
            scores = [
                ("R²", "r2", score.r2), ("RMSE", "root_mean_squared_error", score.rootMeanSquaredError),
                ("MAE", "mean_absolute_error", score.meanAbsoluteError),
            ]
        case .classes(let names, let classes, let probabilities):
            let count = names.count
            let score = ClassificationScores(
                classes: rows.map { Int(truth[$0]) }, predictions: rows.map { classes[$0] },
                probabilities: rows.flatMap { row in
                    probabilities[row * count..<(row + 1) * count].map { Double($0) }
                }, count: count)
            var list = [
                ("accuracy", "accuracy", score.accuracy),
                ("balanced accuracy", "balanced_accuracy", score.balancedAccuracy),
                ("log loss", "log_loss", score.logLoss),
            ]
            if let area = score.rocAUC { list.append(("ROC AUC", "roc_auc", area)) }
            scores = list + [("macro F1", "macro_f1", score.macroF1)]
        }
    }

    /// Lines for people, with an end each.
    var text: String {
        let width = scores.map(\.title.count).max() ?? 0
        let lines = scores.map { score in
            score.title + String(repeating: " ", count: width - score.title.count + 2) + "\(Float(score.value))\n"
        }
        return "\(visible(name, limit: 40)), \(rows) \(rows == 1 ? "row" : "rows")\n" + lines.joined()
    }

    /// A member of a JSON object.
    var json: String {
        let members = scores.map { "\(quoted($0.key)):\($0.value)" }
        return "\(quoted(name)):{\"rows\":\(rows),\(members.joined(separator: ","))}"
    }
}
