import ArgumentParser
import FileAccess
import Foundation
import JobFile
import Tabular
import Wording

/// `traintui init`: a job as a file to start from, the built-in one or one for a table; or a script for SLURM.
struct InitCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Write a job, commented, to a file of your own.",
        discussion: """
            With --data and --target it is the job that is trained on that table when there is no file, with the reason \
            for each choice; else the built-in job. With --slurm it is a batch script for a job file that is there.
            """)

    @Argument(
        help: "Where to write it; with --slurm, the job file that is there.", completion: .file(extensions: ["toml"]))
    var file = "train.toml"

    @Option(
        help: ArgumentHelp("Choose a job for this CSV file; needs --target.", valueName: "file"),
        completion: .file(extensions: ["csv", "tsv", "txt"]))
    var data: String?

    @OptionGroup(title: "Reading the table")
    var table: TableOptions

    @OptionGroup(title: "Several computers")
    var computers: SlurmOptions

    @Flag(help: "Replace a file that is there already.")
    var force = false

    func run(in outside: Outside) throws {
        if computers.slurm { return try writeScript(outside) }
        var paths = CommandPaths(outside.calls)
        do throws(CommandPaths.PathError) {
            if let data { try paths.add(data, as: "--data", .reads) }
            try paths.add(file, as: "the job file", .writes)
        } catch {
            throw Failure(error)
        }
        let text = try text(outside)
        try write(text, to: file, outside)
        outside.output.say("wrote \(visible(file)); train with: traintui \(visible(file))\n")
    }

    private func writeScript(_ outside: Outside) throws(Failure) {
        guard data == nil, table.isEmpty else {
            throw Failure(.usage, "--slurm is for a job file that is there: write it first, without --slurm")
        }
        let recipe: Recipe
        do throws(JobFileError) { recipe = try Recipe.read(path: file) } catch { throw Failure(error) }
        try TorchRun.check(recipe)
        let script = SlurmScript(
            job: file, nodes: computers.nodes ?? 2, processes: computers.processes ?? 1,
            device: computers.device ?? .cpu)
        try write(script.text, to: script.path, outside)
        outside.output.say("wrote \(visible(script.path)); train with: sbatch \(visible(script.path))\n")
    }

    private func write(_ text: String, to path: String, _ outside: Outside) throws(Failure) {
        do throws(FileError) {
            // Without --force the file is made only if there is none, in one step.
            try WholeFile(path, outside.calls).write(Array(text.utf8), mustBeNew: !force)
        } catch {
            guard error.isThere else { throw Failure(unwritten: error) }
            throw Failure(.cannotCreate, "\(visible(path)) is there already; --force replaces it")
        }
    }

    private func text(_ outside: Outside) throws(Failure) -> String {
        guard let reading = try table.reading(of: data) else {
            guard table.isEmpty else {
                throw Failure(.usage, "--target and what else is said of a table need --data: which table?")
            }
            return Recipe.template
        }
        guard case .path(let path) = reading.source, path != "/dev/stdin" else {
            throw Failure(.usage, "a job file needs a table with a name, which standard input has not")
        }
        return try AutomaticJob.madeVisibly(for: reading, AutomaticJob.Choices(), outside.errors).job
            .text(path: pathInFile(path))
    }

    /// The table's path as it is written: relative paths in a job file begin at the file's folder.
    private func pathInFile(_ path: String) -> String {
        let isElsewhere = !(file as NSString).deletingLastPathComponent.isEmpty
        return isElsewhere && !path.hasPrefix("/") ? URL(filePath: path).standardizedFileURL.path() : path
    }
}
