import ArgumentParser
import Foundation
import JSONLines
import KerasExport
import Tabular
import TrainProtocol
import Wording

/// `traintui export --keras`: a run as one Python file, which needs nothing of this program.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write a run as a Python script for Keras, edits and all.",
        discussion: """
            The script is the book's custom training loop with the job's model, the same initial weights and the same \
            batches, and it makes the edits where they were made; what was undone or left is not in it. It needs \
            numpy, Keras 3 and TensorFlow, and prints the means of the epochs as this program does.
            """)

    @Flag(help: "As a script for Keras 3.")
    var keras = false

    @OptionGroup var options: JournalOptions

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("Where to write the script, instead of printing it.", valueName: "file"),
        completion: .file(extensions: ["py"]))
    var output: String?

    @Option(
        help: ArgumentHelp(
            "The CSV file that the script reads: a built-in table is written there, other data are there now.",
            valueName: "file"),
        completion: .file(extensions: ["csv", "tsv", "txt"]))
    var data: String?

    func validate() throws {
        guard keras else { throw ValidationError("say what to write: --keras, a Python script for Keras 3") }
    }

    func run() throws {
        let path = try options.path()
        let journal = try JournalFile.read(path)
        let table = Table(journal.header.data, named: data)
        let run = try JournalledRun(
            journal, path: path, dataPath: table.isBuiltin ? nil : data, weightsPath: options.initialWeights)
        let script = try script(of: run, reading: table.file)
        if let data, let bytes = table.bytes { try write(table: bytes, to: data) }
        try write(script)
        for warning in run.warnings { printError("warning: \(warning)") }
        if journal.isCutOff {
            let step = journal.entries.last?.step ?? 0
            printError("warning: \(visible(path)): ends at step \(step) without the run's end; so does the script")
        }
        if table.isBuiltin, data == nil {
            printError("note: the script reads \(table.file), the built-in table; --data \(table.file) writes it")
        }
    }

    private func script(of run: JournalledRun, reading file: String) throws(Failure) -> String {
        let header = run.journal.header
        do throws(KerasExportError) {
            return try KerasScript(
                run.recipe, data: run.data, title: header.title, entries: run.journal.entries, tableFile: file,
                initialWeights: header.initialWeights.map { options.initialWeights ?? $0.path },
                program: Traintui.configuration.version
            ).text
        } catch {
            throw Failure(error)
        }
    }

    private func write(_ script: String) throws(Failure) {
        guard let output else { return print(script, terminator: "") }
        do {
            try Data(script.utf8).write(to: URL(filePath: output), options: .atomic)
        } catch {
            throw Failure(.cannotCreate, "\(visible(output)): cannot be written: \(reason(error))")
        }
    }

    /// Writes the built-in table, but over nothing: elsewhere the option names a file that a person cares for.
    private func write(table bytes: [UInt8], to path: String) throws(Failure) {
        let file = URL(filePath: path)
        do {
            try Data(bytes).write(to: file, options: .withoutOverwriting)
        } catch CocoaError.fileWriteFileExists {
            do {
                if try Data(contentsOf: file) == Data(bytes) { return }
            } catch {
                throw Failure(.noInput, "\(visible(path)): cannot be read: \(reason(error))")
            }
            throw Failure(.cannotCreate, "\(visible(path)): is there already and not the built-in table")
        } catch {
            throw Failure(.cannotCreate, "\(visible(path)): cannot be written: \(reason(error))")
        }
    }
}

/// The CSV file that a script reads.
private struct Table {
    /// Its path.
    let file: String
    /// What is in it, nil where it is no built-in table.
    let bytes: [UInt8]?

    var isBuiltin: Bool { bytes != nil }

    /// - Parameter path: what the person calls it; nil for its own name, or where it was.
    init(_ source: JournalHeader.Source, named path: String?) {
        switch source {
        case .builtin(let name):
            let builtin = TableRecipe.Source.builtin(name).builtinFile
            (file, bytes) = (path ?? builtin?.name ?? name, builtin?.bytes)
        case .path(let place):
            (file, bytes) = (path ?? place, nil)
        }
    }
}
