import Dispatch

/// Spreads steps over time: so many a second, or as many as go.
struct Pacer {
    /// Steps a second; 0 is unlimited.
    var stepsPerSecond: Double {
        didSet { next = .now() }
    }
    /// When the next burst is due.
    private(set) var next: DispatchTime = .now()

    init(stepsPerSecond: Double) { self.stepsPerSecond = stepsPerSecond }

    /// Steps to take at once: one to watch by, more where single ones would come too fast for a timer.
    var burst: Int { Swift.max(1, Int(Swift.min(stepsPerSecond * 0.004, 4096))) }

    /// Starts counting anew, after a pause.
    mutating func restart() { next = .now() }

    /// Whether the next burst may be taken now.
    var isDue: Bool { DispatchTime.now() >= next }

    /// Says that `steps` were taken.
    mutating func spend(_ steps: Int) {
        let interval = UInt64(Swift.min(Double(steps) / stepsPerSecond * 1e9, 1e15))
        // Lost time is not made up for: haste after a stall would be no pace.
        let due = next.uptimeNanoseconds &+ interval
        next = DispatchTime(uptimeNanoseconds: Swift.max(due, DispatchTime.now().uptimeNanoseconds))
    }
}
