import Wording

/// Straight from `initial_learning_rate` to `warmup_target` in `warmup_steps` steps, then half a cosine down to `alpha`
/// times that in `decay_steps` steps. Without a target there is no warm-up: the decay begins at once, from
/// `initial_learning_rate`.
///
/// As Keras's CosineDecay (Loshchilov and Hutter 2016, arXiv:1608.03983).
public struct CosineDecay: LearningRateSchedule {
    public static let name = "cosine_decay"

    /// The rate of the first step; nil for the optimizer's learning rate.
    public var initialLearningRate: Double?
    /// Steps from the top to the bottom. Keras has no default.
    public var decaySteps = 1000.0
    /// What is left at the bottom and after it, as a share of the top.
    public var alpha = 0.0
    /// The rate at the warm-up's end; nil for no warm-up.
    public var warmupTarget: Double?
    /// Steps of the warm-up.
    public var warmupSteps = 0.0

    public static let settings: [Setting<CosineDecay>] = [
        Setting(optional: "initial_learning_rate", \.initialLearningRate, .moderate),
        Setting("decay_steps", \.decaySteps, .whole(from: 1)),
        Setting("alpha", \.alpha, .moderate),
        Setting(optional: "warmup_target", \.warmupTarget, .learningRate),
        Setting("warmup_steps", \.warmupSteps, .whole(from: 0)),
    ]

    /// Over 1000 steps, from the optimizer's learning rate, without a warm-up.
    public init() {}

    /// The rate of the first step; where that is 0, the warm-up's target.
    public var ownLearningRate: Double? {
        initialLearningRate == 0 ? warmupTarget : initialLearningRate
    }

    public func rate(after step: Int, learningRate: Double) -> Double {
        let (step, initial) = (Double(step), initialLearningRate ?? learningRate)
        guard let warmupTarget else { return decayed(from: initial, after: step) }
        if step < warmupSteps { return initial + (warmupTarget - initial) * step / warmupSteps }
        return decayed(from: warmupTarget, after: step - warmupSteps)
    }

    private func decayed(from top: Double, after step: Double) -> Double {
        top * (alpha + (1 - alpha) * 0.5 * (1 + PortableMath.cosPi(min(1, step / decaySteps))))
    }

    public mutating func scaleRates(by factor: Double) {
        initialLearningRate = initialLearningRate.map { $0 * factor }
        warmupTarget = warmupTarget.map { $0 * factor }
    }
}

extension LearningRateSchedule where Self == CosineDecay {
    /// From the optimizer's learning rate, after a warm-up where there is a target, down to `alpha` of the top.
    public static func cosineDecay(
        decaySteps: Int, alpha: Double = 0, warmupTarget: Double? = nil, warmupSteps: Int = 0
    ) -> CosineDecay {
        var schedule = CosineDecay()
        schedule.decaySteps = Double(decaySteps)
        schedule.alpha = alpha
        schedule.warmupTarget = warmupTarget
        schedule.warmupSteps = Double(warmupSteps)
        return schedule
    }
}
