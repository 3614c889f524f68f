import FileAccess
import Foundation
import Wording

/// How a log is opened that a resumed run writes to: behind the whole lines that are in it.
struct ContinuedLog {
    let existing: LineFile.Existing
    /// Whether the line that names the columns is still to be written.
    let needsHeader: Bool

    /// Bytes that a line has, at most.
    private static let longestLine = 1 << 16

    /// - Parameters:
    ///   - header: the line that names the columns.
    ///   - isContinued: whether what is there stays.
    /// - Throws: where there is something else in the file.
    init(_ path: String, header: String, isContinued: Bool) throws(FileError) {
        guard isContinued, FileManager.default.fileExists(atPath: path) else {
            (existing, needsHeader) = (.emptied, true)
            return
        }
        let (start, end, size): (Data, Data, Int)
        do {
            let file = try FileHandle(forReadingFrom: URL(filePath: path))
            defer { try? file.close() }
            size = Int(try file.seekToEnd())
            try file.seek(toOffset: UInt64(max(0, size - Self.longestLine)))
            end = try file.readToEnd() ?? Data()
            try file.seek(toOffset: 0)
            start = try file.read(upToCount: header.utf8.count + 1) ?? Data()
        } catch {
            throw FileError(path, "cannot be read")
        }
        guard size > 0 else {
            (existing, needsHeader) = (.emptied, true)
            return
        }
        guard start == Data((header + "\n").utf8) else {
            throw FileError(path, "is no log of such a run: its columns are others")
        }
        let newline = UInt8(ascii: "\n")
        let cut = end.lastIndex(of: newline).map { end.endIndex - 1 - $0 } ?? 0
        (existing, needsHeader) = (.continued(found: size, kept: size - cut), false)
    }
}
