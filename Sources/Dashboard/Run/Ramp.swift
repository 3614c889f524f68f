import TrainEngine

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A value on its way to another one, step by step.
struct Ramp: Sendable, Equatable {
    /// The value at the start.
    let old: Double
    /// The value that is reached.
    let new: Double
    /// The last step with the value at the start.
    let step: Int
    /// The steps that it takes.
    let over: Int

    /// The ramp that an edit begins, nil where it is an edit at once.
    init?(old: Double, new: Double, step: Int, over: Int) {
        guard over > 0 else { return nil }
        (self.old, self.new, self.step, self.over) = (old, new, step, over)
    }

    /// Whether the value is still on its way after a step.
    func isUnderWay(at step: Int) -> Bool { Double(step) - Double(self.step) < Double(over) }

    /// The value after a step: geometric where both ends are above 0, else in equal parts.
    func value(at step: Int) -> Double {
        let part = min(1, max(0, (Double(step) - Double(self.step)) / Double(over)))
        if part == 1 { return new }
        return old > 0 && new > 0 ? old * pow(new / old, part) : old + (new - old) * part
    }
}
