/// How far the reading of a table has come.
public struct ReadingProgress: Sendable, Equatable {
    /// Bytes read so far.
    public let bytes: Int
    /// Bytes there are; nil where nobody knows yet, as with a pipe.
    public let total: Int?

    /// A state of reading.
    public init(bytes: Int, total: Int?) {
        self.bytes = bytes
        self.total = total
    }
}
