import FileAccess
import TrainCore
import TrainEngine
import TrainProtocol

/// One line a step: `step,epoch,learning_rate,main_loss,loss,mean_loss,` and the metrics' running means.
///
/// Where rows are missing because the disk was full for longer than they could be held, a line that begins with `#` says
/// how many.
struct StepLog: Sendable {
    private let file: LineFile

    /// Rows that are held while nothing can be written: some ten thousand steps.
    private static let capacity = 4 << 20
    /// Rows that are collected before they are written.
    private static let threshold = 1 << 16

    /// - Parameters:
    ///   - isContinued: whether rows follow those that are in the file.
    ///   - onChange: called with a sentence when writing fails, and when it goes on.
    init(
        path: String, metrics: [String], isContinued: Bool = false, _ calls: SystemCalls,
        onChange: @escaping @Sendable (String) -> Void
    ) throws(Failure) {
        do throws(FileError) {
            let names = ["step", "epoch", "learning_rate", "main_loss", "loss", "mean_loss"] + metrics
            let header = names.joined(separator: ",")
            let log = try ContinuedLog(path, header: header, isContinued: isContinued)
            file = try LineFile(
                path, existing: log.existing, overflow: .marked { "# \($0) rows are missing here: \($1)" },
                unit: "step",
                threshold: Self.threshold, capacity: Self.capacity, calls: calls, onChange: onChange)
            if log.needsHeader { file.append(header, number: 0) }
            // A disk that is full already is told before the training.
            try file.begin()
        } catch {
            throw Failure(unwritten: error)
        }
    }

    /// Numbers are written so that reading them gives the same bits.
    func append(_ record: StepRecord) {
        let numbers = [record.outcome.learningRate, record.outcome.mainLoss, record.outcome.loss].map { "\($0)" }
        let means = ([record.meanLoss] + record.metrics).map { "\(Float($0))" }
        file.append(
            ([String(record.step), String(record.epoch)] + numbers + means).joined(separator: ","), number: record.step)
    }

    /// Writes what is held back, and says what became of the file.
    func close() -> LineFile.Outcome { file.close() }
}
