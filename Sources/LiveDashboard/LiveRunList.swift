import Canvas
package import Dashboard
import Dispatch
import Foundation
package import NcursesTerminal
import RunModel
import Synchronization

/// The list of runs in the terminal.
///
/// What is on the screen is read before it is drawn, all else behind it on other threads; once a second the runs that go
/// on are read again.
package struct LiveRunList {
    /// How it came to its end.
    package enum Ending: Equatable, Sendable {
        case quit
        case open(String), replay(String), resume(String)
        /// A signal, or a terminal that is gone: exit with 128 + that number.
        case signal(Int32)
    }

    private let screen: Screen
    private let shelf: any RunShelf
    private let wakeDescriptor: Int32
    private var themes: ThemeChoice
    /// Where the person left it.
    package private(set) var state: RunListState
    private let mail = Mail()
    private let start = DispatchTime.now()
    private var ending: Ending?
    private var isStale = true
    private var lastFrame = -Double.infinity
    private var lastLook = 0.0

    /// Frames a second, at most, and seconds between two looks at what goes on.
    private static let frameInterval = 1.0 / 30
    private static let lookInterval = 1.0

    /// What other threads have read.
    private final class Mail: Sendable {
        let runs = Mutex<[RunFacts]>([])
        let isClosed = Mutex(false)
    }

    /// Takes over the terminal.
    ///
    /// - Parameters:
    ///   - look: how the terminal is used.
    ///   - former: where the person left the list before.
    ///   - remark: what is to be said at the start.
    package init(
        _ shelf: any RunShelf, _ look: TerminalLook, after former: RunListState? = nil, remark: String? = nil
    ) throws(TerminalError) {
        self.shelf = shelf
        themes = ThemeChoice(wanted: former?.theme ?? look.theme)
        _ = shelf.hasChanged()
        let names = shelf.names()
        var state =
            former
            ?? RunListState(
                names: names, themes: themes.names, theme: themes.name, keys: look.keys.runList)
        if former != nil { _ = update(&state, .names(names)) }
        if let remark { _ = update(&state, .told(remark, isGood: false)) }
        self.state = state
        screen = try Screen(theme: themes.theme, glyphs: look.glyphs, mouse: look.mouse)
        wakeDescriptor = try TerminalGuard.listen()
    }

    /// Shows it until the person leaves, and leaves the terminal as it was found.
    package mutating func run() -> Ending {
        defer {
            mail.isClosed.withLock { $0 = true }
            screen.close()
        }
        tell(.size(screen.size))
        readVisible(andRunning: true)
        present(now: seconds)
        readBehind()
        while true {
            let now = seconds
            if let due = state.wakesAt, due <= now { isStale = true }
            tell(.tick(now))
            takeSignals()
            let isPressed = takeKeys()
            let runs = mail.runs.withLock { runs in
                defer { runs = [] }
                return runs
            }
            if !runs.isEmpty { tell(.read(runs)) }
            if now - lastLook >= Self.lookInterval { look(now) }
            if let ending { return ending }
            if isStale, isPressed || now - lastFrame >= Self.frameInterval { present(now: now) }
            wait(now: now)
        }
    }

    private mutating func present(now: Double) {
        readVisible(andRunning: false)
        screen.present(render(state, size: screen.size, glyphs: screen.glyphs))
        isStale = false
        lastFrame = now
    }

    // MARK: - Reading

    private mutating func readVisible(andRunning isRunning: Bool) {
        let wanted = state.wanted(isRunningWanted: isRunning)
        if !wanted.isEmpty { tell(.read(shelf.read(wanted))) }
    }

    /// Reads what is not on the screen, piece by piece, while the screen is free.
    private func readBehind() {
        let names = state.readingOrder
        guard !names.isEmpty else { return }
        DispatchQueue.global(qos: .utility).async { [mail, shelf] in
            for start in stride(from: 0, to: names.count, by: 500) {
                if mail.isClosed.withLock({ $0 }) { return }
                let runs = shelf.read(Array(names[start..<min(names.count, start + 500)]))
                mail.runs.withLock { $0 += runs }
                TerminalGuard.wake()
            }
        }
    }

    private mutating func look(_ now: Double) {
        lastLook = now
        if shelf.hasChanged() { tell(.names(shelf.names())) }
        readVisible(andRunning: true)
    }

    // MARK: - Keys and signals

    private mutating func wait(now: Double) {
        var descriptors = [
            pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
            pollfd(fd: wakeDescriptor, events: Int16(POLLIN), revents: 0),
        ]
        var due = lastLook + Self.lookInterval
        if isStale { due = min(due, lastFrame + Self.frameInterval) }
        if let wake = state.wakesAt { due = min(due, wake) }
        let milliseconds = Int32(max(0, min(1, due - now)) * 1000) + 1
        guard poll(&descriptors, nfds_t(descriptors.count), milliseconds) > 0 else { return }
        if descriptors[0].revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0 {
            screen.abandon()
            ending = .signal(SIGHUP)
        }
    }

    private mutating func takeSignals() {
        for signal in TerminalGuard.drainSignals() where ending == nil {
            switch signal.action {
            case .ends: ending = .signal(signal.number)
            case .resizes: screen.refreshSize()
            case .suspends: screen.suspend()
            case .resumes: screen.resume()
            case .warns, .dies, .ignored, .leftAlone: break
            }
            tell(.size(screen.size))
        }
    }

    private mutating func takeKeys() -> Bool {
        var isPressed = false
        let start = seconds
        while ending == nil, seconds - start < Self.frameInterval, let input = screen.readKey() {
            isPressed = true
            switch input {
            case .key(.control("z")):
                screen.suspend()
                tell(.size(screen.size))
            case .key(let key): tell(.key(key))
            case .mouse(let event): tell(.mouse(event))
            case .resized(let size): tell(.size(size))
            }
        }
        return isPressed
    }

    // MARK: - Obeying

    private mutating func tell(_ message: RunListMessage) {
        if case .tick = message {} else { isStale = true }
        for effect in update(&state, message) { obey(effect) }
    }

    private mutating func obey(_ effect: RunListEffect) {
        switch effect {
        case .quit: ending = .quit
        case .open(let name): ending = .open(name)
        case .replay(let name): ending = .replay(name)
        case .resume(let name): ending = .resume(name)
        case .describe(let name): attempt { [shelf] in .page(title: name, lines: try shelf.description(of: name)) }
        case .compare(let names):
            attempt { [shelf] in .page(title: "compared", lines: try shelf.comparison(of: names)) }
        case .note(let name, let text):
            attempt { [shelf] in
                try shelf.note(text, about: name)
                return .read(shelf.read([name]))
            }
        case .pin(let name, let isPinned):
            attempt { [shelf] in
                try shelf.pin(name, isPinned)
                return .read(shelf.read([name]))
            }
        case .remove(let names): remove(names)
        case .useTheme(let name):
            if let reason = themes.use(name) {
                tell(.told(reason, isGood: false))
            } else {
                screen.setTheme(themes.theme)
            }
        }
    }

    private mutating func attempt(_ work: () throws -> RunListMessage) {
        do { tell(try work()) } catch { tell(.told(shelf.sentence(error), isGood: false)) }
    }

    private mutating func remove(_ names: [String]) {
        var removed = 0
        var reason: String?
        for name in names {
            do {
                try shelf.remove(name)
                removed += 1
            } catch {
                reason = shelf.sentence(error)
            }
        }
        _ = shelf.hasChanged()
        tell(.names(shelf.names()))
        tell(
            reason.map { .told(removed == 0 ? $0 : "\(removed) removed; \($0)", isGood: false) }
                ?? .told(removed == 1 ? "removed" : "\(removed) removed", isGood: true))
    }

    private var seconds: Double { Double(DispatchTime.now().uptimeNanoseconds - start.uptimeNanoseconds) / 1e9 }
}
