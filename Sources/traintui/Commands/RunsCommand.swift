import ArgumentParser
import FileAccess
import Foundation
import LiveDashboard
import Wording

/// `traintui runs`: the runs there are, and what can be done with them.
struct RunsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs", abstract: "List the runs, show one, remove some, write a note about one.",
        discussion: """
            Kept are the last 100 runs, and beside them the last 20 launches in which nothing was done: that ended before \
            their first epoch did, without an edit, a name or a note.
            """,
        subcommands: [List.self, Show.self, Remove.self, Prune.self, Note.self, Pin.self, Tag.self],
        defaultSubcommand: List.self)

    /// The folder of all runs.
    fileprivate static func folder() throws(Failure) -> JournalFolder {
        do throws(FileError) { return try JournalFolder.standard() } catch { throw Failure(unread: error) }
    }

    /// The run of that name.
    fileprivate static func run(named name: String, in folder: JournalFolder) throws(Failure) -> RunFolder {
        if let run = try folder.run(named: name) { return run }
        throw Failure(.noInput, "there is no run '\(visible(name, limit: 80))'; `traintui runs` lists all")
    }

    struct List: ProgramCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the runs (the default): in a terminal a screen, elsewhere a table, the newest last.")

        @Flag(help: "Print a table in a terminal too.")
        var plain = false

        @Flag(help: "Print all of them, not only the last 30.")
        var all = false

        @Flag(help: "Print one run a line, as JSON, all of them.")
        var json = false

        private static let shown = 30

        @OptionGroup(title: "The screen")
        var dashboard: DashboardOptions

        @Option(help: ArgumentHelp("The screen's theme, by name or file.", valueName: "theme"))
        var theme: String?

        func run(in outside: Outside) throws {
            if !all, !json, !plain, isatty(STDOUT_FILENO) == 1, isatty(STDIN_FILENO) == 1 {
                return try RunsScreen(
                    RunsCommand.folder(),
                    look: .own(theme: theme ?? Settings.environment("THEME"), dashboard), outside
                ).show()
            }
            let (folders, before) = try RunsCommand.folder().latest(all || json ? .max : Self.shown)
            let runs = RunList.read(folders)
            if json {
                for run in runs { outside.output.write(asciiJSON(try RunJSON.line(run)) + "\n") }
                return
            }
            guard !runs.isEmpty else { return outside.output.say("there are no runs yet\n") }
            if before > 0 { outside.output.answer("and \(before) before these: --all\n") }
            outside.output.answer(RunsText(runs, outside.output.spelling).text)
        }
    }

    struct Show: ProgramCommand {
        static let configuration = CommandConfiguration(abstract: "Show all there is to say of a run.")

        @Argument(help: "A run's name or a part of it.")
        var run: String

        func run(in outside: Outside) throws {
            let folder = try RunsCommand.run(named: run, in: RunsCommand.folder())
            outside.output.answer(try RunText(folder, outside.output.spelling).text)
        }
    }

    struct Remove: ProgramCommand {
        static let configuration = CommandConfiguration(
            commandName: "rm", abstract: "Remove runs: journal, checkpoints and all. One that is trained stays.")

        @Argument(help: "Names of runs or parts of them.")
        var runs: [String]

        func run(in outside: Outside) throws {
            let folder = try RunsCommand.folder()
            // All that are meant, before any is gone.
            for run in try runs.map({ name throws(Failure) in try RunsCommand.run(named: name, in: folder) }) {
                guard folder.remove(run) else { throw Self.failure(run) }
                outside.output.say("removed \(visible(run.name))\n")
            }
        }

        static func failure(_ run: RunFolder) -> Failure {
            let why = run.isOwned ? "it is being trained" : "there is something else in its folder, or it is another's"
            return Failure(.cannotCreate, "\(visible(run.path)): not removed: \(why)")
        }
    }

    struct Prune: ProgramCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say which runs are more than are kept; with --force, remove them.")

        @Flag(help: "Remove them.")
        var force = false

        func run(in outside: Outside) throws {
            let folder = try RunsCommand.folder()
            let runs = folder.superfluous
            for run in runs where !force || folder.remove(run) {
                outside.output.answer("\(force ? "removed" : "would remove") \(run.name)\n")
            }
            if runs.isEmpty { outside.output.say("nothing to remove\n") }
        }
    }

    struct Note: ProgramCommand {
        static let configuration = CommandConfiguration(abstract: "Write a note about a run; an empty one removes it.")

        @Argument(help: "A run's name or a part of it.")
        var run: String

        @Argument(help: "The note.")
        var text: String

        func run(in outside: Outside) throws {
            let folder = try RunsCommand.run(named: run, in: RunsCommand.folder())
            try RunRecord.change(folder, outside.calls) { $0.note = text.isEmpty ? nil : text }
        }
    }

    struct Pin: ProgramCommand {
        static let configuration = CommandConfiguration(
            abstract: "Keep a run whatever others come; --off lets it go again.")

        @Argument(help: "A run's name or a part of it.")
        var run: String

        @Flag(help: "Let it go again.")
        var off = false

        func run(in outside: Outside) throws {
            let folder = try RunsCommand.run(named: run, in: RunsCommand.folder())
            try RunRecord.change(folder, outside.calls) { $0.pinned = !off }
        }
    }

    struct Tag: ProgramCommand {
        static let configuration = CommandConfiguration(
            abstract: "File a run under words; without words it is filed under none.")

        @Argument(help: "A run's name or a part of it.")
        var run: String

        @Argument(help: "The words.")
        var tags: [String] = []

        func run(in outside: Outside) throws {
            let folder = try RunsCommand.run(named: run, in: RunsCommand.folder())
            try RunRecord.change(folder, outside.calls) { $0.tags = tags.isEmpty ? nil : tags }
        }
    }
}
