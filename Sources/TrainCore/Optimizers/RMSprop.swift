import CKernels
import Wording

/// Steps divided by a running root mean square of the gradient (Hinton's lecture 6e, 2012):
/// `v = rho v + (1 - rho) g^2; w -= rate * g / sqrt(v + epsilon)`. As Keras's RMSprop, not centred.
public struct RMSprop: Optimizer {
    public static let name = "rmsprop"
    public static let slots = 2

    public var learningRate = 0.001
    /// How much of the mean square is kept from step to step.
    public var rho = 0.9
    /// How much of the last change is kept.
    public var momentum = 0.0
    /// Keeps the root away from 0.
    public var epsilon = 1e-7

    public static let settings: [Setting<RMSprop>] = [
        Setting("learning_rate", \.learningRate, .learningRate),
        Setting("rho", \.rho, .belowOne),
        Setting("momentum", \.momentum, .belowOne),
        Setting("epsilon", \.epsilon, .epsilon),
    ]

    /// With Keras's defaults.
    public init() {}

    public func update(_ step: OptimizerStep) {
        kernels.rmsprop(
            step.parameters, step.gradient, step.slot(0), step.slot(1), step.count, Float(step.learningRate),
            Float(1 - rho), Float(momentum), Float(epsilon))
    }
}

extension Optimizer where Self == RMSprop {
    /// Steps divided by a running root mean square of the gradient.
    public static func rmsprop(learningRate: Double = 0.001) -> RMSprop {
        var optimizer = RMSprop()
        optimizer.learningRate = learningRate
        return optimizer
    }
}
