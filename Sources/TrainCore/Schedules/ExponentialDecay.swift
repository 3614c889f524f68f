import Wording

/// `initial_learning_rate * decay_rate ^ (step / decay_steps)`, the exponent rounded down where `staircase` is on.
///
/// As Keras's ExponentialDecay.
public struct ExponentialDecay: LearningRateSchedule {
    public static let name = "exponential_decay"

    /// The rate of the first step; nil for the optimizer's learning rate.
    public var initialLearningRate: Double?
    /// Steps in which the rate falls by `decay_rate`. Keras has no default.
    public var decaySteps = 1000.0
    /// The factor that `decay_steps` steps bring. Keras has no default.
    public var decayRate = 0.96
    /// 1 to fall at once after each `decay_steps` steps, 0 to fall with every step.
    public var staircase = 0.0

    public static let settings: [Setting<ExponentialDecay>] = [
        Setting(optional: "initial_learning_rate", \.initialLearningRate, .learningRate),
        Setting("decay_steps", \.decaySteps, .whole(from: 1)),
        Setting("decay_rate", \.decayRate, .positive),
        Setting(flag: "staircase", \.staircase),
    ]

    /// By 4% in 1000 steps, from the optimizer's learning rate.
    public init() {}

    public var ownLearningRate: Double? { initialLearningRate }

    public func rate(after step: Int, learningRate: Double) -> Double {
        let exponent = Double(step) / decaySteps
        return (initialLearningRate ?? learningRate)
            * PortableMath.pow(decayRate, staircase == 0 ? exponent : exponent.rounded(.down))
    }

    public mutating func scaleRates(by factor: Double) { initialLearningRate = initialLearningRate.map { $0 * factor } }
}

extension LearningRateSchedule where Self == ExponentialDecay {
    /// From the optimizer's learning rate down by the factor `decayRate` in `decaySteps` steps.
    public static func exponentialDecay(decaySteps: Int, decayRate: Double, staircase: Bool = false) -> Self {
        var schedule = ExponentialDecay()
        schedule.decaySteps = Double(decaySteps)
        schedule.decayRate = decayRate
        schedule.staircase = staircase ? 1 : 0
        return schedule
    }
}
