/// When a run's state is to be written down: soon after the start, then rarer and rarer, at least every 30 s where that
/// costs no more than a hundredth of the time.
///
/// Pure: whoever asks says what time it is, in nanoseconds.
package struct CheckpointPace {
    /// The time between two, where a person named it; it is kept to whatever it costs.
    private let fixed: UInt64?
    private let start: UInt64
    private var last: UInt64
    /// What one costs at least, as far as its size tells: the first is not to come before that is known.
    private let expected: UInt64
    /// What the last one cost whose writer has said so.
    private var cost: UInt64
    /// What the last one took, until its writer says what it cost there.
    private var taken: UInt64?

    private static let shortest: UInt64 = 200_000_000
    private static let longest: UInt64 = 10_000_000_000
    /// The time that one costs is at most this part of the time between two: half a hundredth, for what cannot be counted,
    /// as the caches that one leaves empty. So with the first, too, all together cost less than a hundredth.
    private static let share: UInt64 = 200
    /// In a pause nothing waits for it.
    private static let shareInPause: UInt64 = 10
    /// What a byte of one costs before that is known, the copy, the SHA-256 and the file, and what the smallest costs, as
    /// measured.
    private static let nanosecondsPerByte: UInt64 = 3
    private static let least: UInt64 = 3_000_000

    /// - Parameters:
    ///   - seconds: the time between two; nil to choose it.
    ///   - bytes: what one holds, at least.
    package init(every seconds: Double?, now: UInt64, bytes: Int = 0) {
        expected = max(Self.least, Self.nanosecondsPerByte * UInt64(bytes))
        cost = expected
        fixed = seconds.map { UInt64(max(0, min($0, 1e9)) * 1e9) }
        (start, last) = (now, now)
    }

    /// When the next one is due.
    package var due: UInt64 {
        if let fixed { return last &+ fixed }
        return last + max(min(max(last - start, Self.shortest), Self.longest), Self.share * cost)
    }

    /// When one may be written because the run waits: as soon as that costs little.
    var dueInPause: UInt64 { last + max(Self.shortest, fixed == nil ? Self.shareInPause * cost : 0) }

    /// One was handed to its writer, in the time between these.
    package mutating func wrote(from begin: UInt64, to end: UInt64) {
        last = end
        taken = end - begin
    }

    /// The last one is written, which took its writer so long.
    package mutating func settle(_ nanoseconds: UInt64) {
        guard let taken else { return }
        self.taken = nil
        cost = max(expected, taken + nanoseconds)
    }
}
