import ArgumentParser
import FileAccess
import Foundation
import RemoteEngine
import Wording

/// `traintui relay RUN`: a training's socket on standard input and output, for a dashboard on another computer.
struct RelayCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "relay", abstract: "Pass a training's protocol through standard input and output.",
        discussion: """
            What `traintui attach HOST:RUN` starts on HOST by ssh. Lines of the protocol go in, lines come out, until one \
            side ends.
            """)

    @Argument(help: ArgumentHelp("A run's name, its process number or its socket.", valueName: "run"))
    var run: String?

    func run(in outside: Outside) throws {
        let place = try TrainingSocket(run)
        do throws(SocketError) { try LocalSocket.relay(place.path) } catch {
            throw Failure(.noInput, "\(visible(place.path)) \(error)")
        }
    }
}
