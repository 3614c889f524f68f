#if os(Linux)
import Foundation
import Glibc

/// A file system of one MiB in memory, mounted for as long as this lives: it can be filled and freed.
///
/// A class because what was mounted is unmounted once.
final class SmallDisk {
    /// The folder in which it is the folder `disk`.
    let folder: Folder
    let url: URL

    /// Whether this person may mount one.
    static let canBeMounted: Bool = {
        do { return SmallDisk(in: try Folder()) != nil } catch { return false }
    }()

    /// Mounts one; nil where that is not allowed.
    init?(in folder: Folder) {
        self.folder = folder
        url = folder.url.appending(path: "disk")
        guard mkdir(path, 0o700) == 0, mount("tmpfs", path, "tmpfs", 0, "size=1m") == 0 else { return nil }
    }

    // Whoever still has a file open there keeps it.
    deinit { umount2(path, Int32(MNT_DETACH)) }

    private var path: String { url.path(percentEncoded: false) }
    private var filler: String { "\(path)/filler" }

    /// Writes until nothing more can be written.
    func fill() {
        let file = open(filler, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        defer { close(file) }
        for size in [4096, 1] {
            let zeros = [UInt8](repeating: 0, count: size)
            while write(file, zeros, size) == size {}
        }
    }

    /// Makes room again.
    func free() { unlink(filler) }
}
#endif
