import Foundation

/// A share with the interval in which it lies with 95 % confidence.
struct PairedShare: Encodable {
    /// The median of the rounds.
    let share: Double
    let low: Double
    let high: Double

    init(_ ratios: [Double]) {
        let rounds = Rounds(ratios)
        share = rounds.median
        (low, high) = rounds.medianInterval
    }
}

/// A moment in a run: the time, the processor time of all threads but this one, the steps taken.
struct RunMark {
    let time = Rounds.now
    let processorTime = seconds(CLOCK_PROCESS_CPUTIME_ID) - seconds(CLOCK_THREAD_CPUTIME_ID)
    let steps: Int

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

/// What was done from one moment to another.
struct RunTurn {
    let perSecond: Double
    let perProcessorSecond: Double

    init(from first: RunMark, to last: RunMark) {
        let steps = Double(last.steps - first.steps)
        perSecond = steps / (last.time - first.time)
        perProcessorSecond = steps / (last.processorTime - first.processorTime)
    }
}
