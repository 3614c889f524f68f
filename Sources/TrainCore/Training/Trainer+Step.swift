import CKernels

extension Trainer {
    /// A gradient beyond this counts as diverged: optimizers square it, which float32 can hold up to 1.8e19.
    private static let gradientLimit: Float = 1e18

    /// One step, in the order of the book's loop.
    func takeStep() throws(Divergence) -> StepOutcome {
        let isMoving = live.pointee.isMoving
        if isMoving { live.pointee.moveNumbers(to: live.pointee.position.step + 1) }
        let next = nextPosition
        perform(.batch, of: next)
        for layer in layers.indices {
            perform(.product(layer: layer), of: next)
            perform(.activation(layer: layer), of: next)
        }
        perform(.loss, of: next)
        // Counted, not `reversed`, which takes from the heap where it is not optimised.
        for above in layers.indices {
            let layer = layers.count - 1 - above
            perform(.activationGradient(layer: layer), of: next)
            perform(.weightGradient(layer: layer), of: next)
            perform(.inputGradient(layer: layer), of: next)
        }
        perform(.penalties, of: next)
        perform(.check, of: next)
        let pass = live.pointee.pass
        guard pass.isSound else {
            if isMoving { live.pointee.moveNumbersBack(from: next.step) }
            throw Divergence(step: next.step, epoch: next.epoch, loss: pass.loss)
        }
        perform(.update, of: next)
        perform(.metrics, of: next)
        if isMoving { live.pointee.endRamps(at: next.step) }
        return StepOutcome(
            loss: pass.loss, mainLoss: pass.mainLoss, learningRate: Float(live.pointee.pass.learningRate))
    }

    /// One phase of the step that leads to `next`. What a step computes on its way is in the workspace and in `pass`.
    @inline(__always)
    func perform(_ phase: StepPhase, of next: TrainingPosition) {
        let mask = DropoutMask(key: dropoutKey, step: next.step)
        switch phase {
        case .batch: drawBatch(of: next)
        case .product(let layer): layers[layer].product(arena.base, input(of: layer), buffers[layer].z)
        case .activation(let layer): activations[layer].forward(buffers[layer], mask: mask)
        case .loss:
            let output = buffers[layers.count - 1]
            live.pointee.pass.mainLoss = loss(of: output, live.pointee.workspace.y, gradient: output.gradient)
        case .activationGradient(let layer):
            if !isBehindLoss(layer) { activations[layer].backward(buffers[layer], mask: mask) }
        case .weightGradient(let layer):
            layers[layer].weightGradient(gradients.base, input(of: layer), buffers[layer].gradient)
        case .inputGradient(let layer):
            guard layer > 0 else { return }
            layers[layer].inputGradient(
                arena.base, buffers[layer].gradient, buffers[layer - 1].gradient,
                slope: activations[layer - 1].elu.map { (buffers[layer - 1].a, $0) })
        case .penalties: live.pointee.pass.penalty = penalties(gradients: gradients.base)
        case .check: checkGradients()
        case .update: update(iteration: next.step - live.pointee.settings.optimizerStart)
        case .metrics: addMetrics(of: next)
        }
    }

    /// Each layer's matrices.
    private var buffers: UnsafeMutableBufferPointer<LayerBuffers> { live.pointee.workspace.layers }

    /// What a layer sees.
    private func input(of layer: Int) -> Matrix { layer > 0 ? buffers[layer - 1].output : live.pointee.workspace.x }

    /// Whether the loss gives this layer's dL/dz, having looked behind its activation.
    func isBehindLoss(_ layer: Int) -> Bool { lossUsesLogits && layer == layers.count - 1 }

    /// Where the training will stand after the next step.
    var nextPosition: TrainingPosition {
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

    private func drawBatch(of next: TrainingPosition) {
        let rows = live.pointee.settings.batchSize
        live.pointee.workspace.setRows(rows)
        let (x, y) = (live.pointee.workspace.x, live.pointee.workspace.y)
        let indices = live.pointee.workspace.indices
        live.pointee.sampler.draw(
            epoch: next.epoch, step: next.stepInEpoch - 1, rowsSeen: next.rowsInEpoch - rows, count: rows, into: indices
        )
        training.x.withUnsafeBufferPointer {
            if rows * x.stride < sharedFloats {
                kernels.gather($0.baseAddress!, training.features, indices, rows, x.base, x.stride)
            } else {
                ck_gather(
                    ck_kernels_in_use(), $0.baseAddress!, training.features, indices, rows, x.base, x.stride)
            }
        }
        training.y.withUnsafeBufferPointer {
            kernels.gather($0.baseAddress!, training.targets, indices, rows, y.base, y.stride)
        }
    }

    /// Runs the workspace's `x` through the layers. `mask` nil drops nothing: evaluation.
    func forward(in workspace: borrowing Workspace, mask: DropoutMask?) {
        var input = workspace.x
        for index in layers.indices {
            layers[index].product(arena.base, input, workspace.layers[index].z)
            activations[index].forward(workspace.layers[index], mask: mask)
            input = workspace.layers[index].output
        }
    }

    /// The mean loss of the last layer's output; in `gradient`, where given, its derivative.
    func loss(of output: LayerBuffers, _ y: Matrix, gradient: Matrix?) -> Float {
        lossUsesLogits
            ? live.pointee.evaluateLogits(output.z, y, gradient: gradient)
            : live.pointee.evaluate(output.output, y, gradient: gradient)
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

    /// Notes whether the step may be taken, and clips the gradients if so.
    private func checkGradients() {
        let areWithin =
            parameterCount < sharedFloats
            ? kernels.all_within(gradients.base, parameterCount, Self.gradientLimit)
            : ck_all_within(ck_kernels_in_use(), gradients.base, parameterCount, Self.gradientLimit)
        live.pointee.pass.isSound = live.pointee.pass.loss.isFinite && areWithin != 0
        if live.pointee.pass.isSound { clipGradients() }
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

    private func update(iteration: Int) {
        let rate = learningRate
        live.pointee.pass.learningRate = rate
        live.pointee.update(
            OptimizerStep(
                parameters: arena.base, gradient: gradients.base, slots: arena.base + parameterCount,
                slotStride: parameterCount, products: products.baseAddress!, count: parameterCount,
                iteration: iteration, learningRate: rate))
        for index in layers.indices { layers[index].constrain(arena.base) }
    }

    /// Takes the batch's loss and metrics into the epoch's sums: the step is complete then.
    private func addMetrics(of next: TrainingPosition) {
        if next.stepInEpoch == 1 { sums.update(repeating: 0) }
        live.pointee.position = next
        sums[LossSums.loss] += Double(live.pointee.pass.loss)
        sums[LossSums.steps] += 1
        let output = buffers[layers.count - 1]
        var total = sums.baseAddress! + LossSums.count
        for index in metrics.indices {
            batchSums.update(repeating: 0)
            metrics[index].add(output.a, live.pointee.workspace.y, to: batchSums.baseAddress!)
            for i in 0..<metrics[index].sums { total[i] += batchSums[i] }
            batchValues[index] = Float(metrics[index].value(batchSums.baseAddress!))
            total += metrics[index].sums
        }
    }
}
