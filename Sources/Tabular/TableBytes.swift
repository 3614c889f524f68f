import CEmbedded
import Foundation
import Wording

/// A table's bytes: a file mapped into memory, or a table inside the program. A class, because it owns the mapping.
///
/// A pipe cannot be mapped: it is read to its end.
final class TableBytes {
    /// The first byte.
    let base: UnsafePointer<UInt8>
    /// How many bytes there are.
    let count: Int
    /// What to call the table in messages, safe to print.
    let name: String
    private let release: () -> Void

    private init(base: UnsafePointer<UInt8>, count: Int, name: String, release: @escaping () -> Void) {
        self.base = base
        self.count = count
        self.name = name
        self.release = release
    }

    deinit { release() }

    /// The bytes of a source. Paths are relative to `directory` where they are not absolute.
    static func open(_ source: TableRecipe.Source, relativeTo directory: String?) throws(DataError) -> TableBytes {
        switch source {
        case .builtin("storms"):
            return storms()
        case .builtin(let name):
            let known = TableRecipe.Source.builtinNames
            throw DataError(
                .noInput,
                "no built-in table is named '\(visible(name))': \(hint(for: name, among: known, plural: "tables"))")
        case .path(let path):
            let isRelative = !path.hasPrefix("/")
            return try open(path: isRelative && directory != nil ? "\(directory!)/\(path)" : path, name: visible(path))
        }
    }

    private static func storms() -> TableBytes {
        TableBytes(base: embedded_storms_csv_start(), count: embedded_storms_csv_count, name: "storms.csv") {}
    }

    private static func open(path: String, name: String) throws(DataError) -> TableBytes {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw DataError(.noInput, "'\(name)' is not a file's path")
        }
        let file = Foundation.open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failure(name, errno) }
        defer { close(file) }
        var information = stat()
        guard fstat(file, &information) == 0 else { throw failure(name, errno) }
        let type = information.st_mode & S_IFMT
        guard type != S_IFDIR else { throw DataError(.noInput, "\(name): is a directory, not a CSV file") }
        let size = Int(information.st_size)
        guard type == S_IFREG, size > 0 else { return try read(file, name: name) }
        guard let map = mmap(nil, size, PROT_READ, MAP_PRIVATE, file, 0), map != MAP_FAILED else {
            throw failure(name, errno)
        }
        return TableBytes(base: UnsafePointer(map.assumingMemoryBound(to: UInt8.self)), count: size, name: name) {
            munmap(map, size)
        }
    }

    private static func read(_ file: Int32, name: String) throws(DataError) -> TableBytes {
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
            } else if errno != EINTR {
                let reason = errno
                free(buffer)
                throw failure(name, reason)
            }
        }
        let bytes = buffer
        return TableBytes(base: UnsafePointer(bytes.assumingMemoryBound(to: UInt8.self)), count: count, name: name) {
            free(bytes)
        }
    }

    private static func failure(_ name: String, _ reason: Int32) -> DataError {
        DataError(.noInput, "\(name): cannot be read: \(String(cString: strerror(reason)))")
    }
}
