import Wording

/// Up by half a cosine from `max_lr / div_factor` to `max_lr`, then down by another to `1 / final_div_factor` of where it
/// began.
///
/// Keras has none: this is PyTorch's OneCycleLR with `anneal_strategy` "cos" (after Smith and Topin 2017,
/// arXiv:1708.07120), without its cycle of momentum. The top comes at step `pct_start * total_steps - 1`, the bottom at
/// step `total_steps - 1`, counted from 0, and the rate stays there.
public struct OneCycle: LearningRateSchedule {
    public static let name = "one_cycle"

    /// The top; nil for the optimizer's learning rate.
    public var maxLearningRate: Double?
    /// Steps of the whole cycle. PyTorch has no default.
    public var totalSteps = 1000.0
    /// The share of the steps in which the rate rises.
    public var risingShare = 0.3
    /// The top, as a multiple of the first step's rate.
    public var divFactor = 25.0
    /// The first step's rate, as a multiple of the last's.
    public var finalDivFactor = 1e4
    /// 1 to come down to the first step's rate as fast as it rose, and then on to the bottom.
    public var threePhase = 0.0

    public static let settings: [Setting<OneCycle>] = [
        Setting(optional: "max_lr", \.maxLearningRate, .learningRate),
        Setting("total_steps", \.totalSteps, .whole(from: 1)),
        Setting("pct_start", \.risingShare, .belowOne),
        Setting("div_factor", \.divFactor, .positive),
        Setting("final_div_factor", \.finalDivFactor, .positive),
        Setting(flag: "three_phase", \.threePhase),
    ]

    /// Over 1000 steps, up to the optimizer's learning rate.
    public init() {}

    public var objection: SettingObjection? {
        threePhase != 0 && risingShare > 0.5
            ? SettingObjection(to: "pct_start", "must be at most 0.5 where three_phase is on") : nil
    }

    public var ownLearningRate: Double? { maxLearningRate }

    public func rate(after step: Int, learningRate: Double) -> Double {
        let top = maxLearningRate ?? learningRate
        let first = top / divFactor
        let (step, peak, end) = (Double(step), risingShare * totalSteps - 1, totalSteps - 1)
        if step <= peak { return turn(from: first, to: top, after: step, of: peak) }
        guard threePhase != 0 else {
            return turn(from: top, to: first / finalDivFactor, after: step - peak, of: end - peak)
        }
        let foot = 2 * risingShare * totalSteps - 2
        if step <= foot { return turn(from: top, to: first, after: step - peak, of: foot - peak) }
        return turn(from: first, to: first / finalDivFactor, after: step - foot, of: end - foot)
    }

    /// Half a cosine; at its end where it has no length.
    private func turn(from start: Double, to end: Double, after step: Double, of steps: Double) -> Double {
        let done = steps > 0 ? min(1, max(0, step / steps)) : 1
        return end + (start - end) * 0.5 * (1 + PortableMath.cosPi(done))
    }

    public mutating func scaleRates(by factor: Double) { maxLearningRate = maxLearningRate.map { $0 * factor } }
}
