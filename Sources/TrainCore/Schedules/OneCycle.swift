/// Straight up from 1/10 to 1 over the first half of `cycle_steps`, straight down again over the second, and in the last
/// tenth on down to 1/1000 (Smith 2018, in the shape that chapter 11 of *Hands-On Machine Learning* gives it).
public struct OneCycle: LearningRateSchedule {
    public static let name = "one_cycle"

    /// Steps of the whole cycle; after it the rate stays at the bottom.
    public var cycleSteps = 1000.0

    public static let settings: [Setting<OneCycle>] = [
        Setting("cycle_steps", \.cycleSteps, .whole(from: 2))
    ]

    /// Over 1000 steps.
    public init() {}

    public func factor(after step: Int) -> Double {
        let place = min(1, Double(step) / cycleSteps)
        switch place {
        case ..<0.45: return 0.1 + 0.9 * place / 0.45
        case ..<0.9: return 1 - 0.9 * (place - 0.45) / 0.45
        default: return 0.1 - 0.099 * (place - 0.9) / 0.1
        }
    }
}
