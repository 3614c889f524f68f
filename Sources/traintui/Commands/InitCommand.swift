import ArgumentParser
import FileAccess
import JobFile
import Wording

/// `traintui init`: the built-in job as a file to start from.
struct InitCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Write the built-in job, commented, to a file of your own.")

    @Argument(help: "Where to write it.", completion: .file(extensions: ["toml"]))
    var file = "train.toml"

    @Flag(help: "Replace a file that is there already.")
    var force = false

    func run(in outside: Outside) throws {
        var paths = CommandPaths(outside.calls)
        do throws(CommandPaths.PathError) {
            try paths.add(file, as: "the job file", .writes)
        } catch {
            throw Failure(error)
        }
        do throws(FileError) {
            // Without --force the file is made only if there is none, in one step.
            try WholeFile(file, outside.calls).write(Array(Recipe.template.utf8), mustBeNew: !force)
        } catch {
            guard error.isThere else { throw Failure(unwritten: error) }
            throw Failure(.cannotCreate, "\(visible(file)) is there already; --force replaces it")
        }
        outside.output.say("wrote \(visible(file)); train with: traintui \(visible(file))\n")
    }
}
