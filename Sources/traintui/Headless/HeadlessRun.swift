import Dispatch
import Foundation
import JobFile
import Tabular
import TrainCore
import TrainEngine
import TrainProtocol
import Wording

/// Training without a screen: the book's status bar, or events as JSON.
struct HeadlessRun {
    private let prepared: PreparedRun
    private let engine: LocalEngine
    private let log: StepLog?
    private let warnings: [String]
    private let news = DispatchSemaphore(value: 0)
    private let output: any HeadlessOutput

    init(_ prepared: PreparedRun, paceGiven: Double?, asJSON: Bool) throws(Failure) {
        self.prepared = prepared
        log = try prepared.makeLog()
        let news = news
        let (journal, warnings) = try prepared.makeJournal()
        self.warnings = prepared.data.warnings + warnings
        engine = try prepared.makeEngine(log: log, journal: journal) { options in
            // The job's pace is for watching.
            options.pace = paceGiven ?? 0
            // Nobody goes back here but the guard.
            if prepared.recipe.onDivergence != .rewind { options.historyMemory = 0 }
            options.savesWhenDone = false
            options.onNews = { news.signal() }
        }
        output = asJSON ? JSONOutput(engine.run) : StatusBarOutput(engine.run)
    }

    func run() throws(Failure) {
        for warning in warnings { printError("warning: \(warning)") }
        var update = engine.drain()
        output.begin(update.progress)
        var ending: RunState?
        while ending == nil {
            for event in update.events {
                // A run whose guard stops it has diverged first.
                if case .state(let state) = event, state.isLast, ending == nil { ending = state }
                output.show(event, update.progress)
            }
            guard ending == nil else { break }
            output.show(update.progress)
            news.wait()
            // Often enough for the eye, and for whoever reads a pipe; rarely enough to cost nothing.
            Thread.sleep(forTimeInterval: 0.01)
            update = engine.drain()
        }
        engine.send(.stop, id: RequestID(0))
        let weights = engine.weightsAfterStop()
        log?.flush()
        if let path = prepared.savePath {
            try WeightsFile.write(weights, to: path)
            output.show(.saved(path: path), update.progress)
        }
        guard let ending, case .diverged(let divergence) = ending else { return output.end(.done, update.progress) }
        output.end(ending, update.progress)
        let saved = prepared.savePath.map { "; \(visible($0)) has the weights of step \(divergence.step - 1)" } ?? ""
        throw Failure(.diverged, "diverged: \(divergence.reason)\(saved)")
    }
}

extension RunState {
    /// Whether a run that nobody steers takes no step after it.
    fileprivate var isLast: Bool {
        switch self {
        case .done, .diverged, .stopped: true
        case .connecting, .training, .replaying, .paused, .evaluating, .racing, .lost: false
        }
    }
}

/// Shows a run as text.
protocol HeadlessOutput {
    /// The run begins.
    func begin(_ progress: TrainProtocol.Progress)
    /// Something happened; `progress` is of that moment or a little later.
    func show(_ event: Event, _ progress: TrainProtocol.Progress)
    /// Steps were taken.
    func show(_ progress: TrainProtocol.Progress)
    /// The run is over.
    func end(_ state: RunState, _ progress: TrainProtocol.Progress)
}

extension HeadlessOutput {
    /// Writes at once: whoever reads a pipe wants to see an epoch when it ends.
    func write(_ text: String) {
        do {
            try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
        } catch {
            // Nobody reads any more, as with `| head`: the work is not wanted either.
            Foundation.exit(Failure.Code.runFailed.rawValue)
        }
    }
}
