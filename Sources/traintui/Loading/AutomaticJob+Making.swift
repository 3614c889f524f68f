import FileAccess
import JobFile
import Tabular

extension AutomaticJob {
    /// Reads a table, shows how far that is, and chooses a job for it.
    static func madeVisibly(
        for reading: TableRecipe, _ choices: Choices, _ errors: StandardError
    ) throws(Failure) -> (job: AutomaticJob, data: PreparedData) {
        let table = try SurveyedTable.readVisibly(reading, errors)
        do throws(DataError) {
            let data = try table.prepared(
                seed: choices.seed, targetsAreClasses: table.survey.task == .classification,
                pieces: reading.pieces ?? AutomaticJob.pieces(table.survey))
            return (AutomaticJob(reading, data, survey: table.survey, choices), data)
        } catch {
            throw Failure(error)
        }
    }
}
