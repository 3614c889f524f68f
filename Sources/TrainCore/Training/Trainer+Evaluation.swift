import CKernels

extension Trainer {
    /// Loss and metrics on other rows, with the parameters as they are and nothing dropped.
    ///
    /// The loss has the penalties added, as Keras's `evaluate` and `val_loss`.
    public func evaluate(on data: Dataset) -> (loss: Double, metrics: [Double]) {
        precondition(data.features == training.features && data.targets == training.targets, "data of another shape")
        precondition(data.rows > 0, "no rows to evaluate on")
        var sums = [Double](repeating: 0, count: metrics.indices.reduce(0) { $0 + metrics[$1].sums })
        var lossSum = 0.0
        // In pieces of a fixed size, so that the result does not depend on the batch size in force.
        var workspace = Workspace(
            capacity: min(Self.pieceRows, data.rows), features: data.features, targets: data.targets,
            layers: Array(layers))
        withDenormalsFlushed {
            for start in stride(from: 0, to: data.rows, by: workspace.capacity) {
                let rows = min(workspace.capacity, data.rows - start)
                workspace.setRows(rows)
                let y = workspace.y
                copyRows(data.x, from: start, to: workspace.x)
                copyRows(data.y, from: start, to: y)
                forward(in: workspace, mask: nil)
                let output = workspace.layers[layers.count - 1]
                lossSum += Double(loss(of: output, y, gradient: nil)) * Double(rows)
                sums.withUnsafeMutableBufferPointer { sums in
                    guard var next = sums.baseAddress else { return }
                    for index in metrics.indices {
                        metrics[index].add(output.a, y, to: next)
                        next += metrics[index].sums
                    }
                }
            }
        }
        // The penalties' gradients go to where the next step will overwrite them.
        let penalty = Double(penalties(gradients: gradients.base))
        let values = sums.withUnsafeBufferPointer { sums -> [Double] in
            guard var next = sums.baseAddress else { return [] }
            return metrics.indices.map { index in
                defer { next += metrics[index].sums }
                return metrics[index].value(next)
            }
        }
        return (lossSum / Double(data.rows) + penalty, values)
    }

    /// Rows that go through the layers at once where no step is taken, at most.
    static let pieceRows = 256
    /// These rows, as they lie.
    private static let inOrder = (0..<Int32(pieceRows)).map { $0 }

    /// Copies as many rows as the matrix has, no more than ``pieceRows``.
    func copyRows(_ values: [Float], from start: Int, to matrix: Matrix) {
        values.withUnsafeBufferPointer { values in
            Self.inOrder.withUnsafeBufferPointer { rows in
                // As a batch is gathered: a call for each row of few columns costs the book's run 3 % of its time.
                kernels.gather(
                    values.baseAddress! + start * matrix.columns, matrix.columns, rows.baseAddress!, matrix.rows,
                    matrix.base, matrix.stride)
            }
        }
    }
}
