/// What came over the wire is not what the protocol has there: a line to print.
package struct WireError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The line, harmless to show.
    package let description: String

    /// An error with these words.
    package init(_ description: String) { self.description = description }
}
