import FileAccess
import Safetensors
import Synchronization
import TrainEngine
import Wording

/// Where a run's weights are written to: the file that the person named, or one by the run's title that is nobody else's.
///
/// A class because the training's thread and the main one both write: the one during the run, the other after it.
final class WeightsOutput: Sendable {
    /// Whether a person named the file.
    let isNamed: Bool
    /// The texts beside the weights.
    private let metadata: [String: String]
    /// The names of the metrics.
    private let metrics: [String]
    private let calls: SystemCalls
    private let state: Mutex<State>

    private struct State {
        var path: String
        /// The file that this run wrote last.
        var own: FileStatus.Identity?
        var failure: Failure?
    }

    /// A file that a person named: what is in it goes.
    ///
    /// - Parameters:
    ///   - metadata: texts beside the weights, the same ones every time.
    ///   - metrics: the names of the job's metrics, in its order.
    init(named path: String, metadata: [String: String] = [:], metrics: [String] = [], _ calls: SystemCalls) {
        isNamed = true
        self.metrics = metrics
        self.metadata = metadata
        self.calls = calls
        state = Mutex(State(path: path))
    }

    /// A file by the run's title in the current folder. Nothing that is there is written over but what this run wrote:
    /// there is a `storms-2.safetensors` then.
    ///
    /// - Parameters: as for a named one.
    init(title: String, metadata: [String: String] = [:], metrics: [String] = [], _ calls: SystemCalls) {
        isNamed = false
        self.metrics = metrics
        self.metadata = metadata
        self.calls = calls
        state = Mutex(State(path: "\(FileName.tame(title)).safetensors"))
    }

    /// Why the weights that were to be written last are not; nil where they are.
    var failure: Failure? { state.withLock { $0.failure } }

    /// Writes weights, with the scores that they are known to have.
    ///
    /// - Returns: the file's path.
    func write(_ kept: KeptWeights) throws(Failure) -> String {
        var texts = metadata
        if !texts.isEmpty { texts[SavedModel.scoresKey] = ModelScores(kept, metrics: metrics).jsonText }
        let bytes = Safetensors.encode(kept.weights, metadata: texts)
        return try state.withLock { (state) throws(Failure) in
            do throws(FileError) {
                state.own = try isNamed ? WholeFile(state.path, calls).write(bytes) : writeOwn(bytes, &state)
                state.failure = nil
                return state.path
            } catch {
                let failure = Failure(unwritten: error)
                state.failure = failure
                throw failure
            }
        }
    }

    private func writeOwn(_ bytes: [UInt8], _ state: inout State) throws(FileError) -> FileStatus.Identity {
        if let own = state.own, identity(of: state.path) == own { return try WholeFile(state.path, calls).write(bytes) }
        let stem = state.path.prefix(while: { $0 != "." })
        for number in 1... {
            let path = number == 1 ? state.path : "\(stem)-\(number).safetensors"
            do throws(FileError) {
                let own = try WholeFile(path, calls).write(bytes, mustBeNew: true)
                state.path = path
                return own
            } catch {
                guard error.isThere, number < 1000 else { throw error }
            }
        }
        preconditionFailure("the last number throws")
    }

    private func identity(of path: String) -> FileStatus.Identity? {
        do throws(SystemError) { return try calls.status(path).identity } catch { return nil }
    }
}
