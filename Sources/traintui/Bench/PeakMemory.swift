import Foundation

/// The most memory that a piece of work takes, beyond what the process had before.
enum PeakMemory {
    /// Does the work.
    ///
    /// - Returns: its result, and the bytes that were resident at most, less those before; nil where the system does not
    ///   say. Linux does: it keeps a high-water mark, which a process may reset for itself.
    static func during<Result>(_ work: () throws(Failure) -> Result) throws(Failure) -> (result: Result, bytes: Int?) {
        let before = reset() ? bytes("VmRSS:") : nil
        let result = try work()
        let peak = bytes("VmHWM:")
        return (result, before.flatMap { before in peak.map { $0 - before } })
    }

    private static func reset() -> Bool {
        let file = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        return write(file, "5", 1) == 1
    }

    /// A line of `/proc/self/status`, which counts in KiB.
    private static func bytes(_ name: String) -> Int? {
        guard let status = FileManager.default.contents(atPath: "/proc/self/status") else { return nil }
        let line = String(decoding: status, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix(name) }
        return line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Int($0) }
            .map { $0 * 1024 }
    }
}
