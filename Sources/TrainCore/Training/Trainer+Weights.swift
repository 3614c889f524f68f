/// A kernel or a bias by name, unpadded, as Keras has it.
public struct Weights: Sendable, Equatable {
    /// "layers.0.kernel", "layers.0.bias".
    public let name: String
    /// Inputs x units for a kernel, units for a bias.
    public let shape: [Int]
    /// The values, row by row.
    public let values: [Float]

    /// A named tensor.
    public init(name: String, shape: [Int], values: [Float]) {
        self.name = name
        self.shape = shape
        self.values = values
    }
}

extension Trainer {
    /// Trainable weights: kernels and biases without their gaps.
    public var weightCount: Int { layers.reduce(0) { $0 + ($1.inputs + 1) * $1.units } }

    /// All kernels and biases, layer by layer.
    public var weights: [Weights] {
        layers.flatMap { layer in
            let kernel = kernel(of: layer, in: arena.base)
            let bias = (0..<layer.units).map { arena.base[layer.biasOffset + $0] }
            return [
                Weights(name: "layers.\(layer.number).kernel", shape: [layer.inputs, layer.units], values: kernel),
                Weights(name: "layers.\(layer.number).bias", shape: [layer.units], values: bias),
            ]
        }
    }

    /// Replaces all kernels and biases; the optimizer's memory stays what it is.
    ///
    /// - Throws: ``TrainingError`` naming the tensor that is missing, unknown or of another shape. Nothing has changed
    ///   then.
    public func setWeights(_ new: [Weights]) throws(TrainingError) {
        let expected = weights
        for tensor in new where !expected.contains(where: { $0.name == tensor.name }) {
            throw TrainingError("there is no tensor '\(tensor.name)' in this model")
        }
        var found: [String: Weights] = [:]
        for tensor in new { found[tensor.name] = tensor }
        for tensor in expected {
            guard let values = found[tensor.name] else { throw TrainingError("the tensor '\(tensor.name)' is missing") }
            guard values.shape == tensor.shape else {
                throw TrainingError("'\(tensor.name)' has shape \(values.shape), but the model's is \(tensor.shape)")
            }
            guard values.values.allSatisfy(\.isFinite) else {
                throw TrainingError("'\(tensor.name)' holds a value that is not finite")
            }
        }
        for layer in layers {
            if let kernel = found["layers.\(layer.number).kernel"] { setKernel(of: layer, to: kernel.values) }
            if let bias = found["layers.\(layer.number).bias"] { setBias(of: layer, to: bias.values) }
        }
    }

    /// A layer's kernel, or what lies like it, without its gaps: inputs x units, row by row.
    func kernel(of layer: DenseKernels, in numbers: UnsafeMutablePointer<Float>) -> [Float] {
        var kernel: [Float] = []
        kernel.reserveCapacity(layer.inputs * layer.units)
        for input in 0..<layer.inputs {
            for unit in 0..<layer.units {
                kernel.append(numbers[layer.kernelOffset + layer.kernelIndex(input: input, unit: unit)])
            }
        }
        return kernel
    }

    /// Takes inputs x units values, row by row.
    func setKernel(of layer: DenseKernels, to values: [Float]) {
        for input in 0..<layer.inputs {
            for unit in 0..<layer.units {
                arena.base[layer.kernelOffset + layer.kernelIndex(input: input, unit: unit)] =
                    values[input * layer.units + unit]
            }
        }
    }

    func setBias(of layer: DenseKernels, to values: [Float]) {
        for unit in 0..<layer.units { arena.base[layer.biasOffset + unit] = values[unit] }
    }
}
