import CKernels

/// Steps divided by the root of all squared gradients so far (Duchi et al. 2011):
/// `v += g^2; w -= rate * g / sqrt(v + epsilon)`. As Keras's Adagrad.
public struct Adagrad: Optimizer {
    public static let name = "adagrad"
    public static let slots = 1

    public var learningRate = 0.001
    /// What the sums of squares start with.
    public var initialAccumulatorValue = 0.1
    /// Keeps the root away from 0.
    public var epsilon = 1e-7

    public static let settings: [Setting<Adagrad>] = [
        Setting("learning_rate", \.learningRate, .learningRate),
        Setting("initial_accumulator_value", \.initialAccumulatorValue, .moderate),
        Setting("epsilon", \.epsilon, .epsilon),
    ]

    public var slotStart: Float { Float(initialAccumulatorValue) }

    /// With Keras's defaults.
    public init() {}

    public func update(_ step: OptimizerStep) {
        kernels.adagrad(
            step.parameters, step.gradient, step.slot(0), step.count, Float(step.learningRate), Float(epsilon))
    }
}

extension Optimizer where Self == Adagrad {
    /// Steps divided by the root of all squared gradients so far.
    public static func adagrad(learningRate: Double = 0.001) -> Adagrad {
        var optimizer = Adagrad()
        optimizer.learningRate = learningRate
        return optimizer
    }
}
