import ArgumentParser
import Dashboard
import FileAccess
import Foundation
import JobFile
import RunModel
import Tabular
import TrainCore
import Wording

/// `traintui train`: the dashboard, or the status bar where there is no terminal.
struct TrainCommand: ProgramCommand {
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

    @OptionGroup(title: "The engine")
    var engine: EngineOptions

    @OptionGroup(title: "The dashboard")
    var dashboard: DashboardOptions

    @Flag(help: "Print the status bar instead of opening the dashboard.")
    var headless = false

    @Flag(help: "Let `traintui attach` come from other terminals, to watch and steer it there.")
    var listen = false

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
        help: ArgumentHelp("Write a row an epoch to this file, as Keras's CSVLogger.", valueName: "file"),
        completion: .file(extensions: ["csv"]))
    var csvLog: String?

    @Option(
        name: .customLong("tensorboard"),
        help: ArgumentHelp("Write event files for TensorBoard to this folder.", valueName: "folder"),
        completion: .directory)
    var tensorBoard: String?

    @Option(
        help: ArgumentHelp(
            "Write the run's journal to this file, which must be new or empty. Without, it goes to "
                + "$XDG_STATE_HOME/traintui/runs (~/.local/state/traintui/runs).", valueName: "file"),
        completion: .file(extensions: ["jsonl"]))
    var journal: String?

    @Flag(help: "Write no journal.")
    var noJournal = false

    @Option(help: ArgumentHelp("What to call the run in `traintui runs`, and to resume it by.", valueName: "name"))
    var name: String?

    @Option(
        help: ArgumentHelp(
            "Draw another run under this one in the dashboard, by its name or a part of it; without a dashboard, compare "
                + "with it at the end. May be given again.",
            valueName: "run"))
    var against: [String] = []

    @Option(
        name: .customLong("tag"),
        help: ArgumentHelp("File the run under a word; may be given again.", valueName: "word"))
    var tags: [String] = []

    @Option(
        help: ArgumentHelp("Seconds between checkpoints; without, as many as cost no more than 1 %.", valueName: "x"))
    var checkpointEvery: Double?

    /// Why other runs have no place in lines for programs.
    static let noPlaceForAgainst =
        "--against draws runs in the dashboard, or compares with them in words; --json has neither"

    func validate() throws {
        if noJournal, journal != nil { throw ValidationError("--journal and --no-journal contradict each other") }
        if json, !against.isEmpty { throw ValidationError(Self.noPlaceForAgainst) }
        if options.folds != nil, !against.isEmpty {
            throw ValidationError("--folds trains no run that others could stand beside: it takes no --against")
        }
        if options.folds != nil, listen {
            throw ValidationError("--folds trains no run that others could attach to: it takes no --listen")
        }
        if let checkpointEvery, !(checkpointEvery.isFinite && checkpointEvery >= 0) {
            throw ValidationError("--checkpoint-every must be 0 or more")
        }
    }

    /// Whether the dashboard opens.
    private var isWatched: Bool {
        !headless && !json && isatty(STDOUT_FILENO) == 1 && isatty(STDIN_FILENO) == 1
    }

    func run(in outside: Outside) throws {
        try options.check(isAutomatic: job == nil && options.data != nil)
        if let folds = options.folds, let reading = try options.table.reading(of: options.data) {
            if save != nil || logSteps != nil || journal != nil || initialWeights != nil {
                throw Failure(
                    .usage, "--folds trains no model to keep: it takes no --save, --log-steps, --journal, --init")
            }
            let run = FoldsRun(reading, options, count: folds, asJSON: json)
            return isWatched ? try run.watch(outside, dashboard) : try run.run(outside)
        }
        if engine.engine == .torch { try check(forTorch: engine) }
        var run = try PreparedRun(self, outside)
        run.listens = listen
        if engine.engine == .torch {
            let torch = try TorchRun(run, engine)
            return isWatched ? try torch.watch(dashboard) : try torch.run(pace: options.pace, asJSON: json)
        }
        if isWatched {
            try DashboardRun(run, dashboard).run()
        } else {
            try HeadlessRun(run, paceGiven: options.pace, asJSON: json).run()
        }
    }
}

/// A job with its data, ready to go. Nothing was opened for writing yet.
struct PreparedRun {
    let outside: Outside
    let recipe: Recipe
    let data: PreparedData
    /// The job in a word or two.
    let title: String
    let initialWeights: [Weights]?
    let initialPath: String?
    let weights: WeightsOutput
    let logPath: String?
    let journalPlace: JournalPlace
    /// The data's.
    let fingerprint: Fingerprint
    /// Where the weights are to be written, nil where nobody named a file.
    let savePath: String?
    /// What the person calls the run.
    let name: String?
    /// Seconds between checkpoints, nil to choose them.
    let checkpointSeconds: Double?
    /// Where a row an epoch goes, nil for nowhere.
    var csvLogPath: String?
    /// Where TensorBoard's event files go, nil for nowhere.
    var tensorBoardFolder: String?
    /// Words that the run is filed under.
    var tags: [String] = []
    /// What the run is to whoever opens the dashboard on it.
    var opening = Opening.run
    /// Runs that are drawn under this one.
    var against: [OverlaidRun] = []
    /// What is to be said before the training, a line each.
    var warnings: [String] = []
    /// Whether dashboards can come to it from other terminals.
    var listens = false
}

extension TrainCommand {
    /// Throws where something is asked for that only the core does.
    private func check(forTorch engine: EngineOptions) throws(Failure) {
        let others: [(name: String, isGiven: Bool)] = [
            ("--journal", journal != nil), ("--log-steps", logSteps != nil), ("--csv-log", csvLog != nil),
            ("--tensorboard", tensorBoard != nil), ("--name", name != nil), ("--tag", !tags.isEmpty),
            ("--against", !against.isEmpty), ("--checkpoint-every", checkpointEvery != nil),
            ("--time", options.time != nil), ("--folds", options.folds != nil),
        ]
        if let other = others.first(where: \.isGiven) {
            throw Failure(.usage, "\(other.name) is not for --engine torch, which writes the weights and nothing else")
        }
    }

    /// Whether nothing is asked for but to see the built-in job train.
    fileprivate var isDemonstration: Bool {
        let files = [save, logSteps, csvLog, tensorBoard, journal]
        return job == nil && options.data == nil && options.pace == nil && files.allSatisfy { $0 == nil }
    }
}

extension PreparedRun {
    /// Steps a second of the demonstration: its five epochs take a minute, time to try the keys that it names.
    private static let demonstrationPace = 30.0

    init(_ command: TrainCommand, _ outside: Outside) throws(Failure) {
        let recipe: Recipe
        let data: PreparedData
        let opening: Opening
        let fingerprint: Fingerprint
        if command.job == nil, let reading = try command.options.table.reading(of: command.options.data) {
            try Self.check(command, reading, theme: command.options.theme, outside.calls)
            let choices = try command.options.choices
            fingerprint = Fingerprint(of: reading.source)
            let made = try AutomaticJob.madeVisibly(
                for: reading, choices, seconds: command.options.time, outside.errors)
            data = made.data
            opening = .table
            var own = made.job.recipe
            try command.options.apply(to: &own, besides: choices)
            if command.options.time != nil, command.options.pace == nil { own.dashboard.pace = 0 }
            // What nobody asked for is left out where it cannot be had.
            if command.engine.engine == .torch { (own.refit, own.onDivergence) = (false, .pause) }
            recipe = own
        } else {
            var own: Recipe
            do throws(JobFileError) {
                own = try command.job.map { path throws(JobFileError) in try Recipe.read(path: path) } ?? .builtin
            } catch {
                throw Failure(error)
            }
            try command.options.apply(to: &own)
            try Self.check(command, own.data, theme: own.dashboard.theme, outside.calls)
            opening = command.isDemonstration ? .demonstration : .run
            if opening == .demonstration { own.dashboard.pace = Self.demonstrationPace }
            fingerprint = Fingerprint(of: own.data.source)
            data = try PreparedData.loadVisibly(
                own.data, seed: own.job.seed, targetsAreClasses: type(of: own.job.loss).targetsAreClasses,
                outside.errors)
            recipe = own
        }
        let title = visible(URL(filePath: data.source).deletingPathExtension().lastPathComponent)
        let initial = try command.initialWeights.map { path throws(Failure) in
            try InitialWeights(path, for: data.featureSpace, of: URL(filePath: data.source).lastPathComponent)
        }
        let metadata = SavedModel.metadata(recipe, data: data, sha256: fingerprint.sha256)
        let metrics = recipe.metricNames
        self.init(
            outside: outside, recipe: recipe, data: data, title: title,
            initialWeights: initial?.weights, initialPath: command.initialWeights,
            weights: command.save.map { WeightsOutput(named: $0, metadata: metadata, metrics: metrics, outside.calls) }
                ?? WeightsOutput(title: title, metadata: metadata, metrics: metrics, outside.calls),
            logPath: command.logSteps,
            journalPlace: command.journal.map { .file($0) } ?? (command.noJournal ? .none : .standard),
            fingerprint: fingerprint, savePath: command.save, name: command.name,
            checkpointSeconds: command.checkpointEvery, csvLogPath: command.csvLog,
            tensorBoardFolder: command.tensorBoard, tags: command.tags, opening: opening,
            warnings: initial?.warnings ?? [])
        against = try command.against.map { name throws(Failure) in try overlaid(name) }
    }

    /// Whether nobody wrote the job: it was chosen for the table.
    var isAutomatic: Bool { opening == .table }

    /// A run by its name, to be drawn under this one.
    func overlaid(_ name: String) throws(Failure) -> OverlaidRun {
        try OverlaidRun(name, under: recipe.tomlText, seed: recipe.job.seed, sha256: fingerprint.sha256)
    }

    /// Whether a file is written that somebody named: then the run is wanted even where nobody looks at it.
    var isWanted: Bool {
        switch journalPlace {
        case .file, .again, .from: return true
        case .none, .standard: break
        }
        return weights.isNamed || logPath != nil || csvLogPath != nil || tensorBoardFolder != nil
    }

    /// Throws where two of the command's files are one, or one cannot be written: before any work is done, and before
    /// anything is opened.
    private static func check(
        _ command: TrainCommand, _ data: TableRecipe, theme: String?, _ calls: SystemCalls
    ) throws(Failure) {
        var paths = CommandPaths(calls)
        do throws(CommandPaths.PathError) {
            if let job = command.job { try paths.add(job, as: "the job file", .reads) }
            if case .path(let path) = data.source {
                try paths.add(path, as: command.options.data == nil ? "the job's data" : "--data", .reads)
            }
            if let path = command.initialWeights { try paths.add(path, as: "--init", .reads) }
            if let theme, theme.contains("/") || theme.hasSuffix(".toml") {
                try paths.add(theme, as: "the theme", .reads)
            }
            if let path = command.save { try paths.add(path, as: "--save", .writes) }
            if let path = command.logSteps { try paths.add(path, as: "--log-steps", .writes) }
            if let path = command.csvLog { try paths.add(path, as: "--csv-log", .writes) }
            if let path = command.journal { try paths.add(path, as: "--journal", .writes) }
        } catch {
            throw Failure(error)
        }
        do throws(FileError) {
            if let path = command.save { try WholeFile(path, calls).check() }
            if let path = command.logSteps { try LineFile.check(path, existing: .emptied, calls) }
            if let path = command.csvLog { try LineFile.check(path, existing: .emptied, calls) }
            if let path = command.journal {
                try RunJournal.check(path, calls)
                try RunFolder.check(beside: path)
            }
        } catch {
            throw Failure(unwritten: error)
        }
    }
}
