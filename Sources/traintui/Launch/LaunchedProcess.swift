import FileAccess
import Foundation
import Wording

/// A command that runs in a session of its own: no terminal's end reaches it, and what it prints goes to a file, so that it
/// needs nobody.
struct LaunchedProcess: Sendable {
    /// Its number.
    let id: pid_t

    /// How a process ended.
    enum End: Sendable, Equatable {
        case code(Int32)
        case signal(Int32)

        /// "the process ended with exit code 1".
        var words: String {
            switch self {
            case .code(let code): "the process ended with exit code \(code)"
            case .signal(let signal): "the process was ended by signal \(signal)"
            }
        }
    }

    /// Starts a command, found by PATH.
    ///
    /// - Parameters:
    ///   - environment: variables beside this program's own.
    ///   - log: the file that its output is added to.
    init(_ command: [String], environment: [String: String], log: String) throws(Failure) {
        var files = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&files)
        posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&files, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&files, 1, 2)
        try self.init(command, environment: environment, files: &files)
    }

    /// Starts a command whose input and output are one descriptor, and which complains to another one.
    init(_ command: [String], talkingOver descriptor: Int32, complainingTo errors: Int32) throws(Failure) {
        var files = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&files)
        posix_spawn_file_actions_adddup2(&files, descriptor, 0)
        posix_spawn_file_actions_adddup2(&files, descriptor, 1)
        posix_spawn_file_actions_adddup2(&files, errors, 2)
        try self.init(command, environment: [:], files: &files)
    }

    private init(
        _ command: [String], environment: [String: String], files: inout posix_spawn_file_actions_t
    ) throws(Failure) {
        defer { posix_spawn_file_actions_destroy(&files) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        let flags = Self.ownSession | Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF)
        posix_spawnattr_setflags(&attributes, Int16(flags))
        let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0)=\($1)" }
        var process: pid_t = 0
        let error = Self.withCStrings(command) { words in
            Self.withCStrings(variables) { posix_spawnp(&process, words[0]!, &files, &attributes, words, $0) }
        }
        guard error == 0 else {
            throw Failure(.noInput, "\(visible(command[0], limit: 100)): cannot be started: \(SystemError(error))")
        }
        id = process
    }

    /// POSIX_SPAWN_SETSID, which glibc's and Darwin's spawn.h have and Swift does not import everywhere.
    #if os(Linux)
    private static let ownSession: Int32 = 0x80
    #else
    private static let ownSession: Int32 = 0x400
    #endif

    /// Waits for its end; only once.
    func wait() -> End {
        var status: Int32 = 0
        while waitpid(id, &status, 0) == -1, errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? .code((status >> 8) & 0xFF) : .signal(signal)
    }

    private static func withCStrings<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = strings.map { strdup($0) }
        defer { copies.forEach { free($0) } }
        return body(copies + [nil])
    }
}
