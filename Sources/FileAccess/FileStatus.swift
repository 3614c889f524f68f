#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What the system knows of a file.
package struct FileStatus: Equatable, Sendable {
    /// Which file it is, whatever its names.
    package struct Identity: Hashable, Sendable {
        package let device: UInt64
        package let inode: UInt64

        package init(device: UInt64, inode: UInt64) {
            self.device = device
            self.inode = inode
        }
    }

    /// What sort of file it is.
    package enum Kind: Sendable {
        case regular, folder, pipe, terminalOrOtherDevice, disk, socket, link, unknown
    }

    package var identity: Identity
    package var kind: Kind
    /// The permission bits, without the kind.
    package var mode: UInt32
    package var owner: UInt32
    package var group: UInt32
    package var size: Int
    /// How many names it has; 0 once it was deleted.
    package var names: Int

    init(_ information: stat) {
        identity = Identity(
            device: UInt64(truncatingIfNeeded: information.st_dev),
            inode: UInt64(truncatingIfNeeded: information.st_ino))
        kind =
            switch information.st_mode & S_IFMT {
            case S_IFREG: .regular
            case S_IFDIR: .folder
            case S_IFIFO: .pipe
            case S_IFCHR: .terminalOrOtherDevice
            case S_IFBLK: .disk
            case S_IFSOCK: .socket
            case S_IFLNK: .link
            default: .unknown
            }
        mode = UInt32(information.st_mode) & 0o7777
        owner = UInt32(information.st_uid)
        group = UInt32(information.st_gid)
        size = Int(information.st_size)
        names = Int(information.st_nlink)
    }
}

extension FileStatus.Kind {
    /// Why nothing is written to such a file, as a sentence's second half; nil where it can be.
    var objectionToWriting: String? {
        switch self {
        case .regular, .pipe, .terminalOrOtherDevice: nil
        case .folder: "is a directory, not a file"
        case .disk: "is a disk; name a file"
        case .socket: "is a socket; name a file"
        case .link, .unknown: "is no file that can be written"
        }
    }
}
