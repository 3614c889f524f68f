/// Half a cosine from 1 down to `alpha` over `decay_steps` steps, after a straight warm-up from `warmup_start` over
/// `warmup_steps`. As Keras's CosineDecay, whose warm-up target is here the optimizer's own rate.
public struct CosineDecay: LearningRateSchedule {
    public static let name = "cosine_decay"

    /// Steps from the top to the bottom.
    public var decaySteps = 1000.0
    /// The factor at the bottom and after it.
    public var alpha = 0.0
    /// Steps of the warm-up; 0 for none.
    public var warmupSteps = 0.0
    /// The factor that the warm-up starts with.
    public var warmupStart = 0.0

    public static let settings: [Setting<CosineDecay>] = [
        Setting("decay_steps", \.decaySteps, .whole(from: 1)),
        Setting("alpha", \.alpha, .moderate),
        Setting("warmup_steps", \.warmupSteps, .whole(from: 0)),
        Setting("warmup_start", \.warmupStart, .moderate),
    ]

    /// Over 1000 steps, without a warm-up.
    public init() {}

    public func factor(after step: Int) -> Double {
        let step = Double(step)
        if step < warmupSteps { return warmupStart + (1 - warmupStart) * step / warmupSteps }
        let done = min(1, (step - warmupSteps) / decaySteps)
        return alpha + (1 - alpha) * 0.5 * (1 + PortableMath.cosPi(done))
    }
}
