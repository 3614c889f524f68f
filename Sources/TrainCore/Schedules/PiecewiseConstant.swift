import Wording

/// One rate after another: `values[0]` up to and including step `boundaries[0]`, then `values[1]`, and so on.
///
/// As Keras's PiecewiseConstantDecay, which counts steps from 0: the update after `boundaries[0]` others is the last of
/// `values[0]`. The optimizer's learning rate is not one of the rates, only what edits are relative to.
public struct PiecewiseConstant: LearningRateSchedule {
    public static let name = "piecewise_constant"

    /// The last step of each piece but the last, rising.
    public var boundaries: [Double] = []
    /// The rate of each piece: one more than boundaries.
    public var values: [Double] = []

    public static let settings: [Setting<PiecewiseConstant>] = []

    public static let listSettings: [ListSetting<PiecewiseConstant>] = [
        ListSetting("boundaries", \.boundaries, .whole(from: 0)),
        ListSetting("values", \.values, .moderate),
    ]

    /// No piece: it needs at least one value.
    public init() {}

    public var objection: SettingObjection? {
        if zip(boundaries, boundaries.dropFirst()).contains(where: { $0 >= $1 }) {
            return SettingObjection(to: "boundaries", "must rise")
        }
        if values.count != boundaries.count + 1 {
            return SettingObjection(
                to: "values", "must have one number more than boundaries: \(boundaries.count + 1), not \(values.count)")
        }
        return nil
    }

    /// The first rate; where that is 0, the first greater one.
    public var ownLearningRate: Double? { values.first { $0 > 0 } }

    public func rate(after step: Int, learningRate: Double) -> Double {
        let step = Double(step)
        for piece in boundaries.indices where step <= boundaries[piece] { return values[piece] }
        return values.isEmpty ? learningRate : values[values.count - 1]
    }

    public mutating func scaleRates(by factor: Double) { values = values.map { $0 * factor } }
}

extension LearningRateSchedule where Self == PiecewiseConstant {
    /// One rate after another: the next from the step after each boundary on.
    public static func piecewiseConstant(boundaries: [Double], values: [Double]) -> PiecewiseConstant {
        var schedule = PiecewiseConstant()
        schedule.boundaries = boundaries
        schedule.values = values
        return schedule
    }
}
