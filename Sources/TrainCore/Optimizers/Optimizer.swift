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

    /// Takes the running products one step further: once a step, before ``update(_:)``.
    func advance(_ products: UnsafeMutablePointer<Double>)

    /// Updates parameters, each by itself: many of them come in pieces, on several threads at once.
    func update(_ step: OptimizerStep)
}

extension Optimizer {
    public var slotStart: Float { 0 }
    public static var products: Int { 0 }
    public func advance(_ products: UnsafeMutablePointer<Double>) {}
}

/// What an optimizer gets to work on: flat arrays over the parameters of all layers, gaps included, or a piece of them.
/// In the gaps gradients are zero, and an update must leave zeros there.
public struct OptimizerStep {
    /// The parameters, to be updated.
    public let parameters: UnsafeMutablePointer<Float>
    /// The loss's derivative by each parameter.
    public let gradient: UnsafeMutablePointer<Float>
    /// The first of the slots.
    let slots: UnsafeMutablePointer<Float>
    /// Floats from one slot to the next.
    let slotStride: Int
    /// The running products, this step's factors included.
    public let products: UnsafeMutablePointer<Double>
    /// Parameters, rounded up to whole vectors.
    public let count: Int
    /// The updates made, this one included: Keras's `iterations + 1`.
    public let iteration: Int
    /// The step size in force, schedule included.
    public let learningRate: Double

    /// `count` parameters from `start` on.
    func piece(from start: Int, count: Int) -> OptimizerStep {
        OptimizerStep(
            parameters: parameters + start, gradient: gradient + start, slots: slots + start, slotStride: slotStride,
            products: products, count: count, iteration: iteration, learningRate: learningRate)
    }

    /// A slot, from 0.
    public func slot(_ index: Int) -> UnsafeMutablePointer<Float> { slots + index * slotStride }
}
