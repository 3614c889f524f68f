import Wording

/// Why a file could not be read or written, in one line that is safe to print.
package struct FileError: Error, Equatable, CustomStringConvertible, Sendable {
    /// The file, as the person called it.
    package let path: String
    /// What is wrong with it, as a sentence's second half: "cannot be written: No space left on device".
    package let reason: String
    /// What callers tell apart.
    package let kind: Kind

    /// What callers tell apart.
    package enum Kind: Equatable, Sendable {
        /// There is no such file.
        case isMissing
        /// There is a file already where a new one was to be made.
        case isThere
        /// What was read is not what was expected.
        case unusable
        /// There is more of it than may be read.
        case tooLarge
        case other
    }

    /// Whether there is a file already where a new one was to be made.
    package var isThere: Bool { kind == .isThere }

    /// "run.csv: cannot be written: No space left on device".
    package var description: String { "\(visible(path)): \(reason)" }

    /// An error about the file at `path`.
    package init(_ path: String, _ reason: String, kind: Kind = .other) {
        self.path = path
        self.reason = reason
        self.kind = kind
    }

    /// What the system said when the file was to be written.
    package static func cannotBeWritten(_ path: String, _ error: SystemError) -> FileError {
        FileError(path, "cannot be written: \(error == .noReader ? "nobody reads this pipe" : error.description)")
    }

    /// What the system said when the file was to be read.
    package static func cannotBeRead(_ path: String, _ error: SystemError) -> FileError {
        FileError(path, "cannot be read: \(error)", kind: error == .noSuchFile ? .isMissing : .other)
    }
}
