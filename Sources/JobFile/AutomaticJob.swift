package import Tabular
import TrainCore

/// The job that is trained on a table of one's own where nobody wrote another one: what it reads from the table, and what
/// it chooses by the table's size and task. Everything it chooses is in the job, to be seen, edited and steered.
///
/// How the numbers were found, and how good they are, is on the page <doc:YourOwnTable>.
package struct AutomaticJob {
    /// What somebody chose already; the rest follows.
    package struct Choices: Sendable {
        /// Epochs.
        package var epochs: Int?
        /// Rows in a batch.
        package var batchSize: Int?
        /// The learning rate that the schedule begins with.
        package var learningRate: Double?
        /// Names the run.
        package var seed: UInt64 = 42

        /// Nothing was chosen.
        package init() {}
    }

    /// The job.
    package let recipe: Recipe
    /// What the table was found to hold.
    package let survey: TableSurvey

    /// How a table is read where nobody said how: every column by what its cells hold, targets in a scale of their own.
    package static func reading(_ source: TableRecipe.Source, targets: [String]) -> TableRecipe {
        TableRecipe(
            source: source, targets: targets, testFraction: 0.2, validationFraction: 0.2, missing: .median,
            roles: .automatic, scaling: .robust, targetScaling: .standard)
    }

    /// The pieces that numbers are given in too: they let a network follow sharp bends, which takes many rows to learn and
    /// pays where values are predicted.
    package static func pieces(_ survey: TableSurvey) -> Int? {
        guard survey.task == .regression, survey.usableRows >= fewestRowsForPieces else { return nil }
        let numbers = survey.columns.count { $0.use == .feature && $0.role == .number }
        return numbers * survey.usableRows <= mostNumbersInPieces ? pieces : nil
    }

    /// The job for a table that was read.
    ///
    /// - Parameters:
    ///   - data: how it was read.
    ///   - prepared: what came of it, with its survey.
    package init(_ data: TableRecipe, _ prepared: PreparedData, survey: TableSurvey, _ choices: Choices) {
        self.survey = survey
        let rows = prepared.training.rows
        let classes = prepared.classNames.count
        let batchSize = choices.batchSize ?? min(Self.batchSize(rows: rows), rows)
        let epochs = choices.epochs ?? Self.epochs
        let steps = max(1, rows / batchSize) * epochs
        let warmup = steps / 10

        var layers = [Dense](
            repeating: Dense(Self.units, activation: .silu, dropout: Self.dropout), count: 2)
        layers.append(
            classes > 0 ? Dense(classes, activation: .softmax) : Dense(prepared.training.targets))
        var optimizer = AdamW()
        optimizer.learningRate = choices.learningRate ?? Self.learningRate(rows: rows)
        optimizer.weightDecay = Self.weightDecay
        optimizer.set("beta_2", to: Self.beta2)
        var job = TrainingJob(
            model: Sequential(layers),
            loss: classes > 0 ? .sparseCategoricalCrossentropy(labelSmoothing: Self.labelSmoothing) : .meanSquaredError,
            metrics: classes > 0
                ? [.sparseCategoricalAccuracy] : [.rootMeanSquaredError, .meanAbsoluteError, .r2Score],
            optimizer: optimizer, epochs: epochs, batchSize: batchSize, sampling: .shuffle, seed: choices.seed)
        // From next to nothing up in a tenth of the steps, then down to nothing.
        var schedule = CosineDecay.cosineDecay(
            decaySteps: max(1, steps - warmup), warmupTarget: optimizer.learningRate, warmupSteps: warmup)
        schedule.initialLearningRate = 0
        job.schedule = schedule
        var data = data
        data.roles = .automatic(Self.roles(survey, data))
        data.task = survey.task
        data.pieces = data.pieces ?? Self.pieces(survey)
        var dashboard = DashboardSettings()
        dashboard.pace = Self.pace(steps: steps)
        recipe = Recipe(
            data: data, job: job, onDivergence: .rewind, refit: rows <= Self.mostRefitted, dashboard: dashboard)
    }

    /// What each column was taken for, so that the job says it. What is left out for a reason of its own is told to be left
    /// out.
    private static func roles(_ survey: TableSurvey, _ data: TableRecipe) -> [String: ColumnRole] {
        let derived = Set(data.derive.map(\.name))
        let columns = survey.columns.filter { $0.use != .target && !derived.contains($0.name) }
        let roles = columns.map { ($0.name, $0.role.isUsed ? $0.role : .ignore) }
        return Dictionary(roles) { role, _ in role }
    }

    // MARK: The numbers

    private static let pieces = 16
    private static let fewestRowsForPieces = 2000
    /// 64 bytes each in their pieces: a gigabyte.
    private static let mostNumbersInPieces = 1 << 24
    /// Units of each of the two hidden layers.
    private static let units = 128
    private static let dropout = 0.15
    private static let labelSmoothing = 0.1
    /// Small tables are learned slowly: 0.002 at 1,000 rows, with the root of their number.
    private static func learningRate(rows: Int) -> Double {
        let rate = 0.002 * (Double(rows) / 1000).squareRoot()
        return min(max((rate * 1e5).rounded() / 1e5, 0.001), 0.006)
    }
    private static let weightDecay = 0.01
    private static let beta2 = 0.95
    private static let epochs = 60
    /// Rows to train on up to which the rows for validation are worth training again with them.
    private static let mostRefitted = 10_000
    /// Seconds that a run is to be watched for.
    private static let watchedSeconds = 20.0

    /// The power of two nearest a 32nd of the rows, from 16 to 256.
    private static func batchSize(rows: Int) -> Int {
        var size = 16
        while size < 256, Double(size) * 2.0.squareRoot() < Double(rows) / 32 { size *= 2 }
        return size
    }

    /// Steps a second at which so many take about ``watchedSeconds``, in two digits.
    private static func pace(steps: Int) -> Double {
        var pace = max(1, Double(steps) / watchedSeconds)
        var unit = 1.0
        while pace >= 100 { (pace, unit) = (pace / 10, unit * 10) }
        return pace.rounded() * unit
    }
}
