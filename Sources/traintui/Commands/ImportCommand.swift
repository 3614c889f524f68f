import ArgumentParser
import FileAccess
import Wording

/// `traintui import`: what other programs logged, as runs beside one's own.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Make runs of what other programs logged: event files of TensorBoard, CSV logs.",
        discussion: """
            An imported run is listed, opened, compared, drawn under another one and reported as one's own; it has no job, so \
            it cannot be gone on with or taken again.
            """,
        subcommands: [TensorBoard.self, CSV.self])

    /// How the runs are filed.
    struct Filing: ParsableArguments {
        @Option(help: ArgumentHelp("What to call the run; else as its file or folder is called.", valueName: "name"))
        var name: String?

        @Option(
            name: .customLong("tag"), help: ArgumentHelp("A word to file it under; again for more.", valueName: "word"))
        var tags: [String] = []
    }

    struct TensorBoard: ProgramCommand {
        static let configuration = CommandConfiguration(
            commandName: "tensorboard",
            abstract: "Import a folder of event files, as Keras, PyTorch and others write them for TensorBoard.",
            discussion: """
                Each folder in it with event files becomes a run; `train` and `validation` in one are its parts. What a number \
                is, is told by its name: loss, learning rate, val or validation, epoch.
                """)

        @Argument(help: "The folder that TensorBoard is pointed at.", completion: .directory)
        var folder: String

        @OptionGroup(title: "The run")
        var filing: Filing

        func run(in outside: Outside) throws {
            let folders = try EventFolder(folder).runs
            let isAlone = folders.count == 1 && folders[0].files.count == 1
            var warnings: [String] = []
            var runs: [LoggedRun] = []
            for (name, path, files) in folders {
                let run = try LoggedRun(events: path, named: name, files, isAlone: isAlone, warnings: &warnings)
                if run.hasLoss {
                    runs.append(run)
                } else {
                    warnings.append("\(visible(path)): no loss is logged there; left out")
                }
            }
            for warning in warnings { outside.errors.say("warning: \(warning)") }
            guard !runs.isEmpty else { throw Failure(.badData, "\(visible(folder)): has no run with a loss") }
            guard runs.count == 1 || filing.name == nil else {
                throw Failure(
                    .usage, "\(visible(folder)): has \(runs.count) runs, and --name is one; import them one by one")
            }
            for run in runs { try ImportCommand.write(run, "tensorboard", filing, outside) }
        }
    }

    struct CSV: ProgramCommand {
        static let configuration = CommandConfiguration(
            commandName: "csv", abstract: "Import a log of Keras's CSVLogger: a row an epoch.",
            discussion:
                "An epoch that comes twice, as after a run that went on in the same file, counts as it came last.")

        @Argument(help: "The CSV file.", completion: .file(extensions: ["csv", "log", "tsv"]))
        var file: String

        @OptionGroup(title: "The run")
        var filing: Filing

        func run(in outside: Outside) throws {
            let run = try LoggedRun(csv: file)
            guard run.hasLoss else {
                throw Failure(.badData, "\(visible(file)): has no column 'loss' or 'val_loss' with a number in it")
            }
            try ImportCommand.write(run, "csv", filing, outside)
        }
    }

    private static func write(
        _ run: LoggedRun, _ format: String, _ filing: Filing, _ outside: Outside
    ) throws(Failure) {
        let folder: JournalFolder
        do throws(FileError) { folder = try JournalFolder.standard() } catch { throw Failure(unread: error) }
        if !run.leftOut.isEmpty {
            let names = run.leftOut.prefix(3).map { visible($0, limit: 40) }.joined(separator: ", ")
            outside.errors.say(
                "warning: \(visible(run.source)): \(run.leftOut.count) metrics are more than a run has and were left out, "
                    + "such as \(names)")
        }
        let name = try run.write(to: folder, format: format, name: filing.name, tags: filing.tags, outside.calls)
        outside.output.answer("imported    \(visible(name))\n")
    }
}
