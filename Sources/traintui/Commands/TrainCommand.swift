import ArgumentParser
import Foundation
import JobFile
import Tabular
import TrainCore
import Wording

/// `traintui train`: the dashboard, or the status bar where there is no terminal.
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Train, and watch it (the default).",
        discussion: """
            In a terminal the dashboard opens; ? shows its keys. Elsewhere, or with --headless, the book's status bar is \
            printed. Options override what the job file says.
            """)

    @Argument(help: "A job file; without one, the built-in job.", completion: .file(extensions: ["toml"]))
    var job: String?

    @OptionGroup(title: "Overriding the job")
    var options: TrainOptions

    @Flag(help: "Print the status bar instead of opening the dashboard.")
    var headless = false

    @Flag(help: "Print one event a line, as JSON.")
    var json = false

    @Option(
        name: .customLong("init"), help: ArgumentHelp("Start from the weights in this file.", valueName: "file"),
        completion: .file(extensions: ["safetensors"]))
    var initialWeights: String?

    @Option(
        help: ArgumentHelp("Write the weights to this file at the end.", valueName: "file"),
        completion: .file(extensions: ["safetensors"]))
    var save: String?

    @Option(
        help: ArgumentHelp("Write every step's losses to this CSV file.", valueName: "file"),
        completion: .file(extensions: ["csv"]))
    var logSteps: String?

    @Option(
        help: ArgumentHelp(
            "Write the run's journal to this file, which must be new or empty. Without, it goes to "
                + "$XDG_STATE_HOME/traintui/runs (~/.local/state/traintui/runs).", valueName: "file"),
        completion: .file(extensions: ["jsonl"]))
    var journal: String?

    @Flag(help: "Write no journal.")
    var noJournal = false

    func validate() throws {
        if noJournal, journal != nil { throw ValidationError("--journal and --no-journal contradict each other") }
    }

    func run() throws {
        let run = try PreparedRun(self)
        if headless || json || isatty(STDOUT_FILENO) == 0 || isatty(STDIN_FILENO) == 0 {
            try HeadlessRun(run, paceGiven: options.pace, asJSON: json).run()
        } else {
            try DashboardRun(run).run()
        }
    }
}

/// A job with its data, ready to go.
struct PreparedRun {
    let recipe: Recipe
    let data: PreparedData
    /// The job in a word or two.
    let title: String
    let initialWeights: [Weights]?
    let initialPath: String?
    let savePath: String?
    let logPath: String?
    let journalPlace: JournalPlace
    /// The data's.
    let fingerprint: Fingerprint

    init(_ command: TrainCommand) throws(Failure) {
        var recipe: Recipe
        do throws(JobFileError) {
            recipe = try command.job.map { path throws(JobFileError) in try Recipe.read(path: path) } ?? .builtin
        } catch {
            throw Failure(error)
        }
        try command.options.apply(to: &recipe)
        if let path = command.save { try WeightsFile.checkWritable(path) }
        journalPlace = try JournalPlace(path: command.journal, isWanted: !command.noJournal)
        fingerprint = Fingerprint(of: recipe.data.source)
        data = try PreparedData.loadVisibly(
            recipe.data, seed: recipe.job.seed, targetsAreClasses: type(of: recipe.job.loss).targetsAreClasses)
        self.recipe = recipe
        title = visible(URL(filePath: data.source).deletingPathExtension().lastPathComponent)
        initialWeights = try command.initialWeights.map { path throws(Failure) in try WeightsFile.read(path) }
        initialPath = command.initialWeights
        savePath = command.save
        logPath = command.logSteps
    }
}
