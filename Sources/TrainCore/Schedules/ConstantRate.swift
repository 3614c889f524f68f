/// The optimizer's learning rate as it is.
public struct ConstantRate: LearningRateSchedule {
    public static let name = "constant"
    public static let settings: [Setting<ConstantRate>] = []

    /// The schedule; it has no parameters.
    public init() {}

    public func factor(after step: Int) -> Double { 1 }
}

extension LearningRateSchedule where Self == ConstantRate {
    /// The optimizer's learning rate as it is.
    public static var constant: ConstantRate { ConstantRate() }
}
