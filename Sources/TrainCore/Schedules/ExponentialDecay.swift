/// `decay_rate ^ (step / decay_steps)`, the exponent rounded down where `staircase` is on. As Keras's ExponentialDecay.
public struct ExponentialDecay: LearningRateSchedule {
    public static let name = "exponential_decay"

    /// Steps in which the rate falls by `decay_rate`.
    public var decaySteps = 1000.0
    /// The factor that `decay_steps` steps bring.
    public var decayRate = 0.96
    /// 1 to fall at once after each `decay_steps` steps, 0 to fall with every step.
    public var staircase = 0.0

    public static let settings: [Setting<ExponentialDecay>] = [
        Setting("decay_steps", \.decaySteps, .whole(from: 1)),
        Setting("decay_rate", \.decayRate, .positive),
        Setting(flag: "staircase", \.staircase),
    ]

    /// With the values of Keras's example.
    public init() {}

    public func factor(after step: Int) -> Double {
        let exponent = Double(step) / decaySteps
        return PortableMath.pow(decayRate, staircase == 0 ? exponent : exponent.rounded(.down))
    }
}
