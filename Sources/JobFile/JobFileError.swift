import TOMLTree

/// Why a job file could not be used, in one line that is safe to print.
package struct JobFileError: Error, CustomStringConvertible, Equatable, Sendable {
    /// Whose fault it is, which decides a program's exit code.
    package enum Kind: Sendable, Equatable {
        /// There is no such file, or it cannot be read. Exit code 66.
        case noInput
        /// What it says is no job. Exit code 78.
        case badJob
    }

    /// Whether there was no file, or a bad one.
    package let kind: Kind
    /// The line to print, with the place in the file where there is one.
    package let description: String

    init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }

    init(_ error: TOMLError) { self.init(.badJob, error.description) }
}
