import ArgumentParser
import Foundation
import JobFile
import Wording

/// `traintui init`: the built-in job as a file to start from.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Write the built-in job, commented, to a file of your own.")

    @Argument(help: "Where to write it.", completion: .file(extensions: ["toml"]))
    var file = "train.toml"

    @Flag(help: "Replace a file that is there already.")
    var force = false

    func run() throws {
        do {
            // Without --force the file is made only if there is none, in one step.
            try Data(Recipe.template.utf8).write(
                to: URL(filePath: file), options: force ? .atomic : .withoutOverwriting)
        } catch CocoaError.fileWriteFileExists {
            throw Failure(.cannotCreate, "\(visible(file)) is there already; --force replaces it")
        } catch {
            throw Failure(.cannotCreate, "\(visible(file)): cannot be written: \(reason(error))")
        }
        print("wrote \(visible(file)); train with: traintui \(visible(file))")
    }
}
