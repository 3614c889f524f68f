import ArgumentParser
import FileAccess
import JobFile
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

    @OptionGroup(title: "Reading the table")
    var options: TableOptions

    @Flag(help: "Print one JSON object.")
    var json = false

    func run(in outside: Outside) throws {
        let source = TableSource.named(table)
        var recipe = AutomaticJob.reading(source, targets: options.target)
        try options.apply(to: &recipe)
        let survey = try SurveyedTable.readVisibly(recipe, outside.errors).survey
        if json {
            outside.output.write(asciiJSON(survey.jsonText) + "\n")
        } else {
            outside.output.answer(SurveyText(survey).text)
        }
    }
}
