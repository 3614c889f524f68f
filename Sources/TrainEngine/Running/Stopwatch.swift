import Dispatch

/// The time spent training, pauses left out, and the steps a second of the last moments.
struct Stopwatch {
    /// Seconds up to the last ``tick(step:)``.
    private(set) var seconds: Double
    /// Steps a second over about the last second; nil while time stands still, or that is not known yet.
    var stepsPerSecond: Double? { last == nil ? nil : rate }
    /// The last such rate that was seen, also while time stands still; nil where none was since it was forgotten.
    private(set) var rate: Double?

    /// - Parameter seconds: those spent training before.
    init(seconds: Double = 0) { self.seconds = seconds }

    private struct Mark {
        let time: UInt64
        let step: Int
    }
    private var last: UInt64?
    private var marks: [Mark] = []

    /// A tenth of a second between marks, ten of them: the rate follows a change within a second.
    private static let interval: UInt64 = 100_000_000

    /// Training goes on.
    mutating func start(step: Int, now: UInt64 = DispatchTime.now().uptimeNanoseconds) {
        last = now
        marks = [Mark(time: now, step: step)]
    }

    /// Training goes on and has come to `step`.
    mutating func tick(step: Int, now: UInt64 = DispatchTime.now().uptimeNanoseconds) {
        guard let last else { return }
        seconds += Double(now - last) / 1e9
        self.last = now
        guard let newest = marks.last, let oldest = marks.first else { return }
        if now - newest.time >= Self.interval {
            marks.append(Mark(time: now, step: step))
            if marks.count > 11 { marks.removeFirst() }
            rate = Double(step - oldest.step) / (Double(now - oldest.time) / 1e9)
        }
    }

    /// What was seen says nothing about the rate from here on, because the pace is another one.
    mutating func forgetRate(step: Int, now: UInt64 = DispatchTime.now().uptimeNanoseconds) {
        rate = nil
        if last != nil { marks = [Mark(time: now, step: step)] }
    }

    /// Training waits.
    mutating func stop() { last = nil }
}
