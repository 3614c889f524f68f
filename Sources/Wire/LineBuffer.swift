/// Bytes as they come, cut into lines.
package struct LineBuffer: Sendable {
    /// Bytes in a line, its end included.
    package static let longestLine = 1 << 20

    private var bytes: [UInt8] = []

    /// Nothing yet.
    package init() {}

    /// Adds what came.
    ///
    /// - Returns: the lines that are complete now, without their ends.
    /// - Throws: where a line is too long; nothing more can be read then.
    package mutating func append(_ more: some Sequence<UInt8>) throws(WireError) -> [ArraySlice<UInt8>] {
        // Only what is new can have a line's end.
        var search = bytes.count
        bytes.append(contentsOf: more)
        var lines: [ArraySlice<UInt8>] = []
        var start = 0
        while let end = bytes[search...].firstIndex(of: UInt8(ascii: "\n")) {
            guard end - start < Self.longestLine else { throw Self.tooLong }
            lines.append(bytes[start..<end])
            start = end + 1
            search = start
        }
        bytes.removeFirst(start)
        guard bytes.count < Self.longestLine else { throw Self.tooLong }
        return lines
    }

    private static let tooLong = WireError("a line of more than 1 MiB came")
}
