import ArgumentParser
import FileAccess
import Foundation

/// `traintui resume`: goes on with a run that was ended, or cut off.
struct ResumeCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Go on with a run that was ended or cut off, from where it stood.",
        discussion: """
            From its newest whole checkpoint and what its journal tells after it the run stands where it was, to the bit: \
            branches, undo, edits and chart. It goes on in the same journal. In a terminal it waits for the space key. The \
            data must be those of the run, by their SHA-256.
            """)

    @Argument(help: "A run's name or a part of it, its folder or journal; without one, the last run that did not end.")
    var run: String?

    @Option(
        help: ArgumentHelp(
            "Begin a new run where this checkpoint was made, and leave the one that made it as it is.",
            valueName: "checkpoint"),
        completion: .file(extensions: ["safetensors"]))
    var from: String?

    @Option(
        help: ArgumentHelp(
            "Draw another run under this one in the dashboard, by its name or a part of it; without a dashboard, compare "
                + "with it at the end. May be given again.",
            valueName: "run"))
    var against: [String] = []

    @Option(help: ArgumentHelp("Add epochs to those that the run has.", valueName: "n"))
    var extend: Int?

    @Flag(help: "Print the status bar instead of opening the dashboard.")
    var headless = false

    @Flag(help: "Print one event a line, as JSON.")
    var json = false

    @Option(
        help: ArgumentHelp(
            "Write the weights to this file at the end; without, where the run was to write them.", valueName: "file"),
        completion: .file(extensions: ["safetensors"]))
    var save: String?

    @Option(
        help: ArgumentHelp(
            "Write every further step's losses to this CSV file, behind what is in it.", valueName: "file"),
        completion: .file(extensions: ["csv"]))
    var logSteps: String?

    @Option(
        help: ArgumentHelp(
            "Write a row for every further epoch to this file, as Keras's CSVLogger, behind what is in it.",
            valueName: "file"), completion: .file(extensions: ["csv"]))
    var csvLog: String?

    @Option(
        name: .customLong("tensorboard"),
        help: ArgumentHelp("Write further event files for TensorBoard to this folder.", valueName: "folder"),
        completion: .directory)
    var tensorBoard: String?

    @Option(
        help: ArgumentHelp("The data's file, where it is not where it was.", valueName: "file"),
        completion: .file(extensions: ["csv", "tsv", "txt"]))
    var data: String?

    @Option(
        name: .customLong("init"),
        help: ArgumentHelp(
            "The file of the weights that the run began with, where it is not where it was.", valueName: "file"),
        completion: .file(extensions: ["safetensors"]))
    var initialWeights: String?

    @Option(help: ArgumentHelp("Steps a second to watch by; 0 is as fast as it goes.", valueName: "n"))
    var pace: Double?

    @Option(
        help: ArgumentHelp("Seconds between checkpoints; without, as many as cost no more than 1 %.", valueName: "x"))
    var checkpointEvery: Double?

    @OptionGroup(title: "The dashboard")
    var dashboard: DashboardOptions

    func validate() throws {
        if json, !against.isEmpty { throw ValidationError(TrainCommand.noPlaceForAgainst) }
        if from != nil, run != nil { throw ValidationError("--from names the run; RUN is for going on with one") }
        if let extend, !(1...1_000_000_000).contains(extend) {
            throw ValidationError("--extend must be a whole number from 1 to 1,000,000,000")
        }
        for (name, value) in [("--pace", pace), ("--checkpoint-every", checkpointEvery)] {
            if let value, !(value.isFinite && value >= 0) { throw ValidationError("\(name) must be 0 or more") }
        }
    }

    func run(in outside: Outside) throws {
        let run = try PreparedRun(self, outside)
        if headless || json || isatty(STDOUT_FILENO) == 0 || isatty(STDIN_FILENO) == 0 {
            try HeadlessRun(run, paceGiven: pace, asJSON: json).run()
        } else {
            try DashboardRun(run, dashboard).run()
        }
    }
}
