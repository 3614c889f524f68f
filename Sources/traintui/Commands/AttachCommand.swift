import ArgumentParser
import Dashboard
import FileAccess
import Foundation
import LiveDashboard
import NcursesTerminal
import RemoteEngine
import Wording

/// `traintui attach`: the dashboard over a training in another process.
struct AttachCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "attach", abstract: "Watch and steer a training in another process.",
        discussion: """
            A training listens when it was started with --listen or --engine torch. A Python script listens when it \
            was started by `traintui run`, or calls traintui.watch(listen=True). Without a name the only training that \
            listens is taken; where there are more, they are listed. Quitting leaves the training running. HOST:RUN is \
            a training on another computer, which has traintui too and which ssh reaches without a question; HOST: is \
            the only one there.
            """)

    @Argument(help: ArgumentHelp("A run's name, its process number or its socket; HOST:RUN, HOST:.", valueName: "run"))
    var run: String?

    @Flag(help: "List the trainings that listen, and open no dashboard.")
    var list = false

    @Flag(help: "Steer it even where another dashboard does.")
    var take = false

    @Flag(help: "Look on without steering.")
    var watch = false

    @OptionGroup
    var attached: AttachedOptions

    func validate() throws {
        if take, watch { throw ValidationError("--take and --watch: choose one") }
    }

    func run(in outside: Outside) throws {
        if list { return try listAll(outside) }
        let place = try run.flatMap { TrainingPlace(host: $0) } ?? TrainingSocket(run).place
        let role: RemoteSession.Role = take ? .take : watch ? .watch : .drive
        try AttachedDashboard(place, role: role, attached, outside).show()
    }
}

extension AttachCommand {
    private func listAll(_ outside: Outside) throws(Failure) {
        let runs = try TrainingSocket.running()
        for run in runs { outside.output.answer("\(TrainingSocket.line(run))\n") }
        if runs.isEmpty { outside.errors.say("no training listens in \(visible(SocketFolder.standard.path))") }
    }
}

/// A training's socket, as a person names it.
struct TrainingSocket {
    let path: String
    let title: String

    /// - Parameter named: a name, a process's number or a path; nil for the only one that there is.
    init(_ named: String?) throws(Failure) {
        guard let named else {
            let runs = try Self.running()
            guard let only = runs.first else {
                throw Failure(
                    .noInput,
                    "no training listens in \(visible(SocketFolder.standard.path)); "
                        + "traintui run and traintui train --listen start one")
            }
            guard runs.count == 1 else {
                let names = runs.prefix(20).map { Self.line($0) }.joined(separator: ", ")
                throw Failure(.usage, "\(runs.count) trainings listen: name one of \(names)")
            }
            (path, title) = (only.path, only.name)
            return
        }
        if named.contains("/") {
            (path, title) = (named, String(named.split(separator: "/").last ?? "training"))
            return
        }
        let run = try Self.find(named, among: try Self.running())
        (path, title) = (run.path, run.name)
    }

    /// The run that has a name or a process's number, or that alone has the name without its number: "train", which is
    /// "train-4711".
    static func find(_ named: String, among runs: [SocketFolder.Run]) throws(Failure) -> SocketFolder.Run {
        let process = Int32(named)
        if let run = runs.first(where: { $0.name == named || (process != nil && $0.process == process) }) { return run }
        let alike = runs.filter { $0.name.hasPrefix("\(named)-") && Int($0.name.dropFirst(named.count + 1)) != nil }
        if alike.count == 1 { return alike[0] }
        let shown = visible(named, limit: 60)
        guard alike.isEmpty else {
            let names = alike.prefix(20).map { line($0) }.joined(separator: ", ")
            throw Failure(.usage, "\(alike.count) trainings are called '\(shown)': name one of \(names)")
        }
        throw Failure(
            .noInput, "no training '\(shown)' listens; \(hint(for: named, among: runs.map(\.name), plural: "runs"))")
    }

    /// The same as a place to talk with.
    var place: TrainingPlace { TrainingPlace(socket: path, title: title) }

    /// The trainings that listen.
    static func running() throws(Failure) -> [SocketFolder.Run] {
        let folders = SocketFolder.standard.andOthers()
        var runs: [SocketFolder.Run] = []
        for folder in folders {
            do throws(SocketError) { runs += try folder.runs() } catch {
                // Another user's folder of that name is none of this one's.
                guard folder.path == folders[0].path else { continue }
                throw Failure(.noInput, "\(visible(folder.path)) \(error)")
            }
        }
        return runs
    }

    /// "book (process 4711)".
    static func line(_ run: SocketFolder.Run) -> String {
        visible(run.name, limit: 60) + (run.process.map { " (process \($0))" } ?? "")
    }
}

/// The dashboard over a training that goes on without it.
struct AttachedDashboard {
    private let place: TrainingPlace
    private let role: RemoteSession.Role
    private let theme: String?
    private let keepsPaused: Bool
    private let options: DashboardOptions
    private let outside: Outside

    init(_ place: TrainingPlace, role: RemoteSession.Role, _ options: AttachedOptions, _ outside: Outside) {
        self.init(
            place, role: role, theme: options.theme ?? Settings.environment("THEME"), options.dashboard, outside,
            keepsPaused: options.keepPaused)
    }

    /// - Parameters:
    ///   - theme: a name or a file; nil for the person's own.
    ///   - keepsPaused: whether a paused training stays so when the dashboard is closed.
    init(
        _ place: TrainingPlace, role: RemoteSession.Role, theme: String?, _ options: DashboardOptions,
        _ outside: Outside, keepsPaused: Bool = false
    ) {
        (self.place, self.role, self.theme, self.options) = (place, role, theme, options)
        (self.outside, self.keepsPaused) = (outside, keepsPaused)
    }

    /// - Parameter begin: called when there is an engine, with it, before anything is shown.
    func show(begin: (RemoteEngine) throws -> Void = { _ in }) throws {
        let look = try TerminalLook.own(theme: theme, options)
        let dashboard: LiveDashboard
        do throws(TerminalError) {
            dashboard = try LiveDashboard(look)
        } catch {
            throw Failure(error)
        }
        // Whatever is to be said is said on the normal screen.
        defer { dashboard.close() }
        let engine: RemoteEngine
        do throws(SocketError) {
            engine = try RemoteEngine(
                title: place.title, role: role, log: place.log, pause: place.pause, lastWords: place.complaint.take,
                onNews: LiveDashboard.wake
            ) {
                [place] () throws(SocketError) in try place.connect()
            }
        } catch {
            throw Failure(.runFailed, "\(visible(place.title)) \(error)")
        }
        try begin(engine)
        let (ending, summary) = dashboard.run(engine, leavesRunning: true) {
            engine.detach(keepPaused: keepsPaused)
        }
        dashboard.close()
        if ending != .signal(SIGHUP) { outside.output.say(summary.description) }
        if case .signal(let number) = ending { throw EndedBySignal(signal: number) }
    }
}
