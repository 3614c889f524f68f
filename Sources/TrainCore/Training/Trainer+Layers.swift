/// A layer in one step.
package struct LayerReading: Sendable, Equatable {
    /// Its kernel, inputs x units, row by row.
    package var weights: [Float]
    /// The loss's derivative by each, penalties included, before clipping.
    package var gradients: [Float]
    /// What the step adds to each; nil where it cannot be taken.
    package var updates: [Float]?
    /// The penalty on the kernel.
    package var penalty: Double
}

/// How much of a gradient a layer's units let through, over some rows.
package struct UnitSlopes: Sendable, Equatable {
    /// Units whose slope is 0 in every row.
    package var dead: Int
    /// Other units whose slope is below a hundredth of the steepest in 99 of 100 rows.
    package var saturated: Int
}

extension Trainer {
    /// Takes the next step, looks at every layer on the way, and takes it back.
    package func readLayers() -> (layers: [LayerReading], loss: Double) {
        let former = state
        defer { state = former }
        if live.pointee.isMoving { live.pointee.moveNumbers(to: live.pointee.position.step + 1) }
        let next = nextPosition
        return withDenormalsFlushed {
            let phases = phases
            for phase in phases.prefix(while: { $0 != .check }) { perform(phase, of: next) }
            if !phases.contains(.penalties) { perform(.penalties, of: next) }
            let loss = Double(live.pointee.pass.loss)
            var readings = layers.map { layer in
                let weights = kernel(of: layer, in: arena.base)
                return LayerReading(
                    weights: weights, gradients: kernel(of: layer, in: gradients.base), updates: nil,
                    penalty: penalty(of: layer.number, on: weights))
            }
            perform(.check, of: next)
            guard live.pointee.pass.isSound else { return (readings, loss) }
            perform(.update, of: next)
            for (index, layer) in layers.enumerated() {
                readings[index].updates = zip(kernel(of: layer, in: arena.base), readings[index].weights).map {
                    $0 - $1
                }
            }
            return (readings, loss)
        }
    }

    /// How much of a gradient each layer's units let through, for rows with nothing dropped; nil for a layer whose activation
    /// is none of each unit alone.
    ///
    /// - Parameters:
    ///   - x: the features, rows x features, row by row.
    ///   - rows: the rows, at least one.
    package func unitSlopes(on x: [Float], rows: Int) -> [UnitSlopes?] {
        let layers = Array(layers)
        let hasSlopes = job.model.layers.map { !($0.activation is Linear) && !($0.activation is Softmax) }
        let limits = layers.indices.map { hasSlopes[$0] ? steepestSlope(of: $0) / 100 : 0 }
        var zeros = layers.map { Array(repeating: 0, count: $0.units) }
        var small = zeros
        var workspace = Workspace(
            capacity: min(Self.pieceRows, rows), features: training.features, targets: training.targets, layers: layers)
        withDenormalsFlushed {
            for start in stride(from: 0, to: rows, by: workspace.capacity) {
                workspace.setRows(min(workspace.capacity, rows - start))
                copyRows(x, from: start, to: workspace.x)
                forward(in: workspace, mask: nil)
                for layer in layers.indices where hasSlopes[layer] {
                    let buffers = workspace.layers[layer]
                    buffers.gradient.base.update(repeating: 1, count: buffers.gradient.paddedCount)
                    activations[layer].function.backward(buffers.z, buffers.a, buffers.gradient)
                    for row in 0..<buffers.gradient.rows {
                        for unit in 0..<layers[layer].units {
                            let slope = buffers.gradient[row, unit].magnitude
                            if slope == 0 { zeros[layer][unit] += 1 }
                            if slope < limits[layer] { small[layer][unit] += 1 }
                        }
                    }
                }
            }
        }
        return layers.indices.map { layer in
            guard hasSlopes[layer] else { return nil }
            let dead = zeros[layer].count { $0 == rows }
            let flat = small[layer].count { $0 * 100 >= rows * 99 }
            return UnitSlopes(dead: dead, saturated: flat - dead)
        }
    }

    /// The greatest slope of a layer's activation, seen at steps of 1/16 from -8 to 8.
    private func steepestSlope(of layer: Int) -> Float {
        let count = 257
        let memory = FloatBuffer(count: 3 * padded(count))
        let matrices = (0..<3).map {
            Matrix(base: memory.base + $0 * padded(count), rows: 1, columns: count, stride: padded(count))
        }
        for place in 0..<count {
            matrices[0][0, place] = Float(place - count / 2) / 16
            matrices[2][0, place] = 1
        }
        let function = activations[layer].function
        function.forward(matrices[0], matrices[1])
        function.backward(matrices[0], matrices[1], matrices[2])
        return (0..<count).reduce(0) { max($0, matrices[2][0, $1].magnitude) }
    }

    /// `l1 * sum |w| + l2 * sum w^2` of a kernel.
    private func penalty(of layer: Int, on kernel: [Float]) -> Double {
        let regularizer = settings.regularizers[layer]
        return kernel.reduce(0) { sum, weight in
            sum + regularizer.l1 * abs(Double(weight)) + regularizer.l2 * Double(weight) * Double(weight)
        }
    }
}
