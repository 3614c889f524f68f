import CKernels
import Wording

/// Adaptive moments (Kingma & Ba 2014). With m and v the running means of g and g^2:
/// `w -= rate * sqrt(1 - beta_2^t) / (1 - beta_1^t) * m / (sqrt(v) + epsilon)`. As Keras's Adam: epsilon is the paper's
/// "epsilon hat".
public struct Adam: Optimizer {
    public static let name = "adam"
    public static let slots = 2
    public static let products = 2

    public var learningRate = 0.001
    /// How much of the mean gradient is kept from step to step.
    public var beta1 = 0.9
    /// How much of the mean square is kept.
    public var beta2 = 0.999
    /// Keeps the root away from 0.
    public var epsilon = 1e-7

    public static let settings: [Setting<Adam>] = [
        Setting("learning_rate", \.learningRate, .learningRate),
        Setting("beta_1", \.beta1, .belowOne),
        Setting("beta_2", \.beta2, .belowOne),
        Setting("epsilon", \.epsilon, .epsilon),
    ]

    /// With Keras's defaults.
    public init() {}

    public func advance(_ products: UnsafeMutablePointer<Double>) {
        // The powers beta^t as running products: the right bias correction even where a beta is edited on the way.
        // Keras's Adam raises the betas as float32 numbers, but takes 1 - beta of the exact ones; so does this. (Its
        // Nadam shows no such rounding.)
        products[0] *= Double(Float(beta1))
        products[1] *= Double(Float(beta2))
    }

    public func update(_ step: OptimizerStep) {
        let correction = (1 - step.products[1]).squareRoot() / (1 - step.products[0])
        let numbers = ck_adam_step(
            moment_rate: Float(1 - beta1), variance_rate: Float(1 - beta2), rate: Float(step.learningRate * correction),
            epsilon: Float(epsilon), moment_factor: 0, gradient_factor: 0, variance_factor: 0)
        kernels.adam(step.parameters, step.gradient, step.slot(0), step.slot(1), step.count, numbers)
    }
}

extension Optimizer where Self == Adam {
    /// Adaptive moments.
    public static func adam(learningRate: Double = 0.001) -> Adam {
        var optimizer = Adam()
        optimizer.learningRate = learningRate
        return optimizer
    }
}
