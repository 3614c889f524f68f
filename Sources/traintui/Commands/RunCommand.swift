import ArgumentParser
import FileAccess
import Foundation
import RemoteEngine
import Wording

/// `traintui run -- COMMAND`: a command with a Python training in it, and the dashboard over that.
struct RunCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Start a Python training, and watch and steer it.",
        discussion: """
            traintui run -- python train.py. A loop in PyTorch needs no change: its optimizer's steps are seen. Any other \
            loop says where its steps are by traintui.watch, which is there to be imported; Keras's fit takes \
            callbacks=[traintui.KerasCallback()]. What the command prints goes to a file. It goes on when the dashboard \
            is closed, and traintui attach opens another one.
            """)

    @Option(help: ArgumentHelp("What the run is called; without, as the script.", valueName: "name"))
    var name: String?

    @Flag(help: "Pause before the first step.")
    var paused = false

    @Flag(help: "Start the command, say where it is, and open no dashboard.")
    var detach = false

    @OptionGroup
    var attached: AttachedOptions

    @Argument(
        parsing: .postTerminator, help: ArgumentHelp("The command, behind a --.", valueName: "command"))
    var command: [String] = []

    func validate() throws {
        if command.isEmpty { throw ValidationError("say what to run behind a --: traintui run -- python train.py") }
    }

    func run(in outside: Outside) throws {
        let folder = try LaunchFolder(title: name ?? title)
        let path = SocketFolder.standard.path(of: folder.name)
        if detach {
            let process = try folder.start(command, paused: paused)
            outside.output.answer(
                """
                run         \(visible(folder.name)) (process \(process.id))
                output      \(visible(folder.log))

                """)
            return
        }
        let place = TrainingPlace(socket: path, title: name ?? title, log: .file(folder.log))
        let shown = AttachedDashboard(place, role: .drive, attached, outside)
        var (engine, reaper) = (RemoteEngine?.none, Reaper?.none)
        defer { tell(folder, reaper?.end, outside) }
        try shown.show { made in
            engine = made
            reaper = Reaper(of: try folder.start(command, paused: paused), log: folder.log, telling: made)
        }
        // What said that it ends has some of its own to clear away.
        let end = engine?.isOver == true ? reaper?.wait(seconds: 5) : reaper?.end
        if let end, end != .code(0) {
            throw Failure(.runFailed, "\(end.words)\(LastLine(of: folder.log).words)")
        }
    }

    /// The script's name without its ending, or the command's.
    private var title: String {
        let file = command.first { $0.hasSuffix(".py") } ?? command[0]
        return URL(filePath: file).deletingPathExtension().lastPathComponent
    }

    private func tell(_ folder: LaunchFolder, _ end: LaunchedProcess.End?, _ outside: Outside) {
        if end == nil { outside.output.say("goes on     traintui attach \(visible(folder.name))\n") }
        outside.output.say("output      \(visible(folder.log))\n")
    }
}

/// The last line that a command printed, for whoever wonders why it ended.
struct LastLine {
    private let line: String

    init(of path: String) {
        guard let file = FileHandle(forReadingAtPath: path) else {
            line = ""
            return
        }
        let size = file.seekToEndOfFile()
        file.seek(toFileOffset: size > 4096 ? size - 4096 : 0)
        let text = String(decoding: file.readDataToEndOfFile(), as: UTF8.self)
        // A bar that is drawn over and over is one line.
        line = String(text.split { $0.isNewline }.last { !$0.allSatisfy(\.isWhitespace) } ?? "")
    }

    /// ": ValueError: mine"; "" where it printed nothing.
    var words: String { line.isEmpty ? "" : ": \(visible(line, limit: 160))" }
}
