/// A layer activation. (Being completed: see the catalogue.)
public protocol Activation: CatalogueEntry {}
/// How weights start.
public protocol Initializer: CatalogueEntry {}
/// What is made small.
public protocol Loss: CatalogueEntry {
    /// Whether targets are class numbers rather than values.
    static var targetsAreClasses: Bool { get }
}
/// What is reported beside the loss.
public protocol Metric: CatalogueEntry {
    /// Whether more is better.
    static var higherIsBetter: Bool { get }
}
/// What turns gradients into updates.
public protocol Optimizer: CatalogueEntry, Configurable {}
/// How the learning rate changes with the steps.
public protocol LearningRateSchedule: CatalogueEntry, Configurable {}

public struct Linear: Activation { public static let name = "linear"; public init() {} }
public struct ELU: Activation { public static let name = "elu"; public init() {} }
public struct Zeros: Initializer { public static let name = "zeros"; public init() {} }
public struct GlorotUniform: Initializer { public static let name = "glorot_uniform"; public init() {} }
public struct HeNormal: Initializer { public static let name = "he_normal"; public init() {} }
public struct MeanSquaredError: Loss { public static let name = "mean_squared_error"; public static let targetsAreClasses = false; public init() {} }
public struct MeanAbsoluteError: Metric { public static let name = "mean_absolute_error"; public static let higherIsBetter = false; public init() {} }
public struct ConstantRate: LearningRateSchedule { public static let name = "constant"; public static let settings: [Setting<Self>] = []; public init() {} }
public struct Nadam: Optimizer {
    public static let name = "nadam"
    public var learningRate = 0.001
    public var beta1 = 0.9
    public static let settings: [Setting<Self>] = [
        Setting("learning_rate", \.learningRate, .positive),
        Setting("beta_1", \.beta1, .belowOne),
    ]
    public init() {}
}
extension Activation where Self == Linear { public static var linear: Self { Self() } }
extension Activation where Self == ELU { public static var elu: Self { Self() } }
extension Initializer where Self == Zeros { public static var zeros: Self { Self() } }
extension Initializer where Self == GlorotUniform { public static var glorotUniform: Self { Self() } }
extension Initializer where Self == HeNormal { public static var heNormal: Self { Self() } }
extension Loss where Self == MeanSquaredError { public static var meanSquaredError: Self { Self() } }
extension Metric where Self == MeanAbsoluteError { public static var meanAbsoluteError: Self { Self() } }
extension LearningRateSchedule where Self == ConstantRate { public static var constant: Self { Self() } }
extension Optimizer where Self == Nadam {
    public static func nadam(learningRate: Double = 0.001) -> Self { var n = Self(); n.learningRate = learningRate; return n }
}
