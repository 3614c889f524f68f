import CEmbedded
import Foundation
import SecureHash
import Synchronization
import Tabular

/// The SHA-256 of a table's bytes, found out on a queue of its own while the table is read.
///
/// A class because two threads share it: one computes, the other waits for it.
final class Fingerprint: Sendable {
    private let queue = DispatchQueue(label: "traintui.fingerprint", qos: .userInitiated)
    private let digest = Mutex<String?>(nil)

    init(of source: TableRecipe.Source) {
        queue.async { [self] in
            let text = Self.sha256(of: source)
            digest.withLock { $0 = text }
        }
    }

    /// In hexadecimal, when it is there; nil for what cannot be read twice, or not at all.
    var sha256: String? { queue.sync { digest.withLock { $0 } } }

    private static func sha256(of source: TableRecipe.Source) -> String? {
        switch source {
        case .path(let path): sha256(ofFile: path)
        case .builtin:
            // There is one.
            SHA256(UnsafeRawBufferPointer(start: embedded_storms_csv_start(), count: embedded_storms_csv_count))
                .hexadecimal
        }
    }

    /// The SHA-256 of a file in hexadecimal; nil where it is no regular file, or cannot be read.
    static func sha256(ofFile path: String) -> String? {
        // Opening a pipe would take from its reader.
        var information = stat()
        guard stat(path, &information) == 0, information.st_mode & S_IFMT == S_IFREG else { return nil }
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var hash = SHA256()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
        defer { buffer.deallocate() }
        while true {
            let got = read(file, buffer.baseAddress, buffer.count)
            if got == 0 { return hash.hexadecimal }
            if got > 0 {
                hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<got]))
            } else if errno != EINTR {
                return nil
            }
        }
    }
}
