import ArgumentParser
import FileAccess

/// `traintui compare`: runs side by side.
struct CompareCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Show runs side by side: scores, what differs, validation by epochs.",
        discussion: """
            Where runs share data and seed their batches are the same, so the differences are paired and said as such.
            """)

    @Argument(help: "Two to nine runs, by their names or parts of them, their folders or journals.")
    var runs: [String]

    func validate() throws {
        guard (2...9).contains(runs.count) else { throw ValidationError("compare takes two to nine runs") }
    }

    func run(in outside: Outside) throws {
        let compared = try runs.map { text throws(Failure) in try ComparedRun(RunPlace.named(text)) }
        outside.output.answer(ComparisonText(compared, outside.output.spelling).text)
    }
}
