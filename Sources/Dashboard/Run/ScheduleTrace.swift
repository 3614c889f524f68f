/// What was seen of a learning rate schedule: by what the rate that was set was multiplied, and when.
struct ScheduleTrace: Sendable, Equatable {
    private var seen = ThinnedList<Factor>()

    private struct Factor: Sendable, Equatable {
        var step: Int
        var factor: Double
    }

    /// Whether the rate in force was ever another one than the one set.
    private(set) var isSeen = false

    /// Sees the rate in force after a step, and the one set.
    mutating func see(_ rate: Double, base: Double, at step: Int) {
        guard base > 0, rate.isFinite, rate > 0, seen.elements.last?.step != step else { return }
        let factor = rate / base
        if (factor - 1).magnitude > 1e-5 { isSeen = true }
        seen.append(Factor(step: step, factor: factor))
    }

    /// The factor nearest to a step, 1 where none was seen.
    func factor(at step: Int) -> Double {
        guard isSeen else { return 1 }
        func distance(_ element: Factor) -> Double { (Double(element.step) - Double(step)).magnitude }
        return seen.elements.min { distance($0) < distance($1) }?.factor ?? 1
    }
}
