import ArgumentParser
import FileAccess
import Foundation
import NcursesTerminal
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
            TrainCommand.self, RunCommand.self, AttachCommand.self, RelayCommand.self, ResumeCommand.self,
            RunsCommand.self, CompareCommand.self, ReportCommand.self, ImportCommand.self, ReplayCommand.self,
            InspectCommand.self, PredictCommand.self, EvaluateCommand.self, ExplainCommand.self, ShowCommand.self,
            ExportCommand.self, InitCommand.self, ThemesCommand.self, ConfigCommand.self, BenchCommand.self,
        ],
        defaultSubcommand: TrainCommand.self)

    /// The program's name and its version, apart.
    static var nameAndVersion: (name: String, version: String) {
        let words = configuration.version.split(separator: " ")
        return (String(words[0]), words.dropFirst().joined(separator: " "))
    }

    static func main() {
        let closed = StandardDescriptors.openMissing()
        TerminalGuard.install()
        let outside = Outside(closed: closed)
        let end = outside.carryOut {
            var command = try parseAsRoot()
            if var command = command as? any ProgramCommand {
                try command.run(in: outside)
            } else {
                try command.run()
            }
        }
        switch end {
        case .code(let code): Foundation.exit(code)
        case .brokenPipe: StandardDescriptors.endByBrokenPipe()
        }
    }
}
