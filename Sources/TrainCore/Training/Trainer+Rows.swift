/// Rows with what a model makes of each: what a mean loss is the mean of.
package struct RowLosses: Sendable, Equatable {
    /// The places of the rows in their data set, in the order of a batch; a batch may have a row twice.
    package var rows: [Int]
    /// The model's outputs, rows x units, row by row.
    package var outputs: [Float]
    /// Each row's loss, without penalties. Their mean is the batch's, but for the order in which they are summed.
    package var losses: [Float]
}

extension Trainer {
    /// What each row adds to the loss, with the parameters as they are and nothing dropped; what ``evaluate(on:)`` is the
    /// mean of.
    ///
    /// - Parameter goesOn: asked now and then; false leaves off, and there is nothing to return.
    package func rowLosses(on data: Dataset, while goesOn: () -> Bool = { true }) -> RowLosses? {
        precondition(data.features == training.features && data.targets == training.targets, "data of another shape")
        var found = RowLosses(rows: Array(0..<data.rows), outputs: [], losses: [])
        guard data.rows > 0 else { return found }
        let layers = Array(layers)
        var workspace = Workspace(
            capacity: min(Self.pieceRows, data.rows), features: data.features, targets: data.targets, layers: layers)
        var single = Workspace(capacity: 1, features: data.features, targets: data.targets, layers: layers)
        single.setRows(1)
        for start in stride(from: 0, to: data.rows, by: workspace.capacity) {
            guard goesOn() else { return nil }
            workspace.setRows(min(workspace.capacity, data.rows - start))
            withDenormalsFlushed {
                copyRows(data.x, from: start, to: workspace.x)
                copyRows(data.y, from: start, to: workspace.y)
                forward(in: workspace, mask: nil)
                add(workspace.layers[layers.count - 1], workspace.y, to: &found, single)
            }
        }
        return found
    }

    /// What each row adds to the loss of the next step, as that step will see it, units dropped. The step is not taken, and
    /// nothing of the training is another one after it.
    package func rowLossesOfNextStep() -> RowLosses {
        // As a step begins: the batch may be another one where its size is on the way to another.
        let isMoving = live.pointee.isMoving
        if isMoving { live.pointee.moveNumbers(to: live.pointee.position.step + 1) }
        let next = nextPosition
        defer { if isMoving { live.pointee.moveNumbersBack(from: next.step) } }
        var single = Workspace(
            capacity: 1, features: training.features, targets: training.targets, layers: Array(layers))
        single.setRows(1)
        var found = RowLosses(rows: [], outputs: [], losses: [])
        withDenormalsFlushed {
            perform(.batch, of: next)
            for layer in layers.indices {
                perform(.product(layer: layer), of: next)
                perform(.activation(layer: layer), of: next)
            }
            let count = live.pointee.workspace.x.rows
            found.rows = (0..<count).map { Int(live.pointee.workspace.indices[$0]) }
            add(live.pointee.workspace.layers[layers.count - 1], live.pointee.workspace.y, to: &found, single)
        }
        return found
    }

    /// The penalties on the weights as they are.
    package var penalty: Double {
        // Their gradients go to where the next step will overwrite them.
        withDenormalsFlushed { Double(penalties(gradients: gradients.base)) }
    }

    /// Adds outputs and losses, row by row: each row goes alone to where a batch of one lies.
    private func add(_ output: LayerBuffers, _ y: Matrix, to found: inout RowLosses, _ single: borrowing Workspace) {
        let alone = single.layers[layers.count - 1]
        for row in 0..<output.a.rows {
            for (from, to) in [(output.z, alone.z), (output.a, alone.a), (output.output, alone.output), (y, single.y)] {
                for column in 0..<from.columns { to[0, column] = from[row, column] }
            }
            found.losses.append(loss(of: alone, single.y, gradient: nil))
            for unit in 0..<output.a.columns { found.outputs.append(output.a[row, unit]) }
        }
    }
}
