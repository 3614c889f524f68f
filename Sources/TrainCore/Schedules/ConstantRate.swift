/// The optimizer's learning rate as it is.
public struct ConstantRate: LearningRateSchedule {
    public static let name = "constant"
    public static let settings: [Setting<ConstantRate>] = []

    /// The schedule; it has no parameters.
    public init() {}

    public func rate(after step: Int, learningRate: Double) -> Double { learningRate }
}

extension LearningRateSchedule where Self == ConstantRate {
    /// The optimizer's learning rate as it is.
    public static var constant: ConstantRate { ConstantRate() }
}
