import ArgumentParser
import JobFile
import Tabular
import TrainCore
import Wording

/// What overrides a job on the command line.
struct TrainOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Train on this CSV file; needs --target. Without a job file, all else is chosen for the table.",
            valueName: "file"),
        completion: .file(extensions: ["csv", "tsv", "txt"]))
    var data: String?

    @OptionGroup(title: "Reading the table")
    var table: TableOptions

    @Option(help: ArgumentHelp("How many times to go through the rows.", valueName: "n"))
    var epochs: Int?

    @Option(
        help: ArgumentHelp(
            "Train about so long: the number of epochs that takes on this machine. Without a job file only.",
            valueName: "seconds"))
    var time: Double?

    @Option(
        help: ArgumentHelp(
            "Train this many times, each time validating on another part of the rows, and print the scores. Without a "
                + "job file only, and without a dashboard.", valueName: "n"))
    var folds: Int?

    @Option(help: ArgumentHelp("Rows in a batch.", valueName: "n"))
    var batchSize: Int?

    @Option(help: ArgumentHelp("The optimizer's step size; a schedule's rates keep their proportion.", valueName: "x"))
    var learningRate: Double?

    @Option(
        help: ArgumentHelp("The optimizer, with its own defaults.", valueName: "name"),
        completion: .list(Catalogue.optimizers.map { $0.name }))
    var optimizer: String?

    @Option(help: ArgumentHelp("Names the run: the same job and seed give the same bits.", valueName: "n"))
    var seed: UInt64?

    @Option(
        help: ArgumentHelp(
            "End when the validation loss has not fallen for so many epochs, with the best weights.", valueName: "n"))
    var patience: Int?

    @Option(help: ArgumentHelp("Steps a second to watch by; 0 is as fast as it goes.", valueName: "n"))
    var pace: Double?

    @Option(help: ArgumentHelp("A theme's name, or a theme file.", valueName: "name"))
    var theme: String?

    /// The recipe with every option that was given in its place.
    func apply(to recipe: inout Recipe) throws(Failure) {
        try applyData(to: &recipe)
        try applyTraining(to: &recipe)
    }

    /// The same for a job that was made with the ``choices``: those that are left.
    func apply(to recipe: inout Recipe, besides choices: AutomaticJob.Choices) throws(Failure) {
        var others = self
        (others.epochs, others.batchSize, others.learningRate, others.seed) = (nil, nil, nil, nil)
        try others.applyTraining(to: &recipe)
    }

    private func applyTraining(to recipe: inout Recipe) throws(Failure) {
        if let epochs { recipe.job.epochs = try checked(epochs, "--epochs", .whole(from: 1, to: 1_000_000_000)) }
        if let batchSize { recipe.job.batchSize = try checked(batchSize, "--batch-size", .whole(from: 1)) }
        if let seed { recipe.job.seed = seed }
        if let patience {
            var rule = recipe.job.earlyStopping ?? EarlyStopping()
            rule.patience = try checked(patience, "--patience", .whole(from: 0, to: 1_000_000_000))
            recipe.job.earlyStopping = rule
        }
        if let pace { recipe.dashboard.pace = try checked(pace, "--pace", .notNegative) }
        if let theme = theme ?? Settings.environment("THEME") { recipe.dashboard.theme = theme }
        // Before another optimizer comes, whose default the schedule's rates have nothing to do with.
        if let learningRate {
            recipe.job.rescale(toLearningRate: try checked(learningRate, "--learning-rate", .positive))
        }
        if let optimizer {
            guard let type = Catalogue.optimizers.first(where: { $0.name == optimizer }) else {
                throw unknown("optimizer", optimizer, among: Catalogue.optimizers.map { $0.name })
            }
            // A job's rate was chosen for the job's optimizer: another one starts with its own.
            if type.name != Swift.type(of: recipe.job.optimizer).name {
                recipe.job.optimizer = type.init()
                if let rate = learningRate ?? recipe.job.schedule.ownLearningRate {
                    recipe.job.optimizer.learningRate = rate
                }
            }
        }
    }

    /// The choices that a job for a table of one's own leaves to people.
    var choices: AutomaticJob.Choices {
        get throws(Failure) {
            var choices = AutomaticJob.Choices()
            choices.epochs = try epochs.map { epochs throws(Failure) in
                try checked(epochs, "--epochs", .whole(from: 1, to: 1_000_000_000))
            }
            choices.batchSize = try batchSize.map { size throws(Failure) in
                try checked(size, "--batch-size", .whole(from: 1))
            }
            choices.learningRate = try learningRate.map { rate throws(Failure) in
                try checked(rate, "--learning-rate", .positive)
            }
            choices.seed = seed ?? choices.seed
            return choices
        }
    }

    /// Throws where options contradict each other, or need a job that is chosen for a table.
    func check(isAutomatic: Bool) throws(Failure) {
        if let folds {
            _ = try checked(folds, "--folds", .whole(from: 2, to: 1000))
            guard isAutomatic else { throw Failure(.usage, "--folds needs --data and no job file") }
            if time != nil { throw Failure(.usage, "--folds and --time contradict each other") }
        }
        guard let time else { return }
        _ = try checked(time, "--time", .positive)
        guard isAutomatic else {
            throw Failure(.usage, "--time needs --data and no job file; --epochs is for all jobs")
        }
        if epochs != nil { throw Failure(.usage, "--time and --epochs contradict each other") }
    }

    private func applyData(to recipe: inout Recipe) throws(Failure) {
        let target = table.target
        if let data {
            guard !target.isEmpty else {
                throw Failure(.usage, "--data needs --target: which column of \(visible(data)) is to be predicted?")
            }
            recipe.data = TableRecipe(source: .path(data), targets: target)
            if pace == nil { recipe.dashboard.pace = 0 }
        } else if !target.isEmpty {
            // A feature cannot be the target too.
            recipe.data.features = recipe.data.features?.filter { !target.contains($0) }
            recipe.data.targets = target
        }
        try table.apply(to: &recipe.data)
        let count = recipe.job.model.layers.count
        if !target.isEmpty, count > 0, !type(of: recipe.job.loss).targetsAreClasses {
            recipe.job.model.layers[count - 1].units = target.count
        }
    }

    private func checked<Number: BinaryInteger>(
        _ value: Number, _ name: String, _ range: NumberRange
    ) throws(Failure) -> Number {
        _ = try checked(Double(value), name, range)
        return value
    }

    private func checked(_ value: Double, _ name: String, _ range: NumberRange) throws(Failure) -> Double {
        if let objection = range.objection(to: value) { throw Failure(.usage, "\(name) \(objection)") }
        return value
    }

    private func unknown(_ kind: String, _ name: String, among names: [String]) -> Failure {
        Failure(.usage, "there is no \(kind) '\(visible(name))'; \(hint(for: name, among: names, plural: "\(kind)s"))")
    }
}
