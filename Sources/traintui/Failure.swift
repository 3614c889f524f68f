import FileAccess
import JSONLines
import JobFile
import KerasExport
import NcursesTerminal
import Tabular
import TrainCore

/// Why the program ends without having done what it was asked: one line, and a code from sysexits.h or our own.
struct Failure: Error, Equatable, CustomStringConvertible {
    /// What the exit codes mean.
    enum Code: Int32 {
        case runFailed = 1
        case diverged = 2
        case usage = 64
        case badData = 65
        case noInput = 66
        case cannotCreate = 73
        case badJobFile = 78
    }

    let code: Code
    let line: String

    var description: String { line }

    init(_ code: Code, _ line: String) {
        self.code = code
        self.line = line
    }

    init(_ error: DataError) { self.init(error.kind == .noInput ? .noInput : .badData, error.description) }
    init(_ error: JobFileError) { self.init(error.kind == .noInput ? .noInput : .badJobFile, error.description) }
    /// A job that does not fit its data, or weights that do not fit the job.
    init(_ error: TrainingError) { self.init(.badJobFile, error.description) }
    init(_ error: JournalFileError) { self.init(.badData, error.description) }
    init(_ error: KerasExportError) { self.init(.badData, error.description) }
    /// What cannot be written.
    init(unwritten error: FileError) { self.init(.cannotCreate, error.description) }
    /// What cannot be read.
    init(unread error: FileError) { self.init(.noInput, error.description) }
    init(_ error: CommandPaths.PathError) {
        switch error {
        case .same(let line): self.init(.usage, line)
        case .nowhere(let error): self.init(unwritten: error)
        }
    }
    init(_ error: TerminalError) { self.init(.runFailed, error.description) }
    init(_ error: Divergence) { self.init(.diverged, "diverged: \(error)") }
}
