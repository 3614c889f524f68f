import FileAccess
import JSONLines
import JobFile
import TrainCore
import TrainProtocol
import Wording

extension JournalHeader {
    /// The job that the run began with.
    ///
    /// - Parameter path: the journal's.
    /// - Throws: where it is none, and where the run was imported.
    func recipe(of path: String) throws(Failure) -> Recipe {
        guard imported == nil else {
            throw Failure(
                .badData,
                "\(visible(path)): the run was trained elsewhere and imported: it has no job, and no steps to be taken again"
            )
        }
        do throws(JobFileError) { return try Recipe.read(job, file: "\(path): the job in it") } catch {
            throw Failure(.badData, error.description)
        }
    }

    /// The metrics of the run, imported or not.
    func metrics(of path: String) throws(Failure) -> [RunDescription.Metric] {
        if let imported { return imported.metrics }
        return try recipe(of: path).job.metrics.map {
            RunDescription.Metric(name: type(of: $0).name, higherIsBetter: type(of: $0).higherIsBetter)
        }
    }
}
