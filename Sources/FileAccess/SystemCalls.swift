#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The calls of the system that reading and writing need, as values: whoever wants to know what happens when a disk is
/// full hands over calls that say so.
///
/// Each does what POSIX says of its name, and throws where that one would set `errno`.
package struct SystemCalls: Sendable {
    package var open: @Sendable (_ path: String, _ flags: OpenFlags, _ mode: UInt32) throws(SystemError) -> Int32
    package var read: @Sendable (_ file: Int32, UnsafeMutableRawBufferPointer) throws(SystemError) -> Int
    package var write: @Sendable (_ file: Int32, UnsafeRawBufferPointer) throws(SystemError) -> Int
    /// `fsync`.
    package var flush: @Sendable (_ file: Int32) throws(SystemError) -> Void
    package var close: @Sendable (_ file: Int32) throws(SystemError) -> Void
    /// `ftruncate`.
    package var cut: @Sendable (_ file: Int32, _ size: Int) throws(SystemError) -> Void
    /// `flock`: takes the file for this program alone; false where another one has it.
    package var lock: @Sendable (_ file: Int32) throws(SystemError) -> Bool
    package var changeMode: @Sendable (_ file: Int32, _ mode: UInt32) throws(SystemError) -> Void
    package var changeOwner: @Sendable (_ file: Int32, _ owner: UInt32, _ group: UInt32) throws(SystemError) -> Void
    package var rename: @Sendable (_ from: String, _ to: String) throws(SystemError) -> Void
    /// Gives a file another name, which must be free.
    package var link: @Sendable (_ from: String, _ to: String) throws(SystemError) -> Void
    package var unlink: @Sendable (_ path: String) throws(SystemError) -> Void
    /// `stat`: of what links lead to.
    package var status: @Sendable (_ path: String) throws(SystemError) -> FileStatus
    /// `lstat`: of the link itself.
    package var statusOfLink: @Sendable (_ path: String) throws(SystemError) -> FileStatus
    package var statusOfOpen: @Sendable (_ file: Int32) throws(SystemError) -> FileStatus
    package var readLink: @Sendable (_ path: String) throws(SystemError) -> String
    /// `access` for making files in a folder.
    package var checkFolder: @Sendable (_ path: String) throws(SystemError) -> Void
    /// `access` for writing to a file.
    package var checkWritable: @Sendable (_ path: String) throws(SystemError) -> Void
    /// `poll`: waits so many milliseconds at most, and returns whether a write would not have to wait.
    package var waitToWrite: @Sendable (_ file: Int32, _ milliseconds: Int32) -> Bool
    /// Nanoseconds on a clock that only goes forward.
    package var now: @Sendable () -> UInt64

    /// How a file is opened; always so that no child of this program has it too.
    package struct OpenFlags: OptionSet, Sendable {
        package let rawValue: Int32
        package init(rawValue: Int32) { self.rawValue = rawValue }

        package static let write = OpenFlags(rawValue: 1)
        package static let create = OpenFlags(rawValue: 2)
        /// Only if there is no such file.
        package static let mustBeNew = OpenFlags(rawValue: 4)
        package static let append = OpenFlags(rawValue: 8)
        /// What was in it goes.
        package static let empty = OpenFlags(rawValue: 16)
        /// Neither opening nor writing waits for a reader.
        package static let noWait = OpenFlags(rawValue: 32)
        package static let folder = OpenFlags(rawValue: 64)
        package static let noLink = OpenFlags(rawValue: 128)

        fileprivate var posix: Int32 {
            // A terminal that is opened does not become this program's own.
            var flags = O_CLOEXEC | O_NOCTTY | (contains(.write) ? O_WRONLY : O_RDONLY)
            if contains(.create) { flags |= O_CREAT }
            if contains(.mustBeNew) { flags |= O_EXCL }
            if contains(.append) { flags |= O_APPEND }
            if contains(.empty) { flags |= O_TRUNC }
            if contains(.noWait) { flags |= O_NONBLOCK }
            if contains(.folder) { flags |= O_DIRECTORY }
            if contains(.noLink) { flags |= O_NOFOLLOW }
            return flags
        }
    }

    /// The system's own.
    package static let posix = SystemCalls(
        open: { (path, flags, mode) throws(SystemError) in
            #if canImport(Glibc)
            try checked(Glibc.open(path, flags.posix, mode_t(mode)))
            #elseif canImport(Musl)
            try checked(Musl.open(path, flags.posix, mode_t(mode)))
            #else
            try checked(Darwin.open(path, flags.posix, mode_t(mode)))
            #endif
        },
        read: { (file, buffer) throws(SystemError) in
            #if canImport(Glibc)
            try checked(Glibc.read(file, buffer.baseAddress, buffer.count))
            #elseif canImport(Musl)
            try checked(Musl.read(file, buffer.baseAddress, buffer.count))
            #else
            try checked(Darwin.read(file, buffer.baseAddress, buffer.count))
            #endif
        },
        write: { (file, bytes) throws(SystemError) in
            #if canImport(Glibc)
            try checked(Glibc.write(file, bytes.baseAddress, bytes.count))
            #elseif canImport(Musl)
            try checked(Musl.write(file, bytes.baseAddress, bytes.count))
            #else
            try checked(Darwin.write(file, bytes.baseAddress, bytes.count))
            #endif
        },
        flush: { (file) throws(SystemError) in _ = try checked(fsync(file)) },
        close: { (file) throws(SystemError) in
            #if canImport(Glibc)
            _ = try checked(Glibc.close(file))
            #elseif canImport(Musl)
            _ = try checked(Musl.close(file))
            #else
            _ = try checked(Darwin.close(file))
            #endif
        },
        cut: { (file, size) throws(SystemError) in _ = try checked(ftruncate(file, off_t(size))) },
        lock: { (file) throws(SystemError) in
            if flock(file, LOCK_EX | LOCK_NB) == 0 { return true }
            guard errno == EWOULDBLOCK else { throw SystemError(errno) }
            return false
        },
        changeMode: { (file, mode) throws(SystemError) in _ = try checked(fchmod(file, mode_t(mode))) },
        changeOwner: { (file, owner, group) throws(SystemError) in _ = try checked(fchown(file, owner, group)) },
        rename: { (from, to) throws(SystemError) in
            #if canImport(Glibc)
            _ = try checked(Glibc.rename(from, to))
            #elseif canImport(Musl)
            _ = try checked(Musl.rename(from, to))
            #else
            _ = try checked(Darwin.rename(from, to))
            #endif
        },
        link: { (from, to) throws(SystemError) in
            #if canImport(Glibc)
            _ = try checked(Glibc.link(from, to))
            #elseif canImport(Musl)
            _ = try checked(Musl.link(from, to))
            #else
            _ = try checked(Darwin.link(from, to))
            #endif
        },
        unlink: { (path) throws(SystemError) in
            #if canImport(Glibc)
            _ = try checked(Glibc.unlink(path))
            #elseif canImport(Musl)
            _ = try checked(Musl.unlink(path))
            #else
            _ = try checked(Darwin.unlink(path))
            #endif
        },
        status: { (path) throws(SystemError) in
            var information = stat()
            _ = try checked(stat(path, &information))
            return FileStatus(information)
        },
        statusOfLink: { (path) throws(SystemError) in
            var information = stat()
            _ = try checked(lstat(path, &information))
            return FileStatus(information)
        },
        statusOfOpen: { (file) throws(SystemError) in
            var information = stat()
            _ = try checked(fstat(file, &information))
            return FileStatus(information)
        },
        readLink: { (path) throws(SystemError) in
            let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: Int(PATH_MAX))
            defer { buffer.deallocate() }
            let count = try checked(readlink(path, buffer, Int(PATH_MAX)))
            return String(decoding: UnsafeRawBufferPointer(start: buffer, count: count), as: UTF8.self)
        },
        checkFolder: { (path) throws(SystemError) in _ = try checked(access(path, W_OK | X_OK)) },
        checkWritable: { (path) throws(SystemError) in _ = try checked(access(path, W_OK)) },
        waitToWrite: { file, milliseconds in
            var descriptor = pollfd(fd: file, events: Int16(POLLOUT), revents: 0)
            return poll(&descriptor, 1, milliseconds) > 0
        },
        now: { monotoneNanoseconds() })

    private static func checked<Number: SignedInteger>(_ result: Number) throws(SystemError) -> Number {
        guard result >= 0 else { throw SystemError(errno) }
        return result
    }

    private static func monotoneNanoseconds() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
