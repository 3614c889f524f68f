import Synchronization
import TrainEngine
import TrainProtocol

/// What became of the files that a run writes, on its way to whoever shows the run.
///
/// A class because the training's thread tells and the main one takes.
final class Notices: Sendable {
    private let waiting = Mutex<[String]>([])
    private let onNews: @Sendable () -> Void

    /// - Parameter onNews: called when there is something to take, from the thread that told it.
    init(onNews: @escaping @Sendable () -> Void) { self.onNews = onNews }

    func tell(_ sentence: String) {
        waiting.withLock { $0.append(sentence) }
        onNews()
    }

    func take() -> [String] {
        waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
    }
}

/// A training with the news of its files among its own.
final class ReportingEngine: TrainingEngine {
    private let engine: LocalEngine
    private let notices: Notices
    private let logs: [any RunLog]

    /// - Parameter logs: what is written of all that the training tells.
    init(_ engine: LocalEngine, _ notices: Notices, logs: [any RunLog] = []) {
        self.engine = engine
        self.notices = notices
        self.logs = logs
    }

    var run: RunDescription { engine.run }

    func send(_ command: Command, id: RequestID) { engine.send(command, id: id) }

    func drain() -> EngineUpdate {
        var update = engine.drain()
        for log in logs { log.see(update) }
        update.events += notices.take().map { .notice($0) }
        return update
    }
}
