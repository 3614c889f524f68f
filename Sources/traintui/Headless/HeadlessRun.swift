import Dispatch
import FileAccess
import Foundation
import JobFile
import Tabular
import TrainCore
import TrainEngine
import TrainProtocol
import Wording

/// Training without a screen: the book's status bar, or events as JSON.
///
/// The training goes on to its end whatever becomes of what is written meanwhile; how it ends tells. Only where nobody
/// reads any more, and no file was asked for, the work is not wanted either.
struct HeadlessRun {
    private let prepared: PreparedRun
    private let outputs: RunOutputs
    private let trainer: LocalEngine
    private let engine: ReportingEngine
    private let warnings: [String]
    private let news = DispatchSemaphore(value: 0)
    private let output: any HeadlessOutput

    init(_ prepared: PreparedRun, paceGiven: Double?, asJSON: Bool) throws(Failure) {
        self.prepared = prepared
        try prepared.validate()
        let news = news
        let notices = Notices { news.signal() }
        outputs = try RunOutputs(prepared, notices)
        warnings = prepared.data.warnings + outputs.warnings
        trainer = try prepared.makeEngine(outputs) { options in
            // The job's pace is for watching.
            options.pace = paceGiven ?? 0
            // Nobody goes back here but the guard.
            if prepared.recipe.onDivergence != .rewind { options.historyMemory = 0 }
            options.savesWhenDone = false
            options.onNews = { news.signal() }
        }
        engine = ReportingEngine(trainer, notices)
        output =
            asJSON
            ? JSONOutput(trainer.run, prepared.outside) : StatusBarOutput(trainer.run, prepared.outside)
    }

    func run() throws(Failure) {
        for warning in warnings { prepared.outside.errors.say("warning: \(warning)") }
        var update = engine.drain()
        output.begin(update.progress)
        var ending: RunState?
        while ending == nil, isWanted {
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
        let weights = trainer.weightsAfterStop()
        // What waits in the mailbox of the files is told before their end is.
        for case .notice(let text) in engine.drain().events { output.show(.notice(text), update.progress) }
        try end(ending, weights, update.progress)
    }

    private var isWanted: Bool { prepared.isWanted || prepared.outside.output.failure != .brokenPipe }

    private func end(_ ending: RunState?, _ weights: [Weights], _ progress: TrainProtocol.Progress) throws(Failure) {
        // In the order in which they are said; the last of them ends the program.
        var failures: [Failure] = []
        var saved = ""
        if prepared.weights.isNamed, ending != nil {
            do throws(Failure) {
                let path = try prepared.weights.write(weights)
                output.show(.saved(path: path), progress)
                saved = path
            } catch {
                failures.append(error)
            }
        }
        let files = outputs.close()
        for sentence in files.warnings { prepared.outside.errors.say("warning: \(sentence)") }
        for sentence in files.warnings + files.unwritten { output.note(sentence) }
        failures += files.unwritten.map { Failure(.cannotCreate, $0) }
        if let ending, case .diverged(let divergence) = ending {
            output.end(ending, progress)
            let place = saved.isEmpty ? "" : "; \(visible(saved)) has the weights of step \(divergence.step - 1)"
            failures.append(Failure(.diverged, "diverged: \(divergence.reason)\(place)"))
        } else {
            output.end(.done, progress)
        }
        guard let last = failures.popLast() else { return }
        for failure in failures { prepared.outside.errors.say("traintui: \(failure.line)") }
        throw last
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
    /// A file is not as it should be; standard error has it too.
    func note(_ sentence: String)
    /// The run is over.
    func end(_ state: RunState, _ progress: TrainProtocol.Progress)
}
