import Dashboard
import FileAccess
import Foundation
import JobFile
import NcursesTerminal
import RemoteEngine
import Tabular
import TrainCore
import TrainEngine
import TrainProtocol
import Wording

/// A job trained by PyTorch in processes of its own, with the dashboard over them or without one.
struct TorchRun {
    private let prepared: PreparedRun
    private let options: EngineOptions
    private let python: PythonWithTorch
    /// The computers, where there are several.
    private let allocation: SlurmAllocation?

    /// Seconds that a training that is told to end has for that.
    private static let patience = 6.0

    /// - Throws: a line about what the job has and this engine has not, before anything is begun.
    init(_ prepared: PreparedRun, _ options: EngineOptions) throws(Failure) {
        (self.prepared, self.options) = (prepared, options)
        try Self.check(prepared.recipe)
        try prepared.validate()
        allocation = options.nodes > 1 ? try SlurmAllocation() : nil
        python = try PythonWithTorch(options.python)
    }

    /// Throws a line about what a job has and this engine has not.
    static func check(_ recipe: Recipe) throws(Failure) {
        if recipe.refit {
            throw Failure(.badJobFile, "--engine torch does not train again on all rows: the job has 'refit'")
        }
        if recipe.onDivergence == .rewind {
            throw Failure(
                .badJobFile, "--engine torch stops where the loss is not finite: the job has guard = \"rewind\""
            )
        }
    }

    // MARK: With the dashboard

    func watch(_ dashboard: DashboardOptions) throws {
        let folder = try LaunchFolder(title: prepared.title)
        let place = TrainingPlace(
            socket: SocketFolder.standard.path(of: folder.name), title: prepared.title, log: .file(folder.log))
        let theme = prepared.recipe.dashboard.theme ?? Settings.environment("THEME")
        let shown = AttachedDashboard(place, role: .drive, theme: theme, dashboard, prepared.outside)
        var (engine, reaper) = (RemoteEngine?.none, Reaper?.none)
        try shown.show { made in
            engine = made
            reaper = Reaper(
                of: try start(in: folder, pace: prepared.recipe.dashboard.pace), log: folder.log, telling: made)
        }
        // What said that it ends has some of its own to clear away.
        let end = engine?.isOver == true ? reaper?.wait(seconds: Self.patience) : reaper?.end
        let output = prepared.outside.output
        guard let end else {
            output.say("goes on     traintui attach \(visible(folder.name))\n")
            output.say("output      \(visible(folder.log))\n")
            return
        }
        let result = try result(of: end, in: folder)
        if let path = result.saved { output.say("saved       \(visible(path))\n") }
        if let test = result.kept.test {
            output.say("test       \(StatusBar.scores(scores(of: test)).drop { $0 == " " || $0 == "-" })\n")
        }
        if let divergence = result.divergence { throw Failure(.diverged, "diverged: \(divergence)") }
        if let problem = result.problem { throw Failure(.runFailed, problem) }
    }

    // MARK: Without

    func run(pace: Double?, asJSON: Bool) throws {
        let outside = prepared.outside
        let wakeDescriptor: Int32
        do throws(TerminalError) { wakeDescriptor = try TerminalGuard.listen() } catch { throw Failure(error) }
        // A training elsewhere takes its time to end, and its weights are wanted.
        TerminalGuard.allowSaving()
        defer { TerminalGuard.endSaving() }
        for warning in prepared.warnings + prepared.data.warnings { outside.errors.say("warning: \(warning)") }
        let folder = try LaunchFolder(title: prepared.title)
        // It waits until it is seen: a short training would be over before.
        let process = try start(in: folder, pace: pace ?? 0, paused: true)
        let place = TrainingPlace(socket: SocketFolder.standard.path(of: folder.name), title: prepared.title)
        let engine: RemoteEngine
        do throws(SocketError) {
            engine = try RemoteEngine(
                title: prepared.title, role: .launch, log: .elsewhere, onNews: TerminalGuard.wake
            ) {
                () throws(SocketError) in try place.connect()
            }
        } catch {
            throw Failure(.runFailed, "\(visible(prepared.title)) \(error)")
        }
        let reaper = Reaper(of: process, log: folder.log, telling: engine)
        let description = RunDescription(
            of: prepared.recipe.job, title: prepared.title, features: prepared.data.training.features,
            validation: prepared.data.validation.map { .rows($0.rows) } ?? .none(reason: prepared.data.validationNote))
        let output: any HeadlessOutput =
            asJSON ? JSONOutput(description, outside) : StatusBarOutput(description, outside)
        if prepared.isAutomatic, let survey = prepared.data.survey { output.describe(survey) }
        output.begin(known(TrainProtocol.Progress()))
        var (isBegun, isEnding, signal) = (false, false, TerminalSignal?.none)
        var update = engine.drain()
        while true {
            let isOver = engine.isOver
            let progress = known(update.progress)
            for event in update.events where !RemoteEngine.isFarewell(event) {
                // All processes are there. What was told to end before that does so with the first weights.
                if !isBegun, case .capabilities(let offered) = event, offered.allows(.resume) {
                    isBegun = true
                    engine.send(isEnding ? .stop : .resume, id: RequestID(0))
                }
                output.show(event, progress)
            }
            output.show(progress)
            if isOver, reaper.end != nil { break }
            if !prepared.isHungUp { TerminalGuard.wait(on: wakeDescriptor) }
            let asked = prepared.ending(TerminalGuard.drainSignals())
            if !isEnding, asked != nil || !prepared.isStillWanted {
                (isEnding, signal) = (true, asked)
                engine.send(.stop, id: RequestID(1))
                reaper.end(in: Self.patience)
            }
            Thread.sleep(forTimeInterval: 0.01)
            update = engine.drain()
        }
        engine.detach(keepPaused: false)
        try finish(reaper.wait(seconds: Self.patience) ?? .code(1), signal, in: folder, output, known(update.progress))
    }

    private func finish(
        _ end: LaunchedProcess.End, _ signal: TerminalSignal?, in folder: LaunchFolder, _ output: any HeadlessOutput,
        _ progress: TrainProtocol.Progress
    ) throws {
        // Nobody reads what came of it, and no file was asked for.
        guard signal != nil || prepared.isStillWanted else { return }
        let result: Result
        do throws(Failure) { result = try self.result(of: end, in: folder) } catch {
            guard let signal else { throw error }
            output.end(after: signal, progress)
            prepared.outside.errors.say("traintui: \(error.line)")
            prepared.outside.errors.say("traintui: ended by SIG\(signal.name)")
            throw EndedBySignal(signal: signal.number)
        }
        if let path = result.saved { output.show(.saved(path: path, step: result.kept.step), progress) }
        let place = result.saved.map { "; \(visible($0)) has the weights" } ?? ""
        if let signal {
            output.end(after: signal, progress)
            prepared.outside.errors.say(
                "traintui: ended by SIG\(signal.name) after step \(result.kept.step)\(place)")
            throw EndedBySignal(signal: signal.number)
        }
        if let divergence = result.divergence {
            output.end(.diverged(RunState.Divergence(step: result.kept.step, reason: divergence)), progress)
            throw Failure(.diverged, "diverged: \(divergence)\(place)")
        }
        if let problem = result.problem { throw Failure(.runFailed, "\(problem)\(place)") }
        if let test = result.kept.test { output.show(.tested(test), progress) }
        output.end(.done, progress)
    }

    /// What is known of the job, and not told by a training in Python.
    private func known(_ progress: TrainProtocol.Progress) -> TrainProtocol.Progress {
        var progress = progress
        (progress.rows, progress.batchSize) = (prepared.data.training.rows, prepared.recipe.job.batchSize)
        progress.epochs = progress.epochs ?? prepared.recipe.job.epochs
        return progress
    }

    // MARK: Its process

    private func start(in folder: LaunchFolder, pace: Double, paused: Bool = false) throws(Failure) -> LaunchedProcess {
        let files = try TorchFiles(prepared, in: folder)
        let job = TorchJob(prepared, options, pace: pace, files)
        let bytes: [UInt8]
        do { bytes = try job.bytes } catch { throw Failure(.badJobFile, "the job cannot be told to PyTorch: \(error)") }
        do throws(FileError) { _ = try WholeFile("\(folder.path)/job.json", .posix).write(bytes) } catch {
            throw Failure(unwritten: error)
        }
        return try folder.start(python.command(for: folder, options, on: allocation), paused: paused)
    }

    /// What came of a training.
    private struct Result {
        var kept: KeptWeights
        /// Where the model is, if it was to be saved.
        var saved: String?
        var divergence: String?
        /// Why its processes ended before they were done, and nobody had told them to.
        var problem: String?
    }

    /// Looks at what a training left, finds out how good that is by the core, and writes the model with it.
    private func result(of end: LaunchedProcess.End, in folder: LaunchFolder) throws(Failure) -> Result {
        // It is written behind the weights, which are whole then, however the process ended.
        guard let ending = TorchFiles.ending(in: folder) else {
            throw Failure(.runFailed, "\(end.words)\(LastLine(of: folder.log).words)")
        }
        let weights = try WeightsFile.read("\(folder.path)/trained.safetensors")
        func evaluation(_ rows: Dataset?) throws(TrainingError) -> Evaluation? {
            guard let rows else { return nil }
            let trainer = try Trainer(prepared.recipe.job, training: prepared.data.training)
            try trainer.setWeights(weights)
            let scores = trainer.evaluate(on: rows)
            return Evaluation(branch: .first, step: ending.step, loss: scores.loss, metrics: scores.metrics)
        }
        var result: Result
        do throws(TrainingError) {
            result = Result(
                kept: KeptWeights(
                    step: ending.step, weights: weights, validation: try evaluation(prepared.data.validation),
                    test: ending.isComplete ? try evaluation(prepared.data.test) : nil))
        } catch {
            throw Failure(.runFailed, "\(visible(folder.path)) has weights that do not fit: \(error)")
        }
        result.divergence = ending.divergence
        if !ending.isComplete, ending.divergence == nil, end != .code(0) {
            result.problem = "\(end.words)\(LastLine(of: folder.log).words)"
        }
        guard prepared.weights.isNamed else { return result }
        do throws(Failure) { result.saved = try prepared.weights.write(result.kept) } catch {
            throw Failure(error.code, "\(error.line); \(visible(folder.path))/trained.safetensors has the weights")
        }
        return result
    }

    private func scores(of evaluation: Evaluation) -> [(name: String, value: Double?)] {
        [("loss", evaluation.loss)] + zip(prepared.recipe.metricNames, evaluation.metrics).map { ($0, $1) }
    }
}
