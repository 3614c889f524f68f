import Foundation

/// A file without a name, for readers that take a path. A class, because it owns an open file.
final class ScratchFile: Sendable {
    /// Where it can be opened.
    let path: String
    private let file: Int32

    /// One for all readers: each input takes the place of the one before.
    static let shared = ScratchFile()

    private init() {
        // In memory, where the system has such a folder.
        let folder = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
        var name = Array("\(folder)/traintui-fuzz-XXXXXX".utf8CString)
        file = mkstemp(&name)
        guard file >= 0 else { fatalError("no scratch file in \(folder): \(String(cString: strerror(errno)))") }
        unlink(name)
        path = "/dev/fd/\(file)"
    }

    /// Makes `bytes` all that is in the file.
    func fill(_ bytes: [UInt8]) {
        guard ftruncate(file, off_t(bytes.count)) == 0, pwrite(file, bytes, bytes.count, 0) == bytes.count else {
            fatalError("the scratch file cannot be written: \(String(cString: strerror(errno)))")
        }
    }
}
