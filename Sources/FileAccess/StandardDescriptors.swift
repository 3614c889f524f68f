#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The descriptors that every program begins with.
package enum StandardDescriptors {
    /// Opens `/dev/null` where a descriptor from 0 to 2 is closed: else the first file that is opened would get its number,
    /// and with it what is meant for the screen. Call it before anything else is opened.
    ///
    /// - Returns: those that were closed.
    package static func openMissing() -> Set<Int32> {
        var missing: Set<Int32> = []
        for file in Int32(0)...2 where fcntl(file, F_GETFD) == -1 && errno == EBADF {
            missing.insert(file)
            // The lowest free number is what open gives. Without a /dev/null a folder serves: nothing can be written.
            let opened = open("/dev/null", O_RDWR) == file
            if !opened { _ = open("/", O_RDONLY) }
        }
        return missing
    }

    /// Ends the program as a write to a pipe without a reader ends others.
    package static func endByBrokenPipe() -> Never {
        signal(SIGPIPE, SIG_DFL)
        raise(SIGPIPE)
        exit(128 + SIGPIPE)
    }
}
