/// One factor after another: `values[0]` up to and including step `boundaries[0]`, then `values[1]`, and so on.
///
/// As Keras's PiecewiseConstantDecay, but that values are factors of the optimizer's own rate: at a learning rate of 1
/// they are Keras's.
public struct PiecewiseConstant: LearningRateSchedule {
    public static let name = "piecewise_constant"

    /// The last step of each piece but the last, rising.
    public var boundaries: [Double] = []
    /// The factor of each piece: one more than boundaries.
    public var values: [Double] = [1]

    public static let settings: [Setting<PiecewiseConstant>] = []

    public static let listSettings: [ListSetting<PiecewiseConstant>] = [
        ListSetting("boundaries", \.boundaries, .whole(from: 0)),
        ListSetting("values", \.values, .positive),
    ]

    /// One piece of factor 1.
    public init() {}

    public var objection: String? {
        if zip(boundaries, boundaries.dropFirst()).contains(where: { $0 >= $1 }) { return "boundaries must rise" }
        if values.count != boundaries.count + 1 {
            return "values must have one number more than boundaries: \(boundaries.count + 1), not \(values.count)"
        }
        return nil
    }

    public func factor(after step: Int) -> Double {
        let step = Double(step)
        for (boundary, value) in zip(boundaries, values) where step <= boundary { return value }
        return values[boundaries.count]
    }
}

extension LearningRateSchedule where Self == PiecewiseConstant {
    /// One factor after another: the next from the step after each boundary on.
    public static func piecewiseConstant(boundaries: [Double], values: [Double]) -> PiecewiseConstant {
        var schedule = PiecewiseConstant()
        schedule.boundaries = boundaries
        schedule.values = values
        return schedule
    }
}
