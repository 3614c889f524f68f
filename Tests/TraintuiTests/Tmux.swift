import Foundation

/// A terminal with the program in it: one tmux server of its own, which ends with this value.
///
/// A class because the server outlives every call and must be ended once.
final class Tmux {
    /// Why a test cannot go on.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Where the program runs, and where the files `pid`, `code`, `stty.before` and `stty.after` are written.
    let folder: Folder
    /// The server's socket, in the folder, so that it goes with it.
    private let socket: String

    /// Opens a terminal and starts the program in it. After the program the terminal stays, and says how it ended.
    ///
    /// - Parameters:
    ///   - environment: more variables; an empty one is taken away.
    init(
        _ arguments: String = "", width: Int = 100, height: Int = 30, in folder: Folder? = nil,
        environment: [String: String] = [:]
    ) throws {
        self.folder = try folder ?? Folder()
        socket = self.folder.url.appending(path: ".\(UUID().uuidString.prefix(8))").path(percentEncoded: false)
        let settings = environment.map { $1.isEmpty ? "unset \($0);" : "export \($0)='\($1)';" }.joined(separator: " ")
        try self.folder.write(
            "script",
            """
            \(settings)
            stty -a > stty.before
            sh -c 'echo $$ > pid; exec "\(Invocation.binary.path())" \(arguments)'
            code=$?
            stty -a > stty.after
            echo "the program ended with $code"
            read -r line
            """)
        try run([
            "-f", "/dev/null", "new-session", "-d", "-c", self.folder.path, "-x", "\(width)", "-y", "\(height)",
            "sh script", ";",
            "set-option", "-g", "status", "off",
        ])
    }

    deinit {
        do { try run(["kill-server"]) } catch { print(error) }
        // The program writes what it was asked to before it goes, into a folder that must still be there.
        let deadline = Date(timeIntervalSinceNow: 10)
        while isProgramAlive, Date.now < deadline { usleep(2000) }
    }

    // MARK: - Acting

    /// Presses keys, each a character or one of tmux's names: "Enter", "Escape", "C-c".
    func keys(_ keys: String...) throws { try run(["send-keys", "--"] + keys) }

    /// Types a text as it stands.
    func type(_ text: String) throws { try run(["send-keys", "-l", "--", text]) }

    func resize(width: Int, height: Int) throws {
        try run(["resize-window", "-x", "\(width)", "-y", "\(height)"])
    }

    /// Sends the program a signal.
    func kill(_ signal: Int32) throws {
        let process = try processID()
        guard Foundation.kill(process, signal) == 0 else {
            throw Failure(description: "signal \(signal) did not reach process \(process)")
        }
    }

    // MARK: - Looking

    /// What the terminal shows, a line a row, blanks at the ends of rows taken away.
    func screen() throws -> String { try run(["capture-pane", "-p"]) }

    /// The same with the escape sequences of its colours.
    func styledScreen() throws -> String { try run(["capture-pane", "-p", "-e"]) }

    /// What tmux knows of the terminal: "cursor_flag", "alternate_on".
    func fact(_ name: String) throws -> String {
        try run(["display-message", "-p", "#{\(name)}"]).trimmingCharacters(in: .newlines)
    }

    /// Looks at the screen until it is as wanted.
    ///
    /// - Returns: that screen.
    @discardableResult
    func wait(_ what: String, until isWanted: (String) throws -> Bool) throws -> String {
        let deadline = Date(timeIntervalSinceNow: 20)
        while true {
            let screen = try screen()
            if try isWanted(screen) { return screen }
            guard Date.now < deadline else {
                throw Failure(description: "waited in vain until \(what); the screen:\n\(screen)")
            }
            usleep(5000)
        }
    }

    /// Waits until the screen has all of these texts.
    @discardableResult
    func wait(for texts: String...) throws -> String {
        try wait("it shows \(texts)") { screen in texts.allSatisfy { screen.contains($0) } }
    }

    /// Waits until the screen has all of these texts and does not change any more: a frame is not drawn all at once.
    @discardableResult
    func waitForStillness(with texts: String...) throws -> String {
        var last = ""
        return try wait("it shows \(texts) and stands still") { screen in
            defer { last = screen }
            return screen == last && texts.allSatisfy { screen.contains($0) }
        }
    }

    /// Waits for the program's end.
    ///
    /// - Returns: its exit code.
    func code() throws -> Int32 {
        let words = "the program ended with "
        let screen = try wait(for: words)
        guard let start = screen.range(of: words)?.upperBound, let code = Int32(screen[start...].prefix { $0.isNumber })
        else { throw Failure(description: "no exit code in:\n\(screen)") }
        return code
    }

    /// The program's process.
    func processID() throws -> Int32 {
        guard let process = Int32(try folder.text("pid").trimmingCharacters(in: .newlines)) else {
            throw Failure(description: "the program has not started")
        }
        return process
    }

    /// Whether the program still does anything: one that has ended and that nobody has asked about does not.
    private var isProgramAlive: Bool {
        guard let process = try? processID(), Foundation.kill(process, 0) == 0 else { return false }
        let state = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
        return state?.contains(") Z ") != true
    }

    // MARK: -

    /// Runs tmux with these arguments and returns what it printed.
    ///
    /// Not Foundation's Process: that waits for everyone who inherited its socket, and the server lives on.
    @discardableResult
    private func run(_ arguments: [String]) throws -> String {
        let output = folder.url.appending(path: ".tmux").path(percentEncoded: false)
        var files = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&files)
        defer { posix_spawn_file_actions_destroy(&files) }
        posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&files, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_adddup2(&files, 1, 2)
        // Tests run on threads that block signals; the terminal and its program must get theirs.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        let words = [try Self.path().path, "-S", socket, "-u"] + arguments
        let environment = Invocation.environment(in: folder).map { "\($0)=\($1)" }
        var process: pid_t = 0
        let error = Self.withCStrings(words) { words in
            Self.withCStrings(environment) { posix_spawnp(&process, "tmux", &files, &attributes, words, $0) }
        }
        guard error == 0 else { throw Failure(description: "tmux: \(String(cString: strerror(error)))") }
        var status: Int32 = 0
        while waitpid(process, &status, 0) == -1, errno == EINTR {}
        let text = try folder.text(".tmux")
        guard status == 0 else { throw Failure(description: "tmux \(arguments.joined(separator: " ")): \(text)") }
        return text
    }

    private static func withCStrings<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = strings.map { strdup($0) }
        defer { copies.forEach { free($0) } }
        return body(copies + [nil])
    }

    private static func path() throws -> URL {
        let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
        for folder in folders {
            let path = "\(folder)/tmux"
            if FileManager.default.isExecutableFile(atPath: path) { return URL(filePath: path) }
        }
        throw Failure(description: "tmux is missing; the README's test command installs it")
    }
}
