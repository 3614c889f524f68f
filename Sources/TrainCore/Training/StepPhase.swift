/// A part of a step. A step is its phases in order, each once; ``Trainer/phases`` lists them.
package enum StepPhase: Sendable, Hashable {
    /// Row numbers are drawn and the rows brought together.
    case batch
    /// A layer's inputs times its kernel, and its bias added.
    case product(layer: Int)
    /// A layer's activation, and units dropped.
    case activation(layer: Int)
    /// The mean loss, and its derivative by each prediction.
    case loss
    /// The derivative taken back through a layer's activation.
    case activationGradient(layer: Int)
    /// The derivative by a layer's kernel and bias.
    case weightGradient(layer: Int)
    /// The derivative by a layer's inputs; in a narrow layer above an ELU taken back through that on the way.
    case inputGradient(layer: Int)
    /// The penalties, and their derivatives.
    case penalties
    /// Gradients are checked for overflow, and clipped where the job asks for it.
    case check
    /// The optimizer's update, and the constraints.
    case update
    /// The running means of loss and metrics.
    case metrics
}

extension StepPhase: CustomStringConvertible {
    /// The phase in a word, behind the layer's name where it is one of a layer: "layers.0.product".
    package var description: String {
        switch self {
        case .batch: "batch"
        case .product(let layer): "layers.\(layer).product"
        case .activation(let layer): "layers.\(layer).activation"
        case .loss: "loss"
        case .activationGradient(let layer): "layers.\(layer).activation_gradient"
        case .weightGradient(let layer): "layers.\(layer).weight_gradient"
        case .inputGradient(let layer): "layers.\(layer).input_gradient"
        case .penalties: "penalties"
        case .check: "check"
        case .update: "update"
        case .metrics: "metrics"
        }
    }
}

extension Trainer {
    /// The phases of a step of this job, in order; those that do nothing are left out.
    package var phases: [StepPhase] {
        var phases: [StepPhase] = [.batch]
        for index in layers.indices {
            phases.append(.product(layer: index))
            if !activations[index].isIdentity { phases.append(.activation(layer: index)) }
        }
        phases.append(.loss)
        for index in layers.indices.reversed() {
            if !activations[index].isIdentityBackward, !isBehindLoss(index) {
                phases.append(.activationGradient(layer: index))
            }
            phases.append(.weightGradient(layer: index))
            if index > 0 { phases.append(.inputGradient(layer: index)) }
        }
        if settings.regularizers.contains(where: { $0 != .none }) { phases.append(.penalties) }
        return phases + [.check, .update, .metrics]
    }

    /// Runs one phase of the next step, `times` times in a row: for benchmarks, which have the clock.
    ///
    /// The phases before it must have run, if only in an earlier step. All of ``phases`` in order, once each, are a
    /// step; anything else leaves a training that is none, so set ``state`` to what it was.
    package func run(_ phase: StepPhase, times: Int = 1) {
        let next = nextPosition
        withDenormalsFlushed {
            for _ in 0..<times { perform(phase, of: next) }
        }
    }
}
