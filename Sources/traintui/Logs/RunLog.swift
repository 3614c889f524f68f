import FileAccess
import TrainCore
import TrainProtocol

/// A log that is made of what a training tells, beside whoever shows it.
protocol RunLog: Sendable {
    /// Sees news, in order.
    func see(_ update: EngineUpdate)
    /// Whether it sees weights, too, which takes some time of the training at each epoch's end.
    var seesWeights: Bool { get }
    /// Sees the weights that an epoch ended with, on the training's thread; epochs count from 1.
    func see(_ weights: [Weights], afterEpoch epoch: Int)
    /// Writes what is left, and says what became of the files.
    func close() -> [LineFile.Outcome]
}

extension RunLog {
    var seesWeights: Bool { false }
    func see(_ weights: [Weights], afterEpoch epoch: Int) {}
}
