import CKernels
import Wording

/// Adam with Nesterov's look ahead (Dozat 2015), as Keras's Nadam.
///
/// The momentum of step t is `u_t = beta_1 (1 - 0.96^t / 2)`, and U_t the product of all up to it. With m and v the
/// running means of g and g^2:
/// `w -= rate * (u_{t+1} m / (1 - U_{t+1}) + (1 - u_t) g / (1 - U_t)) / (sqrt(v / (1 - beta_2^t)) + epsilon)`.
/// Epsilon is added to the bias-corrected root, that is, it is the one of Adam's Algorithm 1.
public struct Nadam: Optimizer {
    public static let name = "nadam"
    public static let slots = 2
    public static let products = 3

    public var learningRate = 0.001
    /// How much of the mean gradient is kept from step to step, and the momentum's limit.
    public var beta1 = 0.9
    /// How much of the mean square is kept.
    public var beta2 = 0.999
    /// Keeps the root away from 0.
    public var epsilon = 1e-7

    public static let settings: [Setting<Nadam>] = [
        Setting("learning_rate", \.learningRate, .learningRate),
        Setting("beta_1", \.beta1, .belowOne),
        Setting("beta_2", \.beta2, .belowOne),
        Setting("epsilon", \.epsilon, .epsilon),
    ]

    /// With Keras's defaults.
    public init() {}

    private static let decay = 0.96

    public func advance(_ products: UnsafeMutablePointer<Double>) {
        // 0.96^t, the momenta u_1 ... u_t, beta_2^t.
        products[0] *= Self.decay
        products[1] *= beta1 * (1 - 0.5 * products[0])
        products[2] *= beta2
    }

    public func update(_ step: OptimizerStep) {
        let momentum = beta1 * (1 - 0.5 * step.products[0])
        let nextMomentum = beta1 * (1 - 0.5 * step.products[0] * Self.decay)
        let numbers = ck_adam_step(
            moment_rate: Float(1 - beta1), variance_rate: Float(1 - beta2), rate: Float(step.learningRate),
            epsilon: Float(epsilon),
            moment_factor: Float(nextMomentum / (1 - step.products[1] * nextMomentum)),
            gradient_factor: Float((1 - momentum) / (1 - step.products[1])),
            variance_factor: Float(1 / (1 - step.products[2])))
        kernels.nadam(step.parameters, step.gradient, step.slot(0), step.slot(1), step.count, numbers)
    }
}

extension Optimizer where Self == Nadam {
    /// Adam with Nesterov's look ahead.
    public static func nadam(learningRate: Double = 0.001) -> Nadam {
        var optimizer = Nadam()
        optimizer.learningRate = learningRate
        return optimizer
    }
}
