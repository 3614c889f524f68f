import ArgumentParser
import FileAccess
import JSONLines
import JobFile
import KerasExport
import Tabular
import TrainCore
import TrainProtocol
import Wording

/// `traintui export`: a saved model for onnxruntime or Keras, or a run as a script for Keras. What is written needs
/// nothing of this program.
struct ExportCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write a saved model or a run for other programs: ONNX, Keras.",
        discussion: """
            --onnx writes a model that --save wrote as one file for onnxruntime 1.17 or later, from the table's columns \
            to the predictions in the target's own unit.

            --keras writes a Python script. Of a model, it builds the network, takes the weights from the model's file, \
            prepares the rows of a table and predicts, with numpy and Keras 3. Of a run's journal, it is the book's \
            custom training loop with the job's model, the same initial weights and the same batches, and it makes the \
            edits where they were made; what was undone or left is not in it. That one needs numpy, Keras 3 and \
            TensorFlow, and prints the means of the epochs as this program does.
            """)

    @Flag(help: "As a script for Keras 3.")
    var keras = false

    @Option(
        help: ArgumentHelp("Write a model for onnxruntime there.", valueName: "file"),
        completion: .file(extensions: ["onnx"]))
    var onnx: String?

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
        guard keras || onnx != nil else {
            throw ValidationError("say what to write: --keras, a Python script for Keras 3, or --onnx FILE, a model")
        }
        guard onnx != nil else { return }
        guard !keras else { throw ValidationError("--keras and --onnx are two exports") }
        guard options.journal != nil else { throw ValidationError("say of which model: export MODEL --onnx FILE") }
        guard output == nil, data == nil, options.initialWeights == nil else {
            throw ValidationError("--output, --data and --init are for --keras")
        }
    }

    func run(in outside: Outside) throws {
        let path = try options.path()
        if let onnx { return try writeONNX(path, to: onnx, outside) }
        if SavedModel.isLikely(path, outside.calls) { return try writeModelScript(path, outside) }
        let journal = try JournalFile.read(path)
        let table = Table(journal.header.data, named: data)
        try check(path, table, journal.header, outside.calls)
        let run = try JournalledRun(
            journal, path: path, dataPath: table.isBuiltin ? nil : data, weightsPath: options.initialWeights, outside)
        let best = BestStep(journal, path: path, run.recipe.job.earlyStopping)
        let script = try script(of: run, reading: table.file, best.step)
        if let data, let bytes = table.bytes { try write(table: bytes, to: data, outside.calls) }
        try write(script, outside)
        for warning in run.warnings + best.warnings { outside.errors.say("warning: \(warning)") }
        if journal.isCutOff {
            let step = journal.entries.last?.step ?? 0
            outside.errors.say(
                "warning: \(visible(path)): ends at step \(step) without the run's end; so does the script")
        }
        if table.isBuiltin, data == nil {
            outside.errors.say(
                "note: the script reads \(table.file), the built-in table; --data \(table.file) writes it")
        }
    }

    private func script(of run: JournalledRun, reading file: String, _ best: Int?) throws(Failure) -> String {
        let header = run.journal.header
        do throws(KerasExportError) {
            return try KerasScript(
                run.recipe, data: run.data, title: header.title, entries: run.journal.entries, tableFile: file,
                initialWeights: header.initialWeights.map { options.initialWeights ?? $0.path }, bestStep: best,
                program: Traintui.configuration.version
            ).text
        } catch {
            throw Failure(error)
        }
    }

    /// Throws where the script would be written over what it is made of.
    private func check(
        _ journal: String, _ table: Table, _ header: JournalHeader, _ calls: SystemCalls
    ) throws(Failure) {
        var paths = CommandPaths(calls)
        do throws(CommandPaths.PathError) {
            try paths.add(journal, as: "the journal", .reads)
            if !table.isBuiltin {
                try paths.add(table.file, as: data == nil ? "the run's data" : "--data", .reads)
            } else if let data {
                try paths.add(data, as: "--data", .writes)
            }
            if let path = options.initialWeights ?? header.initialWeights?.path {
                try paths.add(path, as: options.initialWeights == nil ? "the run's weights" : "--init", .reads)
            }
            if let output { try paths.add(output, as: "--output", .writes) }
        } catch {
            throw Failure(error)
        }
        guard let output else { return }
        do throws(FileError) { try WholeFile(output, calls).check() } catch { throw Failure(unwritten: error) }
    }

    func write(_ script: String, _ outside: Outside) throws(Failure) {
        guard let output else { return outside.output.write(script) }
        do throws(FileError) {
            try WholeFile(output, outside.calls).write(Array(script.utf8))
        } catch {
            throw Failure(unwritten: error)
        }
    }

    /// Writes the built-in table, but over nothing: elsewhere the option names a file that a person cares for.
    private func write(table bytes: [UInt8], to path: String, _ calls: SystemCalls) throws(Failure) {
        do throws(FileError) {
            try WholeFile(path, calls).write(bytes, mustBeNew: true)
        } catch {
            guard error.isThere else { throw Failure(unwritten: error) }
            guard try isAlready(bytes, at: path) else {
                throw Failure(.cannotCreate, "\(visible(path)): is there already and not the built-in table")
            }
        }
    }

    private func isAlready(_ bytes: [UInt8], at path: String) throws(Failure) -> Bool {
        do throws(FileError) {
            let file = try InputFile(path, meaning: "a CSV file")
            // One more than there may be, to see that there is not one more.
            return try file.read(bytes.count + 1) == bytes
        } catch {
            throw Failure(unread: error)
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
