import CPseudoTerminal
import Foundation

/// A terminal with the program in it, seen from below: what bytes come, what modes it is in, how its job fares.
///
/// A class because a terminal and its process are one thing each, which ends with this value.
final class PseudoTerminal {
    /// Why a test cannot go on.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// How a job stands.
    enum Status: Equatable {
        case runs
        case stopped
        case exited(Int32)
        case died(of: Int32)

        /// What a shell calls it; nil while there is none.
        var code: Int32? {
            switch self {
            case .runs, .stopped: nil
            case .exited(let code): code
            case .died(let signal): 128 + signal
            }
        }
    }

    /// How often a condition is looked at, in milliseconds.
    private static let pause: Int32 = 2

    let folder: Folder
    /// The program's process.
    let program: pid_t
    /// How it stands, as far as it was told.
    private(set) var status = Status.runs
    /// All that the program has written.
    private(set) var output: [UInt8] = []
    private var isOn: [Mode: Bool] = [:]
    /// Whether somebody reads what the program writes.
    var isRead = true

    private let terminal: pseudo_terminal
    private let modesBefore: [UInt8]
    private var isOpen = true

    /// Starts the program in a new terminal.
    ///
    /// - Parameters:
    ///   - ignored: a signal that it finds ignored, 0 for none.
    ///   - output: a file in the folder for its standard output, nil for the terminal; `errors` likewise.
    init(
        _ arguments: [String], columns: UInt16 = 100, rows: UInt16 = 30, ignoring ignored: Int32 = 0,
        output: String? = nil, errors: String? = nil, program: String = Invocation.binary.path(), in folder: Folder
    ) throws {
        self.folder = folder
        let environment = Invocation.environment(in: folder).merging(["TERM": "xterm-256color"]) { $1 }
        func path(_ name: String?) -> UnsafeMutablePointer<CChar>? { name.flatMap { strdup(folder.path + "/" + $0) } }
        let words = ([program] + arguments).map { strdup($0) } + [nil]
        let settings = environment.map { strdup("\($0)=\($1)") } + [nil]
        let (folderPath, outputPath, errorPath) = (strdup(folder.path), path(output), path(errors))
        defer { (words + settings + [folderPath, outputPath, errorPath]).forEach { free($0) } }
        var terminal = pseudo_terminal()
        let result = words.withUnsafeBufferPointer { words in
            settings.withUnsafeBufferPointer { settings in
                var start = pseudo_terminal_start(
                    program: words[0], arguments: words.baseAddress, environment: settings.baseAddress,
                    folder: folderPath, columns: columns, rows: rows, ignored: ignored, output: outputPath,
                    errors: errorPath)
                return pseudo_terminal_open(&start, &terminal)
            }
        }
        guard result == 0 else { throw Failure(description: "no terminal: \(String(cString: strerror(errno)))") }
        self.terminal = terminal
        self.program = terminal.program
        modesBefore = withUnsafeBytes(of: &terminal.modes) { Array($0) }
    }

    deinit {
        if status.code == nil { Foundation.kill(program, SIGKILL) }
        closeTerminal()
        var ignored: Int32 = 0
        while waitpid(terminal.keeper, &ignored, 0) == -1, errno == EINTR {}
        close(terminal.statuses)
        close(terminal.orders)
    }

    // MARK: - Acting

    func kill(_ signal: Int32) throws {
        guard Foundation.kill(program, signal) == 0 else {
            throw Failure(description: "signal \(signal) did not reach the program, which \(status)")
        }
    }

    func type(_ text: String) throws {
        guard write(terminal.master, text, text.utf8.count) == text.utf8.count else {
            throw Failure(description: "not typed: \(String(cString: strerror(errno)))")
        }
    }

    func resize(columns: UInt16, rows: UInt16) throws {
        guard pseudo_terminal_resize(terminal.master, columns, rows) == 0 else {
            throw Failure(description: "not resized: \(String(cString: strerror(errno)))")
        }
    }

    /// Lets a job that was stopped go on, as `fg` and `bg` do.
    func goOn(inForeground isInForeground: Bool) {
        var order = UInt8(ascii: isInForeground ? "f" : "b")
        _ = write(terminal.orders, &order, 1)
    }

    /// The window is closed: whoever uses the terminal gets a hangup.
    func closeTerminal() {
        guard isOpen else { return }
        isOpen = false
        close(terminal.master)
    }

    // MARK: - Looking

    /// Looks until something is as wanted.
    func wait(_ what: String, seconds: Double = 30, until isWanted: () throws -> Bool) throws {
        let deadline = Date(timeIntervalSinceNow: seconds)
        while true {
            look()
            if try isWanted() { return }
            guard Date.now < deadline else {
                throw Failure(
                    description: "waited in vain until \(what); the program \(status), and wrote last:\n"
                        + String(decoding: output.suffix(2000), as: UTF8.self).debugDescription)
            }
        }
    }

    /// Waits until the job stops, and for what it wrote before it did.
    func waitForStop(puttingTerminalBack isPutBack: Bool = true) throws {
        try wait("it stops") { status == .stopped }
        if isPutBack { try wait("the terminal is put back, but for \(leftovers)", seconds: 5) { leftovers.isEmpty } }
    }

    /// Waits for the program's end, and for all that it has written where somebody reads.
    ///
    /// - Returns: what a shell would call its exit code.
    @discardableResult
    func end(within seconds: Double = 30) throws -> Status {
        try wait("it ends", seconds: seconds) { status.code != nil }
        if isRead { readAll() }
        return status
    }

    /// Reads what is there, and hears how the job stands.
    private func look() {
        var polled = pollfd(fd: isOpen && isRead ? terminal.master : -1, events: Int16(POLLIN), revents: 0)
        poll(&polled, 1, Self.pause)
        if polled.revents & Int16(POLLIN) != 0 { readSome() }
        var raw: Int32 = 0
        while read(terminal.statuses, &raw, MemoryLayout<Int32>.size) == MemoryLayout<Int32>.size {
            switch raw & 0x7F {
            case _ where raw == 0xFFFF: status = .runs
            case 0: status = .exited(raw >> 8 & 0xFF)
            case 0x7F: status = .stopped
            case let signal: status = .died(of: signal)
            }
        }
    }

    /// - Returns: whether there was anything.
    @discardableResult
    private func readSome() -> Bool {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = read(terminal.master, &bytes, bytes.count)
        guard count > 0 else { return false }
        // A sequence may lie across the border of two readings.
        let seen = Data(output.suffix(16) + bytes[..<count])
        output += bytes[..<count]
        for mode in Mode.allCases {
            let (on, off) = mode.sequences
            let lastOn = seen.range(of: Data(on.utf8), options: .backwards)?.lowerBound
            let lastOff = seen.range(of: Data(off.utf8), options: .backwards)?.lowerBound
            if lastOn != nil || lastOff != nil { isOn[mode] = (lastOn ?? -1) > (lastOff ?? -1) }
        }
        return true
    }

    /// Reads until the terminal has no other end any more.
    func readAll() {
        while isOpen {
            var polled = pollfd(fd: terminal.master, events: Int16(POLLIN), revents: 0)
            guard poll(&polled, 1, 2000) == 1, readSome() else { return }
        }
    }

    /// What the program has written, as text.
    var text: String { String(decoding: output, as: UTF8.self) }

    /// Waits until the dashboard is open.
    func waitForDashboard() throws {
        try wait("the dashboard is open") { isAlternate && text.contains("learning rate") }
    }

    /// Whether the alternate screen is shown.
    var isAlternate: Bool { isOn[.alternateScreen] == true }

    /// What is not as it was when the program began, in words; empty where all is.
    var leftovers: [String] {
        let areModesOther = isOpen && Self.modes(of: terminal.master) != modesBefore
        return (areModesOther ? ["modes"] : []) + Mode.allCases.filter { isOn[$0] == true }.map(\.rawValue)
    }

    /// What a program may do to a terminal, in xterm's sequences.
    private enum Mode: String, CaseIterable {
        case alternateScreen = "alternate screen"
        case hiddenCursor = "hidden cursor"
        case keypad = "keypad"

        var sequences: (on: String, off: String) {
            switch self {
            case .alternateScreen: ("\u{1B}[?1049h", "\u{1B}[?1049l")
            case .hiddenCursor: ("\u{1B}[?25l", "\u{1B}[?25h")
            case .keypad: ("\u{1B}[?1h", "\u{1B}[?1l")
            }
        }
    }

    /// The modes of a terminal, byte for byte.
    private static func modes(of terminal: Int32) -> [UInt8] {
        var modes = termios()
        guard tcgetattr(terminal, &modes) == 0 else { return [] }
        return withUnsafeBytes(of: &modes) { Array($0) }
    }

    /// Whether the program's first thread waits in a write, to whatever.
    var isBlockedInWrite: Bool {
        get throws {
            let words = try String(contentsOfFile: "/proc/\(program)/syscall", encoding: .utf8).split(separator: " ")
            // The number of write(2): 1 on x86-64, 64 on ARM.
            return words.first == "1" || words.first == "64"
        }
    }
}
