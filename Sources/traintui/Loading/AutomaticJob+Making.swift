import Dispatch
import FileAccess
import JobFile
import Tabular
import TrainCore

extension AutomaticJob {
    /// Reads a table, shows how far that is, and chooses a job for it.
    ///
    /// - Parameter seconds: how long the job is to take here; nil for as long as its epochs do.
    static func madeVisibly(
        for reading: TableRecipe, _ choices: Choices, seconds: Double? = nil, _ errors: StandardError
    ) throws(Failure) -> (job: AutomaticJob, data: PreparedData) {
        let table = try SurveyedTable.readVisibly(reading, errors)
        let data: PreparedData
        do throws(DataError) {
            data = try table.prepared(
                seed: choices.seed, targetsAreClasses: table.survey.task == .classification,
                pieces: reading.pieces ?? AutomaticJob.pieces(table.survey))
        } catch {
            throw Failure(error)
        }
        let job = AutomaticJob(reading, data, survey: table.survey, choices)
        guard let seconds else { return (job, data) }
        var choices = choices
        choices.epochs = try job.recipe.epochs(taking: seconds, data)
        return (AutomaticJob(reading, data, survey: table.survey, choices), data)
    }
}

extension Recipe {
    /// Steps are measured for so many seconds.
    private static let measuredSeconds = 0.2

    /// The epochs that take so many seconds here, at least 1: some steps and an evaluation are measured and thrown away.
    ///
    /// - Throws: ``Failure`` where job and data do not fit.
    fileprivate func epochs(taking seconds: Double, _ data: PreparedData) throws(Failure) -> Int {
        do throws(TrainingError) {
            let trainer = try Trainer(job, training: data.training)
            func now() -> Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }
            let start = now()
            // A divergence here is one in the run, and told there.
            while now() - start < Self.measuredSeconds, (try? trainer.step()) != nil {}
            let step = (now() - start) / Double(max(1, trainer.position.step))
            var evaluation = now()
            if let validation = data.validation { _ = trainer.evaluate(on: validation) }
            evaluation = now() - evaluation
            let steps = Double(max(1, data.training.rows / job.batchSize))
            // Training again takes the steps once more.
            let epoch = step * steps * (refit && data.validation != nil ? 2 : 1) + evaluation
            return Int(max(1, min(1e9, (seconds / epoch).rounded())))
        } catch {
            throw Failure(error)
        }
    }
}
