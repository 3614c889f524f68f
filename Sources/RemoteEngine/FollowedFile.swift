#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A file that something is added to, read as it grows.
struct FollowedFile: ~Copyable {
    private let path: String
    private var file: Int32 = -1
    private var offset: off_t = 0
    private var buffer = [UInt8](repeating: 0, count: Self.portion)

    /// Bytes that are read at once; where more were added, the last ones are.
    private static let portion = 1 << 16

    init(path: String) { self.path = path }

    deinit { if file >= 0 { close(file) } }

    /// What was added since the last time. A file that is not there yet, or is none, has nothing.
    mutating func read() -> ArraySlice<UInt8> {
        if file < 0 {
            file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
            guard file >= 0 else { return [] }
        }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > offset else { return [] }
        offset = max(offset, status.st_size - off_t(Self.portion))
        let count = pread(file, &buffer, Self.portion, offset)
        guard count > 0 else { return [] }
        offset += off_t(count)
        return buffer[..<count]
    }
}
