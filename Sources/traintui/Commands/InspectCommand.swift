import ArgumentParser
import FileAccess
import Tabular
import Wording

/// `traintui inspect`: what a table is found to hold, before anything is trained.
struct InspectCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Say what each column of a table is, and what becomes of it.",
        discussion: """
            It is what a training with roles = "automatic" finds out about the table. Nothing is trained or written.
            """)

    @Argument(
        help: "A CSV file; - is standard input.", completion: .file(extensions: ["csv", "tsv", "txt"]))
    var table: String

    @Option(help: ArgumentHelp("The column to predict; may be given more than once.", valueName: "column"))
    var target: [String] = []

    @Option(
        help: ArgumentHelp(
            "What a column is: number, category, date, yes_no or ignore; may be given more than once.",
            valueName: "column=role"))
    var role: [String] = []

    @Option(help: ArgumentHelp("What is predicted: classification or regression.", valueName: "task"))
    var task: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    func run(in outside: Outside) throws {
        let source = TableSource.named(table)
        var recipe = TableRecipe(source: source, targets: target, roles: .automatic(try roles()))
        recipe.task = try task.map { name throws(Failure) in
            try Self.choice(name, "task", LearningTask.allCases.map { ($0.rawValue, $0) })
        }
        let survey = try SurveyedTable.readVisibly(recipe, outside.errors).survey
        if json {
            outside.output.write(asciiJSON(survey.jsonText) + "\n")
        } else {
            outside.output.answer(SurveyText(survey).text)
        }
    }

    /// The roles that the options give to columns. A name may have `=` in it, a role has not.
    private func roles() throws(Failure) -> [String: ColumnRole] {
        var roles: [String: ColumnRole] = [:]
        for option in role {
            guard let mark = option.lastIndex(of: "=") else {
                throw Failure(.usage, "--role \(visible(option)): expected COLUMN=ROLE, such as zip=category")
            }
            roles[String(option[..<mark])] = try Self.choice(
                String(option[option.index(after: mark)...]), "role",
                ColumnRole.assignable.map { ($0.rawValue, $0) })
        }
        return roles
    }

    private static func choice<Thing>(
        _ name: String, _ kind: String, _ things: [(name: String, thing: Thing)]
    ) throws(Failure) -> Thing {
        if let found = things.first(where: { $0.name == name }) { return found.thing }
        throw Failure(
            .usage,
            "there is no \(kind) '\(visible(name))'; \(hint(for: name, among: things.map(\.name), plural: "\(kind)s"))")
    }
}
