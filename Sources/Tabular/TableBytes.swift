import CEmbedded
import Foundation
import Wording

/// A table's bytes: a file that is read piece by piece, or bytes in memory. A class, because it owns either.
///
/// A file is not mapped into memory: another program that cuts it short would end this one (SIGBUS), and one that writes
/// to it would change what was looked at already. Reading is as fast. A pipe can be read only once, so it is read to
/// its end at once, as far as memory allows. Devices are refused by their kind: `/dev/zero` has no end.
///
/// `@unchecked Sendable`: nothing in it changes after it is made; files are read at given places, and the memory is only
/// read until the last reference goes, which lets go of it.
final class TableBytes: @unchecked Sendable {
    /// How many bytes there are.
    let count: Int
    /// What to call the table in messages, safe to print.
    let name: String
    private let storage: Storage

    private enum Storage {
        /// Bytes, and what lets go of them.
        case memory(UnsafePointer<UInt8>, release: () -> Void)
        /// An open file, and what was known of it at the start.
        case file(Int32, stat)
    }

    /// Why bytes cannot be had.
    enum ReadFault: Error {
        /// The file ends here now.
        case ended(at: Int)
        /// The system's reason.
        case system(Int32)
    }

    private init(_ storage: Storage, count: Int, name: String) {
        self.storage = storage
        self.count = count
        self.name = name
    }

    deinit {
        switch storage {
        case .memory(_, let release): release()
        case .file(let file, _): close(file)
        }
    }

    /// Copies `count` bytes from `start` on. Several threads may at once.
    func read(at start: Int, count: Int, into buffer: UnsafeMutablePointer<UInt8>) throws(ReadFault) {
        switch storage {
        case .memory(let base, _):
            buffer.update(from: base + start, count: count)
        case .file(let file, _):
            var done = 0
            while done < count {
                let got = pread(file, buffer + done, count - done, off_t(start + done))
                if got == 0 { throw .ended(at: start + done) }
                if got > 0 { done += got } else if errno != EINTR { throw .system(errno) }
            }
        }
    }

    /// Throws where the file is not the one any more that was opened: its parts may be of different times.
    func checkUnchanged() throws(DataError) {
        guard case .file(let file, let before) = storage else { return }
        var now = stat()
        guard fstat(file, &now) == 0 else { throw Self.failure(name, errno) }
        guard now.st_size == before.st_size, now.modified == before.modified else {
            throw DataError(.badData, "\(name): was changed by another program while it was read")
        }
    }

    /// A fault as an error to report.
    func described(_ fault: ReadFault) -> DataError {
        switch fault {
        case .ended(let position):
            DataError(
                .badData,
                "\(name): was cut short by another program while it was read: \(position) of \(count) bytes are left")
        case .system(let reason): Self.failure(name, reason)
        }
    }

    /// An error about the line that the byte at `position` stands in.
    func fault(at position: Int, _ message: String) -> DataError {
        do throws(ReadFault) {
            return DataError(.badData, "\(name):\(try line(at: position)): \(message)")
        } catch {
            return described(error)
        }
    }

    /// The line that the byte at `position` stands in, counted from 1.
    func line(at position: Int) throws(ReadFault) -> Int {
        let capacity = min(position, 1 << 20)
        let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        defer { buffer.deallocate() }
        var lines = 1
        for start in stride(from: 0, to: position, by: max(1, capacity)) {
            let length = min(capacity, position - start)
            try read(at: start, count: length, into: buffer)
            lines += ByteSurvey.lines(in: buffer, count: length)
        }
        return lines
    }
}

extension TableBytes {
    /// The bytes of a source. Paths are relative to `directory` where they are not absolute.
    static func open(
        _ source: TableRecipe.Source, relativeTo directory: String?, progress: ((ReadingProgress) -> Void)?
    ) throws(DataError) -> TableBytes {
        switch source {
        case .builtin("storms"):
            return TableBytes(
                .memory(embedded_storms_csv_start(), release: {}), count: embedded_storms_csv_count,
                name: "storms.csv")
        case .builtin(let name):
            let known = TableRecipe.Source.builtinNames
            throw DataError(
                .noInput,
                "no built-in table is named '\(visible(name))': \(hint(for: name, among: known, plural: "tables"))")
        case .path(let path):
            let isRelative = !path.hasPrefix("/")
            return try open(
                path: isRelative && directory != nil ? "\(directory!)/\(path)" : path, name: visible(path), progress)
        }
    }

    private static func open(
        path: String, name: String, _ progress: ((ReadingProgress) -> Void)?
    ) throws(DataError) -> TableBytes {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw DataError(.noInput, "'\(name)' is not a file's path")
        }
        var information = stat()
        // What a device does when it is opened is its own affair: look before, and again at what was opened.
        guard stat(path, &information) == 0 else { throw failure(name, errno) }
        try refuse(information.st_mode & S_IFMT, name)
        let file = Foundation.open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        guard file >= 0 else { throw failure(name, errno) }
        guard fstat(file, &information) == 0 else {
            let reason = errno
            close(file)
            throw failure(name, reason)
        }
        let type = information.st_mode & S_IFMT
        if type == S_IFREG, information.st_size > 0 {
            return TableBytes(.file(file, information), count: Int(information.st_size), name: name)
        }
        defer { close(file) }
        try refuse(type, name)
        return try readToEnd(file, name: name, progress)
    }

    private static func refuse(_ type: mode_t, _ name: String) throws(DataError) {
        switch type {
        case S_IFREG, S_IFIFO: break
        case S_IFDIR: throw DataError(.noInput, "\(name): is a directory, not a CSV file")
        default:
            throw DataError(.noInput, "\(name): is a device, not a CSV file; expected a regular file or a pipe")
        }
    }

    /// Bytes that a pipe may have: they are held in memory, and while they grow twice over. A file may have any number.
    static let longestPipe = 1 << 31

    private static func readToEnd(
        _ file: Int32, name: String, _ progress: ((ReadingProgress) -> Void)?
    ) throws(DataError) -> TableBytes {
        var capacity = 1 << 16
        var count = 0
        guard var buffer = malloc(capacity) else { throw failure(name, ENOMEM) }
        while true {
            if count == capacity {
                capacity *= 2
                guard let larger = realloc(buffer, capacity) else {
                    free(buffer)
                    throw failure(name, ENOMEM)
                }
                buffer = larger
            }
            let got = Foundation.read(file, buffer + count, capacity - count)
            if got == 0 { break }
            if got > 0 {
                count += got
                guard count <= longestPipe else {
                    free(buffer)
                    throw DataError(
                        .badData,
                        "\(name): is a pipe with more than \(longestPipe >> 30) GiB; expected less, or a regular file")
                }
                progress?(ReadingProgress(bytes: count, total: nil))
            } else if errno != EINTR {
                let reason = errno
                free(buffer)
                throw failure(name, reason)
            }
        }
        let bytes = buffer
        let base = UnsafePointer(bytes.assumingMemoryBound(to: UInt8.self))
        return TableBytes(.memory(base, release: { free(bytes) }), count: count, name: name)
    }

    private static func failure(_ name: String, _ reason: Int32) -> DataError {
        DataError(.noInput, "\(name): cannot be read: \(String(cString: strerror(reason)))")
    }
}

extension stat {
    /// When the file was last written to, in seconds and nanoseconds.
    fileprivate var modified: [Int] {
        #if canImport(Darwin)
        [st_mtimespec.tv_sec, st_mtimespec.tv_nsec]
        #else
        [st_mtim.tv_sec, st_mtim.tv_nsec]
        #endif
    }
}
