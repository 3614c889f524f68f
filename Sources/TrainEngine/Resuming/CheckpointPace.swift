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
    /// What the last one cost.
    private var cost: UInt64

    private static let shortest: UInt64 = 200_000_000
    private static let longest: UInt64 = 10_000_000_000
    /// The time that one costs is at most this part of the time between two.
    private static let share: UInt64 = 100
    /// What a byte of one costs before that is known: the copy, the SHA-256 and the file, as measured.
    private static let nanosecondsPerByte: UInt64 = 6

    /// - Parameters:
    ///   - seconds: the time between two; nil to choose it.
    ///   - bytes: what one holds, at least.
    init(every seconds: Double?, now: UInt64, bytes: Int = 0) {
        expected = Self.nanosecondsPerByte * UInt64(bytes)
        cost = expected
        fixed = seconds.map { UInt64(max(0, min($0, 1e9)) * 1e9) }
        (start, last) = (now, now)
    }

    /// When the next one is due.
    var due: UInt64 {
        if let fixed { return last &+ fixed }
        let age = last - start
        return last + max(min(max(age, Self.shortest), Self.longest), Self.share * cost)
    }

    /// The seconds between two that have so many bytes and cost so many nanoseconds, where they come most often.
    package static func leastSeconds(bytes: Int, cost: UInt64) -> Double {
        Double(max(shortest, share * max(cost, nanosecondsPerByte * UInt64(bytes)))) / 1e9
    }

    /// When one may be written because the run waits: as soon as that costs little.
    var dueInPause: UInt64 { last + max(Self.shortest, fixed == nil ? Self.share * cost : 0) }

    /// One was written, beginning and ending at these times.
    mutating func wrote(from begin: UInt64, to end: UInt64) {
        last = end
        cost = max(expected, end - begin)
    }
}
