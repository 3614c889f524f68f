internal import CKernels

/// Trains a model step by step: the custom training loop of *Hands-On Machine Learning*, chapter 12.
///
/// A step, in the book's order: draw a batch, predict, take the mean loss and add the penalties, take the gradients, let
/// the optimizer update the parameters, enforce the constraints, update the metrics.
///
/// ```swift
/// let trainer = try Trainer(job, training: data)
/// for _ in 1...job.epochs {
///     repeat { try trainer.step() } while !trainer.isEpochComplete
///     print(trainer.meanLoss!, trainer.metricValues)
/// }
/// ```
///
/// A class because it owns memory; use one from one thread at a time. Values leave and enter as ``TrainingState``.
public final class Trainer {
    /// What is trained, as it was at the start.
    public let job: TrainingJob
    /// What it is trained on.
    public let training: Dataset

    /// How far it has come.
    public internal(set) var position = TrainingPosition()
    /// The numbers in force.
    public internal(set) var settings: TrainingSettings

    let layers: [DenseKernels]
    /// Floats of all parameters, gaps included.
    let parameterCount: Int
    /// The parameters, and behind them the optimizer's slots.
    let arena: FloatBuffer
    let gradients: FloatBuffer
    /// The optimizer's running products.
    let products: UnsafeMutableBufferPointer<Double>
    /// ``LossSums`` and behind them each metric's sums, since the epoch began.
    let sums: UnsafeMutableBufferPointer<Double>
    /// A metric's sums over one batch.
    private let batchSums: UnsafeMutableBufferPointer<Double>

    private var workspace: Workspace
    private var sampler: BatchSampler
    private let dropoutKey: (UInt32, UInt32)
    /// Whether the loss looks behind the last layer's activation.
    let lossUsesLogits: Bool

    /// A gradient beyond this counts as diverged: optimizers square it, which float32 can hold up to 1.8e19.
    private static let gradientLimit: Float = 1e18

    /// The first places among the sums.
    private enum LossSums {
        static let loss = 0
        static let steps = 1
        static let count = 2
    }

    /// A trainer with freshly initialized parameters.
    ///
    /// - Throws: ``TrainingError`` where job and data do not fit.
    public init(_ job: TrainingJob, training: Dataset) throws(TrainingError) {
        try job.validate(against: training)
        self.job = job
        self.training = training
        settings = TrainingSettings(
            optimizer: job.optimizer, regularizers: job.model.layers.map(\.kernelRegularizer), batchSize: job.batchSize,
            epochs: job.epochs)

        var layers: [DenseKernels] = []
        for (number, layer) in job.model.layers.enumerated() {
            layers.append(
                DenseKernels(
                    layer, number: number, inputs: layers.last?.units ?? training.features,
                    isLast: number == job.model.layers.count - 1, offset: layers.last?.endOffset ?? 0))
        }
        self.layers = layers
        let units = layers[layers.count - 1].units
        parameterCount = layers[layers.count - 1].endOffset
        let optimizer = type(of: job.optimizer)
        arena = FloatBuffer(count: parameterCount * (1 + optimizer.slots))
        gradients = FloatBuffer(count: parameterCount)
        products = .allocate(capacity: optimizer.products)
        products.initialize(repeating: 1)
        let metricSums = job.metrics.map { type(of: $0).sums(units: units) }
        sums = .allocate(capacity: LossSums.count + metricSums.reduce(0, +))
        sums.initialize(repeating: 0)
        batchSums = .allocate(capacity: metricSums.max() ?? 0)
        batchSums.initialize(repeating: 0)
        workspace = Workspace(
            capacity: job.batchSize, features: training.features, targets: training.targets, layers: layers)
        sampler = BatchSampler(sampling: job.sampling, rows: training.rows, seed: job.seed)
        dropoutKey = Philox(seed: job.seed, stream: .dropout).key
        lossUsesLogits =
            type(of: job.loss).fusedActivation.map { $0 == type(of: layers[layers.count - 1].activation) }
            ?? false

        if job.optimizer.slotStart != 0 {
            (arena.base + parameterCount).update(
                repeating: job.optimizer.slotStart, count: parameterCount * optimizer.slots)
        }
        initializeParameters()
    }

    deinit {
        products.deallocate()
        sums.deallocate()
        batchSums.deallocate()
    }

    private func initializeParameters() {
        for (layer, spec) in zip(layers, job.model.layers) {
            var random = RandomSequence(seed: job.seed, tensor: 2 * layer.number)
            let kernel = spec.kernelInitializer.values(
                count: layer.inputs * layer.units, fanIn: layer.inputs, fanOut: layer.units, random: &random)
            setKernel(of: layer, to: kernel)
            random = RandomSequence(seed: job.seed, tensor: 2 * layer.number + 1)
            let bias = spec.biasInitializer.values(
                count: layer.units, fanIn: layer.inputs, fanOut: layer.units, random: &random)
            setBias(of: layer, to: bias)
        }
    }

    // MARK: Where it stands

    /// Whether the epoch of the last step has no room for another batch.
    public var isEpochComplete: Bool {
        position.stepInEpoch > 0 && position.rowsInEpoch + settings.batchSize > training.rows
    }

    /// Whether all epochs are complete. Steps can be taken all the same: they begin another epoch.
    public var isComplete: Bool { isEpochComplete && position.epoch >= settings.epochs }

    /// Steps of the current epoch: those taken and those for which rows are left.
    public var stepsPerEpoch: Int {
        position.stepInEpoch + (training.rows - position.rowsInEpoch) / settings.batchSize
    }

    /// The learning rate of the next step, schedule included.
    public var learningRate: Double {
        min(
            settings.optimizer.learningRate * job.schedule.factor(after: position.step),
            NumberRange.learningRate.greatest)
    }

    /// The mean of the batch losses, penalties included, since the epoch began; nil before its first step.
    public var meanLoss: Double? {
        sums[LossSums.steps] > 0 ? sums[LossSums.loss] / sums[LossSums.steps] : nil
    }

    /// The metrics' values since the epoch began; nil before its first step.
    public var metricValues: [Double?] {
        guard position.stepInEpoch > 0 else { return job.metrics.map { _ in nil } }
        let units = layers[layers.count - 1].units
        var next = sums.baseAddress! + LossSums.count
        return job.metrics.map { metric in
            defer { next += type(of: metric).sums(units: units) }
            return metric.value(next, units: units)
        }
    }

    // MARK: Steps

    /// Takes one step.
    ///
    /// - Throws: ``Divergence`` where the loss is not finite or a gradient beyond 1e18. Nothing has changed then.
    @discardableResult
    public func step() throws(Divergence) -> StepOutcome {
        try withDenormalsFlushed { () throws(Divergence) in try takeStep() }
    }

    /// Takes up to `limit` steps, no further than to the end of the epoch, and writes what came of each to `outcomes`.
    ///
    /// - Returns: the steps taken, and why no more were where it is not the limit or the epoch's end.
    public func run(
        atMost limit: Int, into outcomes: UnsafeMutableBufferPointer<StepOutcome>
    ) -> (steps: Int, divergence: Divergence?) {
        withDenormalsFlushed {
            var taken = 0
            do throws(Divergence) {
                while taken < min(limit, outcomes.count) {
                    outcomes[taken] = try takeStep()
                    taken += 1
                    if isEpochComplete { break }
                }
            } catch {
                return (taken, error)
            }
            return (taken, nil)
        }
    }

    private func takeStep() throws(Divergence) -> StepOutcome {
        let next = nextPosition
        let rows = settings.batchSize
        let x = workspace.x.prefix(rows)
        let y = workspace.y.prefix(rows)
        sampler.draw(
            epoch: next.epoch, step: next.stepInEpoch - 1, rowsSeen: next.rowsInEpoch - rows, count: rows,
            into: workspace.indices)
        gather(rows: rows, into: x, y)

        let mask = DropoutMask(key: dropoutKey, step: next.step)
        let output = forward(x, in: workspace, mask: mask)
        let mainLoss = loss(of: output, y, gradient: output.gradient)
        backward(x, mask: mask)
        let loss = mainLoss + penalties(gradients: gradients.base)
        guard loss.isFinite, kernels.all_within(gradients.base, parameterCount, Self.gradientLimit) != 0 else {
            throw Divergence(step: next.step, epoch: next.epoch, loss: loss)
        }
        clipGradients()

        let rate = learningRate
        settings.optimizer.update(
            OptimizerStep(
                parameters: arena.base, gradient: gradients.base, slots: arena.base + parameterCount,
                products: products.baseAddress!, count: parameterCount, iteration: next.step, learningRate: rate))
        for index in layers.indices { layers[index].constrain(arena.base) }

        if next.stepInEpoch == 1 { sums.update(repeating: 0) }
        position = next
        sums[LossSums.loss] += Double(loss)
        sums[LossSums.steps] += 1
        return StepOutcome(
            loss: loss, mainLoss: mainLoss, metric: addMetrics(output.a, y), learningRate: Float(rate))
    }

    /// Where the training will stand after the next step.
    private var nextPosition: TrainingPosition {
        var next = position
        if isEpochComplete {
            next.epoch += 1
            next.stepInEpoch = 0
            next.rowsInEpoch = 0
        }
        next.step += 1
        next.stepInEpoch += 1
        next.rowsInEpoch += settings.batchSize
        return next
    }

    private func gather(rows: Int, into x: Matrix, _ y: Matrix) {
        training.x.withUnsafeBufferPointer {
            kernels.gather($0.baseAddress!, training.features, workspace.indices, rows, x.base, x.stride)
        }
        training.y.withUnsafeBufferPointer {
            kernels.gather($0.baseAddress!, training.targets, workspace.indices, rows, y.base, y.stride)
        }
    }

    /// Runs `x` through the layers and returns the last one's matrices. `mask` nil drops nothing: evaluation.
    func forward(_ x: Matrix, in workspace: Workspace, mask: DropoutMask?) -> LayerBuffers {
        var input = x
        for index in layers.indices {
            let buffers = workspace.layers[index].prefix(x.rows)
            layers[index].forward(arena.base, input, buffers, mask: mask)
            input = buffers.output
        }
        return workspace.layers[layers.count - 1].prefix(x.rows)
    }

    /// The mean loss of the last layer's output; in `gradient`, where given, its derivative.
    func loss(of output: LayerBuffers, _ y: Matrix, gradient: Matrix?) -> Float {
        lossUsesLogits
            ? job.loss.evaluateLogits(output.z, y, gradient: gradient)
            : job.loss.evaluate(output.output, y, gradient: gradient)
    }

    private func backward(_ x: Matrix, mask: DropoutMask) {
        for index in layers.indices.reversed() {
            let buffers = workspace.layers[index].prefix(x.rows)
            let isLast = index == layers.count - 1
            // A loss that looked behind the activation gave dL/dz already.
            if !(isLast && lossUsesLogits) { layers[index].backwardActivation(buffers, mask: mask) }
            let below = index > 0 ? workspace.layers[index - 1].prefix(x.rows) : nil
            layers[index].backward(
                arena.base, gradients.base, below?.output ?? x, buffers, dx: below?.gradient,
                transposed: workspace.transposed.base)
        }
    }

    /// The penalties on all kernels; their derivatives are added to `gradients`.
    func penalties(gradients: UnsafeMutablePointer<Float>) -> Float {
        var sum: Float = 0
        for index in layers.indices where settings.regularizers[index] != .none {
            let regularizer = settings.regularizers[index]
            sum += kernels.penalty(
                arena.base + layers[index].kernelOffset, gradients + layers[index].kernelOffset,
                layers[index].kernelCount, Float(regularizer.l1), Float(regularizer.l2))
        }
        return sum
    }

    private func clipGradients() {
        switch job.clipping {
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
        for (index, metric) in job.metrics.enumerated() {
            let count = type(of: metric).sums(units: prediction.columns)
            batchSums.update(repeating: 0)
            metric.add(prediction, target, to: batchSums.baseAddress!)
            for i in 0..<count { total[i] += batchSums[i] }
            if index == 0 { first = Float(metric.value(batchSums.baseAddress!, units: prediction.columns)) }
            total += count
        }
        return first
    }

    // MARK: State

    /// The training at this moment. Setting it goes there: the same job and data are needed, the trainer may be another.
    public var state: TrainingState {
        get {
            TrainingState(
                position: position, settings: settings,
                arena: Array(UnsafeBufferPointer(start: arena.base, count: arena.count)), products: Array(products),
                sums: Array(sums))
        }
        set {
            precondition(newValue.arena.count == arena.count, "a state of another model")
            newValue.arena.withUnsafeBufferPointer { arena.base.update(from: $0.baseAddress!, count: arena.count) }
            _ = products.update(fromContentsOf: newValue.products)
            _ = sums.update(fromContentsOf: newValue.sums)
            position = newValue.position
            settings = newValue.settings
            makeRoom()
        }
    }

    /// Sees to it that a batch fits in the workspace.
    func makeRoom() {
        if settings.batchSize > workspace.capacity {
            workspace = Workspace(
                capacity: settings.batchSize, features: training.features, targets: training.targets, layers: layers)
        }
    }
}

/// What came of a step.
public struct StepOutcome: Sendable, Equatable {
    /// The loss on the batch before the update, penalties included.
    public var loss: Float
    /// The loss on the batch without penalties.
    public var mainLoss: Float
    /// The first metric's value on the batch, NaN where the job has none.
    public var metric: Float
    /// The learning rate of the update, schedule included.
    public var learningRate: Float

    /// An outcome.
    public init(loss: Float, mainLoss: Float, metric: Float, learningRate: Float) {
        self.loss = loss
        self.mainLoss = mainLoss
        self.metric = metric
        self.learningRate = learningRate
    }
}
