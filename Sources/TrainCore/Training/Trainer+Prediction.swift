extension Trainer {
    /// What the model puts out for other rows, with the parameters as they are and nothing dropped: rows x units, row by
    /// row. It is what ``evaluate(on:)`` looks at, to the bit.
    ///
    /// - Parameters:
    ///   - x: the features, rows x features, row by row.
    ///   - rows: the rows, at least one.
    public func predict(_ x: [Float], rows: Int) -> [Float] {
        precondition(rows > 0 && x.count == rows * training.features, "x has \(x.count) values")
        let units = layers[layers.count - 1].units
        var outputs: [Float] = []
        outputs.reserveCapacity(rows * units)
        var workspace = Workspace(
            capacity: min(Self.pieceRows, rows), features: training.features, targets: training.targets,
            layers: Array(layers))
        withDenormalsFlushed {
            for start in stride(from: 0, to: rows, by: workspace.capacity) {
                workspace.setRows(min(workspace.capacity, rows - start))
                copyRows(x, from: start, to: workspace.x)
                forward(in: workspace, mask: nil)
                let output = workspace.layers[layers.count - 1].a
                for row in 0..<output.rows {
                    for unit in 0..<units { outputs.append(output[row, unit]) }
                }
            }
        }
        return outputs
    }
}
