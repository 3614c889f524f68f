import Dashboard
import FileAccess
import Foundation
import JobFile
import LiveDashboard
import NcursesTerminal
import Tabular
import TrainCore
import TrainEngine
import TrainProtocol
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
/// In a terminal the folds are trained side by side and watched; elsewhere one after the other. The weights that count are
/// the last ones, as in a run. The test rows take no part.
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

    /// Prints each fold's scores as soon as they are known.
    func run(_ outside: Outside) throws(Failure) {
        var table = FoldTable(count: count, asJSON: asJSON)
        try forEachFold(outside) { (number, recipe, data) throws(Failure) in
            table.metrics = recipe.metricNames
            outside.output.write(
                table.add(try Self.scores(recipe.job, data), ofFold: number), isAskedFor: false)
        }
        outside.output.write(table.summary, isAskedFor: false)
    }

    /// Shows all folds in the dashboard, and prints their scores when it is closed.
    func watch(_ outside: Outside, _ options: DashboardOptions) throws {
        var parts: [FoldsEngine.Part] = []
        var table = FoldTable(count: count, asJSON: false)
        var engineOptions = LocalEngine.Options()
        var theme: String?
        try forEachFold(outside) { (number, recipe, data) throws(Failure) in
            guard let validation = data.validation else { preconditionFailure("a fold has rows") }
            parts.append(FoldsEngine.Part(recipe.job, training: data.training, validation: validation))
            table.metrics = recipe.metricNames
            theme = recipe.dashboard.theme
            engineOptions.pace = recipe.dashboard.pace
            engineOptions.table = TableDescription(data)
            engineOptions.title = visible(URL(filePath: data.source).deletingPathExtension().lastPathComponent)
        }
        let look = try TerminalLook.own(theme: theme, options)
        let dashboard: LiveDashboard
        do throws(TerminalError) { dashboard = try LiveDashboard(look) } catch {
            throw Failure(error)
        }
        defer { dashboard.close() }
        engineOptions.onNews = LiveDashboard.wake
        engineOptions.startsPaused = true
        let engine: FoldsEngine
        do throws(TrainingError) { engine = try FoldsEngine(parts, options: engineOptions) } catch {
            throw Failure(error)
        }
        var evaluations: [Evaluation?] = []
        let (ending, _) = dashboard.run(engine, opening: .table) { evaluations = engine.evaluationsAfterStop() }
        dashboard.close()
        if ending == .signal(SIGHUP) { throw EndedBySignal(signal: SIGHUP) }
        for (index, evaluation) in evaluations.enumerated() {
            guard let evaluation else { continue }
            outside.output.say(table.add([evaluation.loss] + evaluation.metrics, ofFold: index + 1))
        }
        outside.output.say(table.summary)
        if case .signal(let number) = ending { throw EndedBySignal(signal: number) }
    }

    /// Reads the table once, and prepares each fold's rows and its job.
    private func forEachFold(
        _ outside: Outside, _ body: (_ number: Int, Recipe, PreparedData) throws(Failure) -> Void
    ) throws(Failure) {
        let choices = try options.choices
        let table = try SurveyedTable.readVisibly(reading, outside.errors)
        let areClasses = table.survey.task == .classification
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
            try body(number, recipe, data)
        }
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
}
