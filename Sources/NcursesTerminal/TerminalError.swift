/// Why there is no screen, as one line for the person.
public struct TerminalError: Error, Equatable, CustomStringConvertible {
    /// What is wrong and what to do about it.
    public let description: String

    /// An error.
    init(_ description: String) {
        self.description = description
    }
}
