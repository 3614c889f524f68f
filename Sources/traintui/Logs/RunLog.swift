import FileAccess
import TrainProtocol

/// A log that is made of what a training tells, beside whoever shows it.
protocol RunLog: Sendable {
    /// Sees news, in order.
    func see(_ update: EngineUpdate)
    /// Writes what is left, and says what became of the files.
    func close() -> [LineFile.Outcome]
}
