import ArgumentParser
import FileAccess
import Wording

/// `traintui report`: a run as one page for a browser, to keep, print or send.
struct ReportCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write a run as one HTML page: charts, edits and what they came to, scores, job.",
        discussion: """
            The page needs nothing beside itself and says all that is kept of the run. Whether an edit helped is said where \
            there is a control: where it was taken back, the branch with it stands beside the run without it, on the same \
            batches.
            """)

    @Argument(help: "A run's name or a part of it, its folder or journal.")
    var run: String

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Where the page goes.", valueName: "file"),
        completion: .file(extensions: ["html"]))
    var output: String

    func run(in outside: Outside) throws {
        let page = ReportPage(try ReportedRun(run))
        do throws(FileError) {
            try WholeFile(output, outside.calls).write(Array(page.text.utf8))
        } catch {
            throw Failure(unwritten: error)
        }
        outside.output.answer("report      \(visible(output))\n")
    }
}
