import Canvas
import Dashboard
import Foundation
import JobFile
import NcursesTerminal
import Tabular
import TrainCore
import TrainEngine
import Wording

/// The run loop: keys and news in, effects and frames out.
///
/// One thread, this one, owns the screen. It sleeps in poll(2) until a key is pressed, a signal came or the training
/// has news, and draws at most 30 times a second, and only what changed.
struct DashboardRun {
    private static let frameInterval = 1.0 / 30

    private let prepared: PreparedRun

    init(_ prepared: PreparedRun) { self.prepared = prepared }

    func run() throws(Failure) {
        let themes = ThemeChoice(wanted: prepared.recipe.dashboard.theme)
        let wakeDescriptor: Int32
        let screen: Screen
        do throws(TerminalError) {
            // Before the screen: ncurses would put handlers of its own where it finds none.
            wakeDescriptor = try TerminalGuard.install()
            screen = try Screen(theme: themes.theme)
        } catch {
            throw Failure(error)
        }
        defer { screen.close() }

        let log = try prepared.logPath.map { path throws(Failure) in
            try StepLog(path: path, metrics: prepared.recipe.job.metrics.map { type(of: $0).name })
        }
        let engine = try makeEngine(log)
        let state = DashboardState(
            run: engine.run, themes: themes.names, theme: themes.theme.name,
            warnings: prepared.data.warnings + themes.warnings)
        var loop = Loop(screen: screen, engine: engine, state: state, themes: themes)
        let ending = loop.run(wakeDescriptor: wakeDescriptor)

        engine.send(.stop, id: RequestID(0))
        _ = engine.weightsAfterStop()
        log?.flush()
        loop.takeNews()
        screen.close()
        if ending != .signal(SIGHUP) { print(Summary(loop.state, face: screen.face), terminator: "") }
        if case .signal(let number) = ending { Foundation.exit(128 + number) }
    }

    private func makeEngine(_ log: StepLog?) throws(Failure) -> TrainerEngine {
        var options = TrainerEngine.Options()
        options.title = prepared.title
        options.pace = prepared.recipe.dashboard.pace
        options.initialWeights = prepared.initialWeights
        options.validationNote = prepared.data.validationNote
        let path = prepared.savePath ?? "\(prepared.title).safetensors"
        options.save = { weights in
            try WeightsFile.write(weights, to: path)
            return path
        }
        options.savesWhenDone = prepared.savePath != nil
        if let log {
            // The training queue alone calls it, and the loop flushes it only after that has ended.
            nonisolated(unsafe) let log = log
            options.onStep = { log.append($0) }
        }
        options.onNews = { TerminalGuard.wake() }
        do throws(TrainingError) {
            return try TrainerEngine(
                prepared.recipe.job, training: prepared.data.training, validation: prepared.data.validation,
                options: options)
        } catch {
            throw Failure(error)
        }
    }

    /// How the loop came to its end.
    private enum Ending: Equatable {
        case quit
        case signal(Int32)
    }

    /// What the loop works with.
    private struct Loop {
        let screen: Screen
        let engine: TrainerEngine
        var state: DashboardState
        var themes: ThemeChoice

        private var ending: Ending?
        /// Whether the state is another one than the one on the screen.
        private var isStale = true
        private var hasNews = true
        private var lastFrame = -Double.infinity

        init(screen: Screen, engine: TrainerEngine, state: DashboardState, themes: ThemeChoice) {
            self.screen = screen
            self.engine = engine
            self.state = state
            self.themes = themes
        }

        mutating func run(wakeDescriptor: Int32) -> Ending {
            while true {
                let now = Self.seconds
                obey(.tick(now))
                takeSignals()
                let isKeyPressed = takeKeys()
                let isFrameDue = now - lastFrame >= DashboardRun.frameInterval
                // A key is answered on the screen at once, before the training's answer can come: what was asked for
                // is seen as pending.
                if hasNews, isFrameDue, !isKeyPressed { takeNews() }
                if let ending { return ending }
                if isStale, isFrameDue || isKeyPressed {
                    screen.present(render(state, size: screen.size, face: screen.face))
                    isStale = false
                    lastFrame = now
                }
                wait(wakeDescriptor, now: now)
            }
        }

        /// Sleeps until there is something to do: for a key or a signal at once, for a frame when it is due.
        private mutating func wait(_ wakeDescriptor: Int32, now: Double) {
            var descriptors = [
                pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
                pollfd(fd: wakeDescriptor, events: Int16(POLLIN), revents: 0),
            ]
            var milliseconds: Int32 = -1
            if isStale || hasNews {
                milliseconds = Int32(max(0, min(1, lastFrame + DashboardRun.frameInterval - now)) * 1000) + 1
            } else if let due = state.wakesAt {
                milliseconds = Int32(max(0, min(60, due - now)) * 1000) + 1
            }
            guard poll(&descriptors, nfds_t(descriptors.count), milliseconds) > 0 else { return }
            if descriptors[1].revents != 0 { hasNews = true }
            // A terminal that is gone is always readable and never has a key.
            if descriptors[0].revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0 { ending = .signal(SIGHUP) }
        }

        private mutating func takeSignals() {
            for signal in TerminalGuard.drainSignals() {
                switch signal {
                case SIGTERM, SIGHUP: ending = .signal(signal)
                case SIGINT:
                    obey(.key(.control("c")))
                    if ending != nil { ending = .signal(SIGINT) }
                case SIGWINCH: screen.refreshSize()
                case SIGTSTP: screen.suspend()
                case SIGCONT: screen.resume()
                default: break
                }
                isStale = true
            }
        }

        /// Returns whether there was any.
        private mutating func takeKeys() -> Bool {
            var isPressed = false
            while ending == nil, let input = screen.readKey() {
                isPressed = true
                switch input {
                case .key(.control("z")): screen.suspend()
                case .key(let key): obey(.key(key))
                case .resized: break
                }
                isStale = true
            }
            return isPressed
        }

        mutating func takeNews() {
            hasNews = false
            obey(.bulletin(engine.drain()))
            isStale = true
        }

        private mutating func obey(_ message: Message) {
            for effect in update(&state, message) {
                switch effect {
                case .send(let command, let id): engine.send(command, id: id)
                case .useTheme(let name):
                    let warning = themes.use(name)
                    screen.setTheme(themes.theme)
                    if let warning { obey(.notice(warning)) }
                case .quit(.chosen): ending = .quit
                case .quit(.interrupted): ending = .signal(SIGINT)
                }
            }
        }

        /// Seconds since some moment, never going back.
        private static var seconds: Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }
    }
}
