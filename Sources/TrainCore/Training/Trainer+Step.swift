internal import CKernels

extension Trainer {
    /// A gradient beyond this counts as diverged: optimizers square it, which float32 can hold up to 1.8e19.
    private static let gradientLimit: Float = 1e18

    /// One step, in the order of the book's loop.
    func takeStep() throws(Divergence) -> StepOutcome {
        let next = nextPosition
        let rows = live.pointee.settings.batchSize
        live.pointee.workspace.setRows(rows)
        let (x, y) = (live.pointee.workspace.x, live.pointee.workspace.y)
        let indices = live.pointee.workspace.indices
        live.pointee.sampler.draw(
            epoch: next.epoch, step: next.stepInEpoch - 1, rowsSeen: next.rowsInEpoch - rows, count: rows, into: indices
        )
        training.x.withUnsafeBufferPointer {
            kernels.gather($0.baseAddress!, training.features, indices, rows, x.base, x.stride)
        }
        training.y.withUnsafeBufferPointer {
            kernels.gather($0.baseAddress!, training.targets, indices, rows, y.base, y.stride)
        }

        let mask = DropoutMask(key: dropoutKey, step: next.step)
        forward(in: live.pointee.workspace, mask: mask)
        let output = live.pointee.workspace.layers[layers.count - 1]
        let mainLoss = loss(of: output, y, gradient: output.gradient)
        backward(in: live.pointee.workspace, mask: mask)
        let loss = mainLoss + penalties(gradients: gradients.base)
        guard loss.isFinite, kernels.all_within(gradients.base, parameterCount, Self.gradientLimit) != 0 else {
            throw Divergence(step: next.step, epoch: next.epoch, loss: loss)
        }
        clipGradients()

        let rate = learningRate
        live.pointee.settings.optimizer.update(
            OptimizerStep(
                parameters: arena.base, gradient: gradients.base, slots: arena.base + parameterCount,
                products: products.baseAddress!, count: parameterCount,
                iteration: next.step - live.pointee.settings.optimizerStart, learningRate: rate))
        for index in layers.indices { layers[index].constrain(arena.base) }

        if next.stepInEpoch == 1 { sums.update(repeating: 0) }
        live.pointee.position = next
        sums[LossSums.loss] += Double(loss)
        sums[LossSums.steps] += 1
        return StepOutcome(
            loss: loss, mainLoss: mainLoss, metric: addMetrics(output.a, y), learningRate: Float(rate))
    }

    /// Where the training will stand after the next step.
    private var nextPosition: TrainingPosition {
        var next = live.pointee.position
        if isEpochComplete {
            next.epoch += 1
            next.stepInEpoch = 0
            next.rowsInEpoch = 0
        }
        next.step += 1
        next.stepInEpoch += 1
        next.rowsInEpoch += live.pointee.settings.batchSize
        return next
    }

    /// Runs the workspace's `x` through the layers. `mask` nil drops nothing: evaluation.
    func forward(in workspace: borrowing Workspace, mask: DropoutMask?) {
        var input = workspace.x
        for index in layers.indices {
            layers[index].forward(arena.base, input, workspace.layers[index], mask: mask)
            input = workspace.layers[index].output
        }
    }

    /// The mean loss of the last layer's output; in `gradient`, where given, its derivative.
    func loss(of output: LayerBuffers, _ y: Matrix, gradient: Matrix?) -> Float {
        lossUsesLogits
            ? live.pointee.loss.evaluateLogits(output.z, y, gradient: gradient)
            : live.pointee.loss.evaluate(output.output, y, gradient: gradient)
    }

    private func backward(in workspace: borrowing Workspace, mask: DropoutMask) {
        for index in layers.indices.reversed() {
            let isLast = index == layers.count - 1
            // A loss that looked behind the activation gave dL/dz already.
            if !(isLast && lossUsesLogits) { layers[index].backwardActivation(workspace.layers[index], mask: mask) }
            layers[index].backward(
                arena.base, gradients.base, index > 0 ? workspace.layers[index - 1].output : workspace.x,
                workspace.layers[index], dx: index > 0 ? workspace.layers[index - 1].gradient : nil,
                transposed: workspace.transposed.base)
        }
    }

    /// The penalties on all kernels; their derivatives are added to `gradients`.
    func penalties(gradients: UnsafeMutablePointer<Float>) -> Float {
        var sum: Float = 0
        for index in layers.indices {
            let regularizer = live.pointee.settings.regularizers[index]
            if regularizer.l1 == 0 && regularizer.l2 == 0 { continue }
            sum += kernels.penalty(
                arena.base + layers[index].kernelOffset, gradients + layers[index].kernelOffset,
                layers[index].kernelCount, Float(regularizer.l1), Float(regularizer.l2))
        }
        return sum
    }

    private func clipGradients() {
        switch clipping {
        case .none: return
        case .value(let limit): kernels.clip(gradients.base, parameterCount, Float(limit))
        case .globalNorm(let limit): clipNorm(from: 0, count: parameterCount, to: limit)
        case .norm(let limit):
            for layer in layers {
                clipNorm(from: layer.kernelOffset, count: layer.kernelCount, to: limit)
                clipNorm(from: layer.biasOffset, count: layer.biasCount, to: limit)
            }
        }
    }

    private func clipNorm(from offset: Int, count: Int, to limit: Double) {
        let norm = kernels.sum_of_squares(gradients.base + offset, count).squareRoot()
        if norm > Float(limit) { kernels.scale(gradients.base + offset, count, Float(limit) / norm) }
    }

    /// Adds a batch to the metrics and returns the first one's value on that batch alone, NaN where there is none.
    private func addMetrics(_ prediction: Matrix, _ target: Matrix) -> Float {
        var first = Float.nan
        var total = sums.baseAddress! + LossSums.count
        for index in metrics.indices {
            let count = type(of: metrics[index]).sums(units: prediction.columns)
            batchSums.update(repeating: 0)
            metrics[index].add(prediction, target, to: batchSums.baseAddress!)
            for i in 0..<count { total[i] += batchSums[i] }
            if index == 0 { first = Float(metrics[index].value(batchSums.baseAddress!, units: prediction.columns)) }
            total += count
        }
        return first
    }
}
