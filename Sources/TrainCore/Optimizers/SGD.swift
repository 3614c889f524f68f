import CKernels
import Wording

/// Gradient descent: `w -= rate * g`; with momentum `v = momentum * v - rate * g; w += v`, or, with Nesterov's look
/// ahead, `w += momentum * v - rate * g`. As Keras's SGD.
public struct SGD: Optimizer {
    public static let name = "sgd"
    public static let slots = 1

    public var learningRate = 0.01
    /// How much of the velocity is kept from step to step.
    public var momentum = 0.0
    /// 1 to look ahead, else 0.
    public var nesterov = 0.0

    public static let settings: [Setting<SGD>] = [
        Setting("learning_rate", \.learningRate, .learningRate),
        Setting("momentum", \.momentum, .belowOne),
        Setting(flag: "nesterov", \.nesterov),
    ]

    /// With Keras's defaults.
    public init() {}

    public func update(_ step: OptimizerStep) {
        let rate = Float(step.learningRate)
        if momentum == 0 {
            kernels.sgd(step.parameters, step.gradient, step.count, rate)
        } else {
            kernels.sgd_momentum(
                step.parameters, step.gradient, step.slot(0), step.count, rate, Float(momentum), nesterov == 0 ? 0 : 1)
        }
    }
}

extension Optimizer where Self == SGD {
    /// Gradient descent, with momentum where it is given.
    public static func sgd(learningRate: Double = 0.01, momentum: Double = 0, nesterov: Bool = false) -> SGD {
        var optimizer = SGD()
        optimizer.learningRate = learningRate
        optimizer.momentum = momentum
        optimizer.nesterov = nesterov ? 1 : 0
        return optimizer
    }
}
