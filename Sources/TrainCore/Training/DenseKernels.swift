import CKernels

/// A dense layer as the trainer runs it: where its numbers lie, and its products. Numbers alone, so that reading one
/// counts no reference; what its outputs go through is a ``LayerActivation``.
///
/// A layer of few units is *narrow*: its kernel is stored units x inputs, so that vectors run along the inputs. Any other
/// is stored as Keras has it, inputs x units, and vectors run along the units. Either way the last dimension is padded
/// to whole vectors, with zeros that stay zero.
struct DenseKernels {
    /// Below this many units a vector along the units would be mostly empty.
    static let narrowLimit = 8

    /// Below this many floats to write, telling other threads about it costs more than it saves.
    private static let sharedFloats = 1 << 18

    let number: Int
    let inputs: Int
    let units: Int
    let isNarrow: Bool
    /// Floats from one row of inputs to the next.
    let inputStride: Int
    /// Floats from one row of outputs to the next.
    let outputStride: Int
    /// Where the kernel begins among the parameters, and its floats, gaps included.
    let kernelOffset: Int
    let kernelCount: Int
    /// Where the bias begins, and its floats, gaps included.
    let biasOffset: Int
    let biasCount: Int

    let isLinear: Bool
    let dropout: Double
    let constraint: Constraint

    init(_ layer: Dense, number: Int, inputs: Int, isLast: Bool, offset: Int) {
        self.number = number
        self.inputs = inputs
        units = layer.units
        isNarrow = layer.units < Self.narrowLimit
        inputStride = padded(inputs)
        // Narrow outputs that no layer reads lie close together, so that losses run over full vectors.
        outputStride = isLast && isNarrow ? layer.units : padded(layer.units)
        kernelOffset = offset
        kernelCount = isNarrow ? layer.units * padded(inputs) : inputs * padded(layer.units)
        biasOffset = offset + kernelCount
        biasCount = padded(layer.units)
        isLinear = layer.activation is Linear
        dropout = layer.dropout
        constraint = layer.kernelConstraint
    }

    /// Behind the layer's last parameter.
    var endOffset: Int { biasOffset + biasCount }

    /// Where the weight from an input to a unit lies, counted from the kernel's start.
    func kernelIndex(input: Int, unit: Int) -> Int {
        isNarrow ? unit * inputStride + input : input * padded(units) + unit
    }

    // MARK: Products

    /// z = x · kernel + bias.
    func product(_ parameters: UnsafeMutablePointer<Float>, _ x: Matrix, _ z: Matrix) {
        let kernel = parameters + kernelOffset
        let bias = parameters + biasOffset
        if isNarrow {
            kernels.narrow_forward(x.base, x.stride, x.rows, inputStride, kernel, bias, units, z.base, z.stride)
        } else {
            multiply(
                x.rows, padded(units), inputs, x.base, x.stride, 1, kernel, padded(units), 1, bias, z.base, z.stride)
        }
    }

    /// dL/dkernel = xᵀ · dz, dL/dbias = the sum of dz over the rows.
    func weightGradient(_ gradients: UnsafeMutablePointer<Float>, _ x: Matrix, _ dz: Matrix) {
        let kernelGradient = gradients + kernelOffset
        let biasGradient = gradients + biasOffset
        if isNarrow {
            kernels.narrow_backward(
                x.base, x.stride, x.rows, inputStride, dz.base, dz.stride, units, kernelGradient, biasGradient)
        } else {
            let width = padded(units)
            multiply(
                inputs, width, x.rows, x.base, 1, x.stride, dz.base, dz.stride, 1, nil, kernelGradient, width)
            kernels.column_sums(dz.base, dz.stride, x.rows, width, biasGradient)
        }
    }

    /// dL/dx = dz · kernelᵀ, and in a narrow layer, with `slope`, times the slope of the activation that x came out of.
    func inputGradient(
        _ parameters: UnsafeMutablePointer<Float>, _ dz: Matrix, _ dx: Matrix, slope: (x: Matrix, elu: ELUNumbers)?
    ) {
        let kernel = parameters + kernelOffset
        if isNarrow {
            let (alpha, scale) = (slope?.elu.alpha ?? 0, slope?.elu.scale ?? 0)
            if dz.rows * inputStride < Self.sharedFloats {
                kernels.narrow_backward_input(
                    dz.base, dz.stride, dz.rows, units, kernel, inputStride, dx.base, dx.stride, slope?.x.base, alpha,
                    scale)
            } else {
                ck_narrow_backward_input(
                    ck_kernels_in_use(), dz.base, dz.stride, dz.rows, units, kernel, inputStride, dx.base, dx.stride,
                    slope?.x.base, alpha, scale)
            }
        } else {
            multiply(
                dz.rows, inputs, units, dz.base, dz.stride, 1, kernel, 1, padded(units), nil, dx.base, dx.stride)
        }
    }

    // MARK: After the update

    /// Enforces the constraint on the kernel.
    func constrain(_ parameters: UnsafeMutablePointer<Float>) {
        switch constraint {
        case .none: return
        case .nonNegative: kernels.clip_negative(parameters + kernelOffset, kernelCount)
        case .maxNorm(let limit):
            scaleUnits(parameters + kernelOffset) { norm in min(norm, Float(limit)) / (Self.normEpsilon + norm) }
        case .unitNorm: scaleUnits(parameters + kernelOffset) { norm in 1 / (Self.normEpsilon + norm) }
        }
    }

    /// What Keras adds to a norm that it divides by. Under its max_norm weights shrink by a trace even below the
    /// limit, and small ones by more than a trace; where a job runs long this shows, so it is kept.
    private static let normEpsilon: Float = 1e-7

    /// Scales the weights into each unit by a factor of their norm.
    private func scaleUnits(_ kernel: UnsafeMutablePointer<Float>, by factor: (Float) -> Float) {
        for unit in 0..<units {
            var squares = 0.0
            for input in 0..<inputs {
                let weight = Double(kernel[kernelIndex(input: input, unit: unit)])
                squares += weight * weight
            }
            let scale = factor(Float(squares.squareRoot()))
            for input in 0..<inputs { kernel[kernelIndex(input: input, unit: unit)] *= scale }
        }
    }
}
