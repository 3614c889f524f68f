import ArgumentParser
import TrainCore

/// The program: `train` unless another command is named.
@main
struct Traintui: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "traintui",
        abstract: "Train a neural network in front of your eyes, and steer it.",
        discussion: """
            Without an argument the built-in job is trained: the book's network on 19,537 observations of Atlantic \
            storms. `traintui init` writes that job to train.toml, to be made your own.
            """,
        version: "traintui 0.1.0",
        subcommands: [
            TrainCommand.self, ReplayCommand.self, ExportCommand.self, InitCommand.self, ThemesCommand.self,
            BenchCommand.self,
        ],
        defaultSubcommand: TrainCommand.self)

    static func main() {
        // Output into a pipe that was closed is no reason to die without a word.
        ignoreBrokenPipes()
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let failure as Failure {
            failure.exit()
        } catch {
            exit(withError: error)
        }
    }
}
