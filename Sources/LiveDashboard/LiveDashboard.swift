import Canvas
public import Dashboard
import FileAccess
import Foundation
public import NcursesTerminal
public import TrainProtocol

/// The dashboard in the terminal, over any training that speaks ``TrainProtocol/TrainingEngine``.
///
/// ```swift
/// let dashboard = try LiveDashboard(theme: "midnight")
/// defer { dashboard.close() }
/// var options = LocalEngine.Options()
/// options.onNews = LiveDashboard.wake
/// let engine = try LocalEngine(job, training: data, validation: held, options: options)
/// let (ending, summary) = dashboard.run(engine)
/// ```
///
/// One thread, the one that makes it, owns the screen.
public struct LiveDashboard {
    /// How it came to its end.
    public enum Ending: Equatable, Sendable {
        /// The person chose to quit.
        case quit
        /// The person chose to quit a run that had diverged.
        case diverged
        /// A signal, Ctrl-C twice, or a terminal that is gone: write the weights where that was asked for, and exit with
        /// 128 + that number.
        case signal(Int32)
    }

    private let screen: Screen
    private let themes: ThemeChoice
    private let wakeDescriptor: Int32
    private let look: TerminalLook
    /// What the program does beside the training.
    package var services = DashboardServices()

    /// Takes over the terminal.
    ///
    /// - Parameter theme: a theme's name, or a theme file's path; where it cannot be used, the log says why and the
    ///   standard theme is.
    /// - Parameter mouse: whether the mouse is the dashboard's; else it is the terminal's, which selects text with it.
    /// - Throws: `TerminalError` where there is no terminal that a dashboard can be drawn on.
    public init(theme: String, mouse: Bool = true) throws(TerminalError) {
        try self.init(TerminalLook(theme: theme, mouse: mouse))
    }

    /// Takes over the terminal, as a person likes it.
    package init(_ look: TerminalLook) throws(TerminalError) {
        self.look = look
        themes = ThemeChoice(wanted: look.theme)
        // A signal that comes before there is a screen ends at once.
        screen = try Screen(theme: themes.theme, glyphs: look.glyphs, mouse: look.mouse, title: look.notices.title)
        wakeDescriptor = try TerminalGuard.listen()
        screen.setTheme(themes.theme(on: screen.colors))
    }

    /// Tells the dashboard that its engine has news; from any thread, at any rate.
    public static let wake: @Sendable () -> Void = { TerminalGuard.wake() }

    /// Shows the training and obeys the keys until the person quits; then stops the training.
    ///
    /// - Parameters:
    ///   - warnings: what went wrong on the way here, one line each; they open the log.
    ///   - opening: what the run is to whoever opens the dashboard on it.
    ///   - savesWhenWarned: whether a signal that warns of an end to come has the weights written.
    ///   - leavesRunning: whether the training goes on behind the dashboard's end, as one in another process does.
    ///   - stop: called when the training was told to stop, or is to be left; returns when that is done. Where a signal ended it the terminal is as
    ///     it was found by then.
    /// - Returns: how it ended, and a summary for the normal screen.
    public func run(
        _ engine: any TrainingEngine, warnings: [String] = [], opening: Opening = .run,
        savesWhenWarned: Bool = false, leavesRunning: Bool = false, stop: () -> Void = {}
    ) -> (ending: Ending, summary: Summary) {
        let state = DashboardState(
            run: engine.run, themes: themes.names, theme: themes.name, warnings: warnings + themes.warnings,
            opening: opening, keys: look.keys.dashboard, leavesRunning: leavesRunning)
        var loop = Loop(
            screen: screen, look: look, engine: engine, state: state, themes: themes, services: services,
            savesWhenWarned: savesWhenWarned)
        var ending = loop.run(wakeDescriptor: wakeDescriptor)
        if ending == .quit, loop.state.hasDiverged { ending = .diverged }
        if !leavesRunning { engine.send(.stop, id: RequestID(0)) }
        if case .signal = ending { screen.close() }
        stop()
        loop.takeNews()
        return (ending, Summary(loop.state, glyphs: screen.glyphs))
    }

    /// Leaves the terminal as it was found. A second call does nothing.
    public func close() { screen.close() }
}

/// The run loop: keys and news in, effects and frames out.
///
/// It sleeps in poll(2) until a key is pressed, a signal came or the training has news, and draws as often as its
/// ``FramePace`` says, and only what changed.
private struct Loop {
    /// Keys are taken for so long at most before what they came to is drawn.
    private static let keysAtMost = 1.0 / 30

    let screen: Screen
    let look: TerminalLook
    let engine: any TrainingEngine
    var state: DashboardState
    var themes: ThemeChoice
    let services: DashboardServices
    let savesWhenWarned: Bool

    private let start = DispatchTime.now()
    private var ending: LiveDashboard.Ending?
    /// Whether the state is another one than the one on the screen.
    private var isStale = true
    private var hasNews = true
    private var lastFrame = -Double.infinity
    private var pace = FramePace()
    private var lastTitle = -Double.infinity
    /// What the title says that the training does.
    private var titledState: RunState?
    /// What the training said last that it does.
    private var runState = RunState.training

    init(
        screen: Screen, look: TerminalLook, engine: any TrainingEngine, state: DashboardState, themes: ThemeChoice,
        services: DashboardServices, savesWhenWarned: Bool
    ) {
        self.look = look
        self.services = services
        self.savesWhenWarned = savesWhenWarned
        self.screen = screen
        self.engine = engine
        self.state = state
        self.themes = themes
    }

    fileprivate mutating func run(wakeDescriptor: Int32) -> LiveDashboard.Ending {
        for message in services.opening { obey(message) }
        while true {
            let now = seconds
            // Time alone changes the picture then: a notice fades, a request has waited a second more.
            if let due = state.wakesAt, due <= now { isStale = true }
            obey(.tick(now))
            takeSignals()
            let isKeyPressed = takeKeys()
            let isFrameDue = now - lastFrame >= pace.interval
            // A key is answered on the screen at once, before the training's answer can come: what was asked for
            // is seen as pending.
            if hasNews, isFrameDue, !isKeyPressed { takeNews() }
            if !screen.isOpen { goOnUnseen() }
            if let ending { return ending }
            if isStale, isFrameDue || isKeyPressed {
                screen.present(render(state, size: screen.size, glyphs: screen.glyphs))
                isStale = false
                lastFrame = now
                if state.awaitsAnswer { pace.awaitAnswer() } else if !isKeyPressed { pace.drew(in: seconds - now) }
                // Often enough for a glance, rarely enough for a window's frame.
                if now - lastTitle >= 1 || titledState != runState {
                    screen.setTitle(state.windowTitle)
                    (lastTitle, titledState) = (now, runState)
                }
            }
            wait(wakeDescriptor, now: now)
        }
    }

    /// Sleeps until there is something to do: for a key or a signal at once, for a frame when it is due.
    private mutating func wait(_ wakeDescriptor: Int32, now: Double) {
        var descriptors = [
            pollfd(fd: screen.isOpen ? STDIN_FILENO : -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: wakeDescriptor, events: Int16(POLLIN), revents: 0),
        ]
        var milliseconds: Int32 = -1
        if isStale || hasNews {
            milliseconds = Int32(max(0, min(1, lastFrame + pace.interval - now)) * 1000) + 1
        } else if let due = state.wakesAt {
            milliseconds = Int32(max(0, min(60, due - now)) * 1000) + 1
        }
        guard poll(&descriptors, nfds_t(descriptors.count), milliseconds) > 0 else { return }
        if descriptors[1].revents != 0 { hasNews = true }
        // A terminal that is gone is always readable and never has a key.
        if descriptors[0].revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0 { loseTerminal() }
    }

    /// Without a terminal nobody sees or steers the run; it goes on only where it was started to outlive the terminal.
    private mutating func loseTerminal() {
        guard TerminalGuard.ignoresHangups else {
            ending = .signal(SIGHUP)
            return
        }
        screen.abandon()
    }

    /// The run has no terminal any more: it ends where it would wait for somebody.
    private mutating func goOnUnseen() {
        isStale = false
        switch runState {
        case .connecting, .training, .replaying, .racing, .evaluating: break
        case .done, .diverged, .stopped: ending = ending ?? .quit
        case .paused, .lost: ending = ending ?? .signal(SIGHUP)
        }
    }

    private mutating func takeSignals() {
        let signals = TerminalGuard.drainSignals()
        // What ends it first: the terminal may be another job's by then.
        if let last = signals.first(where: { $0.action == .ends }) { ending = .signal(last.number) }
        for signal in signals where ending == nil {
            switch signal.action {
            case .warns: if savesWhenWarned { engine.send(.save, id: RequestID(0)) }
            case .resizes: screen.refreshSize()
            case .suspends: screen.suspend()
            case .resumes: screen.resume()
            case .ends, .dies, .ignored, .leftAlone: break
            }
            isStale = true
        }
    }

    /// Returns whether there was any. Whoever holds a key down sees frames all the same: what is left is taken after one.
    private mutating func takeKeys() -> Bool {
        var isPressed = false
        let start = seconds
        while ending == nil, seconds - start < Self.keysAtMost, let input = screen.readKey() {
            isPressed = true
            switch input {
            case .key(.control("z")): screen.suspend()
            case .key(let key): obey(.key(key))
            case .mouse(let event): obey(.mouse(event, on: screen.size))
            case .resized: break
            }
            isStale = true
        }
        return isPressed
    }

    fileprivate mutating func takeNews() {
        hasNews = false
        let update = engine.drain()
        for case .state(let state) in update.events { runState = state }
        obey(.update(update))
        isStale = true
    }

    private mutating func obey(_ message: Message) {
        for effect in update(&state, message) {
            switch effect {
            case .send(let command, let id): engine.send(command, id: id)
            case .useTheme(let name):
                if let reason = themes.use(name) {
                    obey(.themeRefused(inUse: themes.name, reason: reason))
                } else {
                    screen.setTheme(themes.theme(on: screen.colors))
                }
            case .announce(let text):
                let (notices, said) = (look.notices, SafeText(text).truncated(to: 200))
                screen.announce(said, bell: notices.bell, notification: notices.notification)
            case .overlay(let name): obey(services.overlay(name))
            case .note(let text): obey(services.note(text))
            case .picture(let path, let picture): obey(write(picture, to: path))
            case .quit(.chosen): ending = .quit
            case .quit(.interrupted): ending = .signal(SIGINT)
            }
        }
    }

    /// Writes a picture of what is on the screen; returns what came of it.
    private func write(_ picture: Picture, to path: String) -> Message {
        let frame = render(picture.shown(state), size: screen.size, glyphs: screen.glyphs)
        let text = path.hasSuffix(".svg") ? frame.svg(themes.theme) : frame.text
        do throws(FileError) {
            try WholeFile(path).write(Array(text.utf8))
            return .done("wrote \(path)")
        } catch {
            return .notice("\(error)")
        }
    }

    /// Seconds since the dashboard opened.
    private var seconds: Double {
        Double(DispatchTime.now().uptimeNanoseconds - start.uptimeNanoseconds) / 1e9
    }
}
