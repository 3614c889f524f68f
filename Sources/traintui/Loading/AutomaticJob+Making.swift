import FileAccess
import JobFile
import Tabular
import TrainCore

extension AutomaticJob {
    /// Reads a table, shows how far that is, and chooses a job for it.
    static func made(
        _ reading: TableRecipe, _ options: TrainOptions, _ errors: StandardError
    ) throws(Failure) -> (recipe: Recipe, data: PreparedData, fingerprint: Fingerprint) {
        let choices = try options.choices
        let fingerprint = Fingerprint(of: reading.source)
        let table = try SurveyedTable.readVisibly(reading, errors)
        let prepared: PreparedData
        do throws(DataError) {
            prepared = try table.prepared(
                seed: choices.seed, targetsAreClasses: table.survey.task == .classification)
        } catch {
            throw Failure(error)
        }
        var recipe = AutomaticJob(reading, prepared, survey: table.survey, choices).recipe
        try options.apply(to: &recipe, besides: choices)
        return (recipe, prepared, fingerprint)
    }
}
