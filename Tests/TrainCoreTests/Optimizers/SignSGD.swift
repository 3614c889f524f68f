public import TrainCore

/// Steps of one size in the direction of the gradient's sign: `w -= rate * sign(g)`.
public struct SignSGD: Optimizer {
    public static let name = "sign_sgd"
    public static let slots = 0

    public var learningRate = 0.001

    public static let settings: [Setting<SignSGD>] = [
        Setting("learning_rate", \.learningRate, .learningRate)
    ]

    /// With a rate of 0.001.
    public init() {}

    public func update(_ step: OptimizerStep) {
        for i in 0..<step.count where step.gradient[i] != 0 {
            step.parameters[i] -= step.gradient[i] > 0 ? Float(step.learningRate) : -Float(step.learningRate)
        }
    }
}
