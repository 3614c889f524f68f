import CKernels
import Wording

/// Adam with decoupled weight decay (Loshchilov & Hutter 2017): `w -= rate * weight_decay * w` before each update, biases
/// included. As Keras's AdamW.
public struct AdamW: Optimizer {
    public static let name = "adamw"
    public static let slots = Adam.slots
    public static let products = Adam.products

    private var adam = Adam()
    /// The share of a weight, times the learning rate, that is taken away each step.
    public var weightDecay = 0.004

    public var learningRate: Double {
        get { adam.learningRate }
        set { adam.learningRate = newValue }
    }

    public static let settings: [Setting<AdamW>] = [
        Setting("learning_rate", \.adam.learningRate, .learningRate),
        Setting("weight_decay", \.weightDecay, .moderate),
        Setting("beta_1", \.adam.beta1, .belowOne),
        Setting("beta_2", \.adam.beta2, .belowOne),
        Setting("epsilon", \.adam.epsilon, .epsilon),
    ]

    /// With Keras's defaults.
    public init() {}

    public func advance(_ products: UnsafeMutablePointer<Double>) { adam.advance(products) }

    public func update(_ step: OptimizerStep) {
        kernels.decay(step.parameters, step.count, Float(step.learningRate * weightDecay))
        adam.update(step)
    }
}

extension Optimizer where Self == AdamW {
    /// Adam with decoupled weight decay.
    public static func adamw(learningRate: Double = 0.001, weightDecay: Double = 0.004) -> AdamW {
        var optimizer = AdamW()
        optimizer.learningRate = learningRate
        optimizer.weightDecay = weightDecay
        return optimizer
    }
}
