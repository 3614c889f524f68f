import FileAccess
import Foundation
import JobFile
import NcursesTerminal
import RunServer
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
    private let engine: any TrainingEngine
    private let served: ServedEngine?
    private let warnings: [String]
    /// Where other terminals find it, a line.
    private let place: String?
    private let wakeDescriptor: Int32
    private let output: any HeadlessOutput

    init(_ prepared: PreparedRun, paceGiven: Double?, asJSON: Bool) throws(Failure) {
        self.prepared = prepared
        try prepared.validate()
        do throws(TerminalError) {
            wakeDescriptor = try TerminalGuard.listen()
        } catch {
            throw Failure(error)
        }
        let notices = Notices(onNews: TerminalGuard.wake)
        outputs = try RunOutputs(prepared, notices)
        warnings = prepared.warnings + prepared.data.warnings + outputs.warnings
        trainer = try prepared.makeEngine(outputs) { options in
            // The job's pace is for watching.
            options.pace = paceGiven ?? 0
            // Nobody goes back here but the guard.
            if prepared.recipe.onDivergence != .rewind { options.historyMemory = 0 }
            options.savesWhenDone = false
            options.onNews = TerminalGuard.wake
        }
        let reporting = ReportingEngine(trainer, notices, logs: outputs.logs)
        let served = try prepared.served(reporting)
        self.served = served?.engine
        place = served.map { "listening: traintui attach \(visible($0.name))" }
        engine = served?.engine ?? reporting
        output =
            asJSON
            ? JSONOutput(trainer.run, prepared.outside) : StatusBarOutput(trainer.run, prepared.outside)
    }

    func run() throws {
        for warning in warnings { prepared.outside.errors.say("warning: \(warning)") }
        if let place { prepared.outside.errors.say("traintui: \(place)") }
        defer { served?.close() }
        var update = engine.drain()
        if prepared.isAutomatic, let survey = prepared.data.survey { output.describe(survey) }
        output.begin(update.progress)
        var against = AgainstText(prepared.against)
        var ending: RunState?
        var signal: TerminalSignal?
        while ending == nil, signal == nil, prepared.isStillWanted {
            for event in update.events {
                // A run whose guard stops it has diverged first.
                if case .state(let state) = event, state.isLast, ending == nil { ending = state }
                output.show(event, update.progress)
                against.see(event)
            }
            guard ending == nil else { break }
            output.show(update.progress)
            // A reader that is gone says so only when it is written to.
            guard prepared.isStillWanted else { break }
            if !prepared.isHungUp { TerminalGuard.wait(on: wakeDescriptor) }
            signal = takeSignals()
            // Often enough for the eye, and for whoever reads a pipe; rarely enough to cost nothing.
            if signal == nil { Thread.sleep(forTimeInterval: 0.01) }
            update = engine.drain()
        }
        engine.send(.stop, id: RequestID(0))
        var (kept, files) = prepared.waitForEnd(of: trainer, outputs)
        // What waits in the mailbox of the files is told before their end is.
        update = engine.drain()
        files.unwritten += outputs.closeLogs()
        for case .notice(let text) in update.events { output.show(.notice(text), update.progress) }
        for line in against.lines { prepared.outside.output.say(line + "\n") }
        try end(ending, signal, kept, files, update.progress)
    }

    /// Obeys the signals that came, and returns the one that ends the run.
    private func takeSignals() -> TerminalSignal? {
        let signals = TerminalGuard.drainSignals()
        if prepared.weights.isNamed, signals.contains(where: { $0.action == .warns }) {
            engine.send(.save, id: RequestID(0))
        }
        return prepared.ending(signals)
    }

    private func end(
        _ ending: RunState?, _ signal: TerminalSignal?, _ kept: KeptWeights, _ files: RunOutputs.Ending,
        _ progress: TrainProtocol.Progress
    ) throws {
        let errors = prepared.outside.errors
        // In the order in which they are said; the last of them ends the program.
        var failures: [Failure] = []
        var saved: String?
        if prepared.weights.isNamed {
            saved = prepared.saveWeights(kept)
            if let saved { output.show(.saved(path: saved, step: kept.step), progress) }
            if let failure = prepared.weights.failure { failures.append(failure) }
        }
        outputs.files?.settle(isSaved: failures.isEmpty)
        for sentence in files.warnings { errors.say("warning: \(sentence)") }
        for sentence in files.warnings + files.unwritten { output.note(sentence) }
        failures += files.unwritten.map { Failure(.cannotCreate, $0) }
        let place = saved.map { "; \(visible($0)) has the weights" } ?? ""
        if let signal {
            output.end(after: signal, progress)
            for failure in failures { errors.say("traintui: \(failure.line)") }
            let wayOn = files.resumable == nil ? "" : "; `\(outputs.files?.folder.resumeCommand ?? "")` goes on"
            errors.say("traintui: ended by SIG\(signal.name) after step \(progress.step)\(place)\(wayOn)")
            throw EndedBySignal(signal: signal.number)
        }
        if let ending, case .diverged(let divergence) = ending {
            output.end(ending, progress)
            let step = saved == nil ? "" : " of step \(kept.step)"
            failures.append(Failure(.diverged, "diverged: \(divergence.reason)\(place)\(step)"))
        } else {
            output.end(.done, progress)
        }
        guard let last = failures.popLast() else { return }
        for failure in failures { errors.say("traintui: \(failure.line)") }
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
    /// The job was chosen for a table: what that holds.
    func describe(_ survey: TableSurvey)
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
    /// The run was ended.
    func end(after signal: TerminalSignal, _ progress: TrainProtocol.Progress)
}
