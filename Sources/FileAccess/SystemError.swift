#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Why the system did not do what it was asked, by its own number.
package struct SystemError: Error, Equatable, Hashable, CustomStringConvertible, Sendable {
    /// One of `errno.h`.
    package let number: Int32

    /// An error of that number.
    package init(_ number: Int32) { self.number = number }

    /// The system's words for it: "No space left on device".
    package var description: String { String(cString: strerror(number)) }

    package static let noSuchFile = SystemError(ENOENT)
    package static let interrupted = SystemError(EINTR)
    package static let exists = SystemError(EEXIST)
    package static let brokenPipe = SystemError(EPIPE)
    package static let noSpace = SystemError(ENOSPC)
    package static let inputOutput = SystemError(EIO)
    package static let notAllowed = SystemError(EACCES)
    package static let badDescriptor = SystemError(EBADF)
    package static let timedOut = SystemError(ETIMEDOUT)
    static let tooManyLinks = SystemError(ELOOP)
    static let inUse = SystemError(EBUSY)
    static let noReader = SystemError(ENXIO)
    static let wouldBlock = SystemError(EAGAIN)

    /// Whether the thing itself cannot be done with such a file, whoever asks: a pipe is not flushed to a disk.
    var isUnsupported: Bool { [EINVAL, ENOTSUP, EOPNOTSUPP, ENOSYS, EROFS].contains(number) }
}

extension SystemCalls {
    /// Does something until no signal comes between. A system that says so a thousand times is broken.
    static func retrying<Result>(_ work: () throws(SystemError) -> Result) throws(SystemError) -> Result {
        for _ in 0..<1000 {
            do throws(SystemError) {
                return try work()
            } catch {
                guard error == .interrupted else { throw error }
            }
        }
        throw .interrupted
    }
}
