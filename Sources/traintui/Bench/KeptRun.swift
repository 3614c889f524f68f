import Dispatch
import Foundation
import Synchronization
import TrainCore
import TrainEngine
import TrainProtocol

/// A run at full speed, with somebody who takes its news, that writes checkpoints or does not.
struct KeptRun {
    private let engine: LocalEngine
    private let written: (journal: RunJournal, files: RunFiles)?
    private let sink: CheckpointSink?
    private let isWriting: Switch

    /// Whether checkpoints are written. A class because the training's thread asks.
    private final class Switch: Sendable {
        let isOn = Atomic(false)
    }

    /// - Parameters:
    ///   - written: its files; nil for a run without any.
    ///   - seconds: the time between two checkpoints where they are written.
    init(
        _ bench: BenchCase, _ written: (journal: RunJournal, files: RunFiles)?, every seconds: Double
    ) throws(TrainingError) {
        self.written = written
        var options = LocalEngine.Options()
        if let journal = written?.journal { options.journal = { journal.append($0) } }
        let isWriting = Switch()
        self.isWriting = isWriting
        sink = written?.files.sink(every: seconds)
        if var sink {
            let isBusy = sink.isBusy
            sink.isBusy = { !isWriting.isOn.load(ordering: .relaxed) || isBusy() }
            options.checkpoints = sink
        }
        engine = try LocalEngine(bench.job, training: bench.data, validation: bench.validation, options: options)
        // The first look only starts the clock: it finds the engine running.
        _ = look(after: 0.01)
    }

    /// Nanoseconds that the last checkpoint's writer says it took.
    var cost: Double { Double(sink?.cost() ?? 0) }

    /// A turn without checkpoints.
    func take(_ seconds: Double) -> RunTurn {
        let first = look(after: 0.01)
        var last = first
        while last.time - first.time < seconds { last = look(after: 1.0 / 30) }
        return RunTurn(from: first, to: last)
    }

    /// A turn with checkpoints, and until the last of them is written.
    func takeKept(_ seconds: Double) -> (turn: RunTurn, checkpointsPerSecond: Double) {
        let before = written?.files.checkpoints ?? 0
        let first = look(after: 0.01)
        var last = first
        isWriting.isOn.store(true, ordering: .relaxed)
        while last.time - first.time < seconds { last = look(after: 1.0 / 30) }
        isWriting.isOn.store(false, ordering: .relaxed)
        while sink?.isBusy() == true { last = look(after: 0.001) }
        let count = (written?.files.checkpoints ?? 0) - before
        return (RunTurn(from: first, to: last), Double(count) / (last.time - first.time))
    }

    func stop() {
        engine.send(.stop, id: RequestID(0))
        _ = engine.weightsAfterStop()
        _ = written?.files.close()
        _ = written?.journal.close()
    }

    private func look(after seconds: Double) -> RunMark {
        Thread.sleep(forTimeInterval: seconds)
        return RunMark(steps: engine.drain().progress.step)
    }
}
