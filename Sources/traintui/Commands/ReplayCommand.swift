import ArgumentParser
import FileAccess
import JSONLines
import JobFile
import Tabular
import TrainCore
import TrainEngine
import Wording

/// `traintui replay`: a run again from its journal, without a screen, and whether it is the same.
struct ReplayCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Take a run again from its journal, and compare every number in it.",
        discussion: """
            The data must be those of the run, by their SHA-256. What is done with --watch after the journal's end goes to \
            a journal of its own. Exit code 0: identical, as far as the journal goes; 1: \
            different, and the line says where first; 65: a damaged journal, or other data. The name that traintui run \
            gave to a training in Python starts its command again, with its edits at their steps, and compares the losses.
            """)

    @OptionGroup var options: JournalOptions

    @Option(
        help: ArgumentHelp("The data's file, where it is not where it was.", valueName: "file"),
        completion: .file(extensions: ["csv", "tsv", "txt"]))
    var data: String?

    @Flag(help: "Show it in the dashboard; at the journal's end the run can be steered from there.")
    var watch = false

    @Option(help: ArgumentHelp("With --watch: steps a second; 0 is unlimited.", valueName: "n"))
    var pace: Double?

    @OptionGroup(title: "The dashboard")
    var dashboard: DashboardOptions

    func validate() throws {
        guard let pace else { return }
        guard watch else { throw ValidationError("--pace is for --watch") }
        guard pace.isFinite, pace >= 0 else { throw ValidationError("--pace must be 0 or more") }
    }

    func run(in outside: Outside) throws {
        if let named = options.journal, let repeated = try RepeatedCommand(named, outside) {
            guard !watch, data == nil, options.initialWeights == nil else {
                throw Failure(.usage, "--watch, --data and --init are for runs of traintui's own")
            }
            return try repeated.run()
        }
        let path = try options.path()
        let run = try JournalledRun(
            JournalFile.read(path), path: path, dataPath: data, weightsPath: options.initialWeights, outside)
        for warning in run.warnings { outside.errors.say("warning: \(warning)") }
        let watched = WatchedReplay(run, path: path, dashboard, outside)
        guard let outcome = try watch ? watched.show(pace: pace) : replay(run, outside) else { return }
        outside.output.answer(outside.output.spelling.line(ReplayReport.line(outcome, isWatched: watch)) + "\n")
        if outcome.difference != nil { throw ExitCode(Failure.Code.runFailed.rawValue) }
    }

    private func replay(_ run: JournalledRun, _ outside: Outside) throws(Failure) -> Replay.Outcome {
        let entries = run.journal.entries
        let total = entries.stepCount
        var line = PassingLine(outside.errors)
        defer { line.end() }
        do throws(TrainingError) {
            let replay = try Replay(
                of: entries, job: run.recipe.job, training: run.data.training, initialWeights: run.initialWeights)
            return replay.run { outcome in
                line.show { ReplayLine.text(steps: outcome.steps, total: total, seconds: $0, columns: $1) }
                return true
            }
        } catch {
            throw Failure(error)
        }
    }
}
