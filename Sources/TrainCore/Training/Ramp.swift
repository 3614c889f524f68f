import Wording

/// A number of a training that is to move from one value to another, a little with each step.
///
/// Step `k` is taken with `Interpolation.value(from: from, to: to, at: (k - start) / steps)`, rounded where the number is
/// whole; the last step of the ramp, and all behind it, with exactly `to`.
public struct Ramp: Sendable, Hashable {
    /// The number's name: "learning_rate", "batch_size", "layers.0.l2".
    public let name: String
    /// Where it comes from.
    public let from: Double
    /// Where it ends.
    public let to: Double
    /// The steps taken since the start of the training before the ramp's first.
    public let start: Int
    /// Steps that it takes, at least 1.
    public let steps: Int

    /// A ramp over the `steps` steps that come after step `start`.
    public init(_ name: String, from: Double, to: Double, after start: Int, over steps: Int) {
        self.name = name
        self.from = from
        self.to = to
        self.start = start
        self.steps = steps
    }

    /// Its last step.
    public var end: Int {
        let (end, isTooLarge) = start.addingReportingOverflow(steps)
        return isTooLarge ? .max : end
    }
}

/// A ramp under way: where its number lives, and its values for the steps ahead. It moves from one step to the next.
struct RampMover {
    let ramp: Ramp
    private let place: NumberPlace
    private let range: NumberRange
    private let way: Interpolation
    /// The values of so many steps from `firstStep` on, and the number before them.
    private var values = [Double](repeating: 0, count: 32)
    private var firstStep = Int.min
    private var before: Double
    /// Whether they lie between the ramp's ends, so that the number may have all of them.
    private var areBetween = true

    init(_ ramp: Ramp, of setting: EditableSetting, at place: NumberPlace) {
        self.ramp = ramp
        self.place = place
        range = setting.range
        before = setting.value
        way = Interpolation(from: ramp.from, to: ramp.to)
    }

    /// Gives the number its value for a step. Returns whether its range allows that.
    @inline(__always)
    mutating func move(to step: Int, in settings: inout TrainingSettings) -> Bool {
        if !values.indices.contains(step &- firstStep) { look(ahead: step) }
        let value = values[step &- firstStep]
        guard areBetween || range.contains(value) else { return false }
        settings.put(value, at: place)
        return true
    }

    /// Computes the values from a step on.
    @inline(never)
    private mutating func look(ahead step: Int) {
        if firstStep != .min { before = values[values.count - 1] }
        let (taken, steps) = (step - ramp.start, Double(ramp.steps))
        values.withUnsafeMutableBufferPointer { values in
            way.fill(values) { Double(taken + $0) / steps }
            if range.isWhole { for index in values.indices { values[index].round(.toNearestOrAwayFromZero) } }
        }
        firstStep = step
        let ends = min(ramp.from, ramp.to)...max(ramp.from, ramp.to)
        areBetween = values.allSatisfy(ends.contains)
    }

    /// Takes the move to a step, the last one, back.
    func moveBack(from step: Int, in settings: inout TrainingSettings) {
        settings.put(step > firstStep ? values[step - firstStep - 1] : before, at: place)
    }
}
