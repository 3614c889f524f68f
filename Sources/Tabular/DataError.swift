/// Why a table could not be used, in one line that is safe to print: what, where, and what was expected.
public struct DataError: Error, CustomStringConvertible, Equatable, Sendable {
    /// Whose fault it is, which decides a program's exit code.
    public enum Kind: Sendable, Equatable {
        /// There is nothing to read: no such file, a directory, no permission. Exit code 66.
        case noInput
        /// What was read cannot be used. Exit code 65.
        case badData
    }

    /// Whether there was no input, or a bad one.
    public let kind: Kind
    /// The line to print.
    public let description: String

    init(_ kind: Kind = .badData, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
