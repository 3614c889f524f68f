/// What turns gradients into updates of the parameters.
///
/// An optimizer is a value: its settings. What it remembers from step to step lies in the trainer's state, so that a
/// copy of the state is a copy of everything.
public protocol Optimizer: CatalogueEntry, Configurable {
    /// The step size, before any schedule.
    var learningRate: Double { get set }

    /// How many numbers it remembers for each parameter: its moments.
    static var slots: Int { get }

    /// What each slot starts with.
    var slotStart: Float { get }

    /// How many numbers it remembers in all, beside its slots; each starts with 1, as a running product does.
    static var products: Int { get }

    /// Updates all parameters.
    func update(_ step: OptimizerStep)
}

extension Optimizer {
    public var slotStart: Float { 0 }
    public static var products: Int { 0 }
}

/// What an optimizer gets to work on: flat arrays over all parameters of all layers, gaps included. In the gaps
/// gradients are zero, and an update must leave zeros there.
public struct OptimizerStep {
    /// The parameters, to be updated.
    public let parameters: UnsafeMutablePointer<Float>
    /// The loss's derivative by each parameter.
    public let gradient: UnsafeMutablePointer<Float>
    /// The first of the slots; the others follow, each `count` floats.
    public let slots: UnsafeMutablePointer<Float>
    /// The running products.
    public let products: UnsafeMutablePointer<Double>
    /// Parameters, rounded up to whole vectors.
    public let count: Int
    /// The updates made, this one included: Keras's `iterations + 1`.
    public let iteration: Int
    /// The step size in force, schedule included.
    public let learningRate: Double

    /// A slot, from 0.
    public func slot(_ index: Int) -> UnsafeMutablePointer<Float> { slots + index * count }
}
