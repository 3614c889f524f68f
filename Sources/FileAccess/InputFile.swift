/// A file that is read from its beginning on: a regular one, or a pipe. Devices are refused by their kind: `/dev/zero`
/// has no end.
///
/// A class because it owns an open file; one thread at a time uses it.
package final class InputFile {
    /// As the person called it.
    package let path: String
    /// The bytes in it; nil for a pipe, of which nobody knows.
    package let size: Int?
    private let file: Int32
    private let calls: SystemCalls

    /// Opens a file. A pipe waits for somebody who writes to it.
    ///
    /// - Parameter meaning: what it should be, for errors: "a job file".
    package init(_ path: String, meaning: String, calls: SystemCalls = .posix) throws(FileError) {
        guard !path.isEmpty, !path.utf8.contains(0) else { throw FileError("'\(path)'", "is not a file's path") }
        self.path = path
        self.calls = calls
        // What a device does when it is opened is its own affair: look before, and again at what was opened.
        let before: FileStatus
        do throws(SystemError) { before = try calls.status(path) } catch { throw .cannotBeRead(path, error) }
        try Self.refuse(before.kind, path, meaning)
        do throws(SystemError) {
            file = try SystemCalls.retrying { () throws(SystemError) in try calls.open(path, [], 0) }
        } catch {
            throw .cannotBeRead(path, error)
        }
        do throws(FileError) {
            let status: FileStatus
            do throws(SystemError) { status = try calls.statusOfOpen(file) } catch { throw .cannotBeRead(path, error) }
            try Self.refuse(status.kind, path, meaning)
            // Files in /proc have no size, and bytes all the same.
            size = status.kind == .regular && status.size > 0 ? status.size : nil
        } catch {
            calls.closeAnyhow(file)
            throw error
        }
    }

    deinit { calls.closeAnyhow(file) }

    private static func refuse(_ kind: FileStatus.Kind, _ path: String, _ meaning: String) throws(FileError) {
        switch kind {
        case .regular, .pipe, .link: break
        case .folder: throw FileError(path, "is a directory, not \(meaning)")
        case .terminalOrOtherDevice, .disk, .socket, .unknown:
            throw FileError(path, "is a device, not \(meaning); expected a regular file or a pipe")
        }
    }

    /// The next bytes: `count` of them, fewer only where the file ends.
    package func read(_ count: Int) throws(FileError) -> [UInt8] {
        var bytes: [UInt8] = []
        if let size { bytes.reserveCapacity(min(count, size)) }
        // Piece by piece: who says how many there are need not be right.
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: min(max(1, count), 1 << 20), alignment: 64)
        defer { buffer.deallocate() }
        while bytes.count < count {
            let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(count - bytes.count, buffer.count)])
            do throws(SystemError) {
                let got = try SystemCalls.retrying { () throws(SystemError) in try calls.read(file, piece) }
                if got == 0 { break }
                bytes.append(contentsOf: piece[..<got])
            } catch {
                throw .cannotBeRead(path, error)
            }
        }
        return bytes
    }

    /// All bytes to the end.
    ///
    /// - Parameters:
    ///   - limit: the most that there may be; where there are more, that is an error.
    package func readAll(limit: Int) throws(FileError) -> [UInt8] {
        if let size, size > limit { throw tooLarge(limit) }
        let bytes = try read(limit + 1)
        guard bytes.count <= limit else { throw tooLarge(limit) }
        return bytes
    }

    /// An error for a file that has more bytes than it may.
    private func tooLarge(_ limit: Int) -> FileError {
        FileError(path, "is too large; expected at most \(limit >> 20) MiB", kind: .tooLarge)
    }

    /// All bytes of a file, at most `limit`.
    package static func read(
        _ path: String, meaning: String, limit: Int, calls: SystemCalls = .posix
    ) throws(FileError) -> [UInt8] {
        try InputFile(path, meaning: meaning, calls: calls).readAll(limit: limit)
    }
}
