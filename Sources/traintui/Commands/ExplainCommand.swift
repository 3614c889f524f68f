import ArgumentParser
import Canvas
import FileAccess
import JobFile
import Tabular
import TrainCore
import Wording

/// `traintui explain`: which columns a saved model's predictions hang on.
struct ExplainCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Say which columns a saved model's predictions hang on.",
        discussion: """
            Each column's cells trade places among the rows, and what R² (for classes, accuracy) loses by that is the \
            column's importance: the mean of some repetitions and their standard deviation. The table needs the target, \
            and says most where the model was not trained on it. Columns that say the same share what they are worth, \
            so that none of them may look important. A derived column is one of its own.
            """)

    @Argument(help: "A model that --save wrote.", completion: .file(extensions: ["safetensors"]))
    var model: String

    @Argument(help: "A CSV file; - is standard input.", completion: .file(extensions: ["csv", "tsv", "txt"]))
    var table: String

    @Option(help: ArgumentHelp("How often each column's cells trade places.", valueName: "n"))
    var repeats = 10

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard (1...1000).contains(repeats) else { throw ValidationError("--repeats must be from 1 to 1000") }
    }

    func run(in outside: Outside) throws {
        let model = try SavedModel(self.model)
        let table = try model.featureSpace.applyVisibly(
            to: TableSource.named(self.table), withTargets: true, outside.errors)
        for note in table.notes { outside.errors.say("note: \(table.source): \(note)") }
        let rows = (0..<table.rows).count { row in table.targets.allSatisfy { $0[row].isFinite } }
        guard rows > 0 else {
            let names = model.featureSpace.targets.map { "'\(visible($0.name, limit: 40))'" }
            throw Failure(.badData, "\(table.source): no row has a known \(names.joined(separator: " and "))")
        }
        if rows < table.rows {
            let missing = table.rows - rows
            outside.errors.say(
                "note: \(table.source): \(missing) \(missing == 1 ? "row has" : "rows have") no known target and "
                    + "\(missing == 1 ? "is" : "are") left out")
        }
        let trainer = try model.trainer()
        let importance = PermutationImportance(
            model.featureSpace, table, units: model.units, repeats: repeats, seed: model.recipe.job.seed
        ) { trainer.predict($0, rows: $1) }
        let text = ImportanceText(importance, model.featureSpace)
        if json { outside.output.write(asciiJSON(text.json) + "\n") } else { outside.output.answer(text.text) }
    }
}

/// Importances as text, the greatest first.
struct ImportanceText {
    private let importance: PermutationImportance
    private let space: FeatureSpace
    private let columns: [PermutationImportance.Column]

    init(_ importance: PermutationImportance, _ space: FeatureSpace) {
        self.importance = importance
        self.space = space
        // Of equals the first in the table comes first.
        columns = importance.columns.enumerated()
            .sorted { ($1.element.mean, $0.offset) < ($0.element.mean, $1.offset) }.map(\.element)
    }

    /// The score's name for people, and for programs.
    private var score: (title: String, key: String) {
        let areClasses = Set(space.targets.map { !$0.classNames.isEmpty })
        return areClasses == [true]
            ? ("accuracy", "accuracy") : areClasses == [false] ? ("R²", "r2") : ("score", "score")
    }

    /// Characters of the longest bar.
    private static let barWidth = 20

    /// A line about the score, and a line a column: its name, its mean loss, its spread, and a bar.
    var text: String {
        let targets = space.targets.map { "'\(visible($0.name, limit: 40))'" }.joined(separator: ", ")
        let repeats = columns.first?.drops.count ?? 0
        let number = { (value: Double) in NumberFormat.fixed(value, decimals: 4).description }
        var lines = [
            "\(score.title) of \(targets) is \(number(importance.score)) on \(importance.rows) "
                + "\(importance.rows == 1 ? "row" : "rows"); it loses, where a column's cells trade places "
                + "(\(repeats) \(repeats == 1 ? "time" : "times")):",
            "",
        ]
        let cells = columns.map { (visible($0.name, limit: 40), number($0.mean), number($0.deviation)) }
        let widths = (
            cells.map { SafeText($0.0).width }.max() ?? 0, cells.map { SafeText($0.1).width }.max() ?? 0,
            cells.map { SafeText($0.2).width }.max() ?? 0
        )
        let greatest = columns.first?.mean ?? 0
        for (column, cell) in zip(columns, cells) {
            let share = greatest > 0 ? max(0, column.mean / greatest) : 0
            let bar = String(repeating: "█", count: Int((share * Double(Self.barWidth)).rounded()))
            let name = cell.0 + String(repeating: " ", count: widths.0 - SafeText(cell.0).width)
            let mean = String(repeating: " ", count: widths.1 - SafeText(cell.1).width) + cell.1
            let spread = String(repeating: " ", count: widths.2 - SafeText(cell.2).width) + cell.2
            lines.append("  \(name)  \(mean) ± \(spread)" + (bar.isEmpty ? "" : "  \(bar)"))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// One object.
    var json: String {
        let columns = columns.map { column in
            "{\"column\":\(quoted(column.name)),\"mean\":\(column.mean),\"deviation\":\(column.deviation),"
                + "\"drops\":[\(column.drops.map { "\($0)" }.joined(separator: ","))]}"
        }
        return "{\"measure\":\(quoted(score.key)),\"score\":\(importance.score),\"rows\":\(importance.rows),"
            + "\"columns\":[\(columns.joined(separator: ","))]}"
    }
}
