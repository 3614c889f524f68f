import Canvas
import FileAccess
import JobFile
import Tabular
import TrainCore
import Wording

/// Cross-validation: the job that a table gets is trained once for each fold, on all other rows, and scored on the fold.
///
/// ```
/// fold 1/5    val_loss 0.4512   val_sparse_categorical_accuracy 0.8011
/// ...
/// mean        val_loss 0.4633   val_sparse_categorical_accuracy 0.7924
/// deviation   val_loss 0.0141   val_sparse_categorical_accuracy 0.0162
/// ```
///
/// The weights that count are the last ones, as in a run. The test rows take no part.
struct FoldsRun {
    private let reading: TableRecipe
    private let options: TrainOptions
    private let count: Int
    private let asJSON: Bool

    init(_ reading: TableRecipe, _ options: TrainOptions, count: Int, asJSON: Bool) {
        self.reading = reading
        self.options = options
        self.count = count
        self.asJSON = asJSON
    }

    func run(_ outside: Outside) throws(Failure) {
        let choices = try options.choices
        let table = try SurveyedTable.readVisibly(reading, outside.errors)
        let areClasses = table.survey.task == .classification
        var names: [String] = []
        var scores: [[Double]] = []
        for number in 1...count {
            let data: PreparedData
            do throws(DataError) {
                data = try table.prepared(
                    seed: choices.seed, targetsAreClasses: areClasses,
                    pieces: reading.pieces ?? AutomaticJob.pieces(table.survey), fold: Fold(number, of: count))
            } catch {
                throw Failure(error)
            }
            var recipe = AutomaticJob(reading, data, survey: table.survey, choices).recipe
            try options.apply(to: &recipe, besides: choices)
            names = ["val_loss"] + recipe.job.metrics.map { "val_\(type(of: $0).name)" }
            scores.append(try Self.scores(recipe.job, data))
            outside.output.write(line("fold", number, names, scores[number - 1]), isAskedFor: false)
        }
        let means = names.indices.map { place in scores.reduce(0) { $0 + $1[place] } / Double(count) }
        let deviations = names.indices.map { place in
            let squares = scores.reduce(0) { $0 + ($1[place] - means[place]) * ($1[place] - means[place]) }
            return (squares / Double(count - 1)).squareRoot()
        }
        outside.output.write(line("mean", nil, names, means), isAskedFor: false)
        outside.output.write(line("deviation", nil, names, deviations), isAskedFor: false)
    }

    /// Loss and metrics on the fold after all epochs.
    private static func scores(_ job: TrainingJob, _ data: PreparedData) throws(Failure) -> [Double] {
        guard let validation = data.validation else { preconditionFailure("a fold has rows") }
        do {
            let trainer = try Trainer(job, training: data.training)
            try trainer.fit()
            let (loss, metrics) = trainer.evaluate(on: validation)
            return [loss] + metrics
        } catch let error as TrainingError {
            throw Failure(error)
        } catch {
            throw Failure(.diverged, "diverged: \(error)")
        }
    }

    private func line(_ word: String, _ number: Int?, _ names: [String], _ values: [Double]) -> String {
        if asJSON {
            let members = zip(names, values).map { "\(quoted($0)):\($1.isFinite ? "\($1)" : "null")" }
            let fold = number.map { "\"fold\":\($0)," } ?? ""
            return "{\"event\":\(quoted(word)),\(fold)\(members.joined(separator: ","))}\n"
        }
        let label = number.map { "\(word) \($0)/\(count)" } ?? word
        let padding = String(repeating: " ", count: max(1, 12 - label.count))
        return label + padding + zip(names, values).map { "\($0) \(NumberFormat.metric($1))" }.joined(separator: "   ")
            + "\n"
    }
}
