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
    public internal(set) var position: TrainingPosition {
        get { live.pointee.position }
        set { live.pointee.position = newValue }
    }
    /// The numbers in force.
    public internal(set) var settings: TrainingSettings {
        get { live.pointee.settings }
        set { live.pointee.settings = newValue }
    }

    // All that a step touches lies at fixed places and is used there: nothing is copied or allocated, no reference is
    // counted and no access checked. What is here belongs to the trainer alone, and goes with it.

    let live: UnsafeMutablePointer<Live>
    let layers: UnsafeMutableBufferPointer<DenseKernels>
    let activations: UnsafeMutableBufferPointer<LayerActivation>
    let metrics: UnsafeMutableBufferPointer<MetricTally>
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
    let batchSums: UnsafeMutableBufferPointer<Double>
    /// Each metric's value on the last batch.
    let batchValues: UnsafeMutableBufferPointer<Float>
    let dropoutKey: (UInt32, UInt32)
    let clipping: GradientClipping
    /// Whether the loss looks behind the last layer's activation.
    let lossUsesLogits: Bool

    /// The first places among the sums.
    enum LossSums {
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
        var layers: [DenseKernels] = []
        for (number, layer) in job.model.layers.enumerated() {
            layers.append(
                DenseKernels(
                    layer, number: number, inputs: layers.last?.units ?? training.features,
                    isLast: number == job.model.layers.count - 1, offset: layers.last?.endOffset ?? 0))
        }
        self.layers = .copy(of: layers)
        activations = .allocate(capacity: layers.count)
        for (layer, spec) in zip(layers, job.model.layers) {
            let above = layer.number + 1 < layers.count ? layers[layer.number + 1] : nil
            activations.initializeElement(at: layer.number, to: LayerActivation(spec, layer, above: above))
        }
        let units = layers[layers.count - 1].units
        metrics = .allocate(capacity: job.metrics.count)
        for (index, metric) in job.metrics.enumerated() {
            metrics.initializeElement(at: index, to: MetricTally(metric, units: units, targetUnit: training.targetUnit))
        }
        parameterCount = layers[layers.count - 1].endOffset
        // Room for any optimizer, so that the state of one can take the place of another's.
        let choices = Self.optimizers(for: job)
        arena = FloatBuffer(count: parameterCount * (1 + (choices.map { $0.slots }.max() ?? 0)))
        gradients = FloatBuffer(count: parameterCount)
        products = .copy(of: Array(repeating: 1, count: choices.map { $0.products }.max() ?? 0))
        let metricSums = job.metrics.map { type(of: $0).sums(units: units) }
        sums = .copy(of: Array(repeating: 0, count: LossSums.count + metricSums.reduce(0, +)))
        batchSums = .copy(of: Array(repeating: 0, count: metricSums.max() ?? 0))
        batchValues = .copy(of: Array(repeating: .nan, count: job.metrics.count))
        live = .allocate(capacity: 1)
        live.initialize(
            to: Live(
                settings: TrainingSettings(
                    optimizer: job.optimizer, regularizers: job.model.layers.map(\.kernelRegularizer),
                    batchSize: job.batchSize, epochs: job.epochs),
                sampler: BatchSampler(sampling: job.sampling, rows: training.rows, seed: job.seed),
                workspace: Workspace(
                    capacity: job.batchSize, features: training.features, targets: training.targets, layers: layers),
                loss: job.loss, baseRate: job.optimizer.learningRate, schedule: job.schedule))
        clipping = job.clipping
        dropoutKey = Philox(seed: job.seed, stream: .dropout).key
        let last = job.model.layers.last.map { type(of: $0.activation) }
        lossUsesLogits = type(of: job.loss).fusedActivation.map { $0 == last } ?? false

        clearOptimizerMemory()
        initializeParameters()
    }

    deinit {
        live.deinitialize(count: 1)
        live.deallocate()
        layers.deinitialize().deallocate()
        activations.deinitialize().deallocate()
        metrics.deinitialize().deallocate()
        products.deallocate()
        sums.deallocate()
        batchSums.deallocate()
        batchValues.deallocate()
    }

    /// Makes the optimizer's memory that of one that has made no update.
    func clearOptimizerMemory() {
        let optimizer = settings.optimizer
        (arena.base + parameterCount).update(
            repeating: optimizer.slotStart, count: parameterCount * type(of: optimizer).slots)
        products.update(repeating: 1)
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
        let position = live.pointee.position
        return position.stepInEpoch > 0 && position.rowsInEpoch + live.pointee.settings.batchSize > training.rows
    }

    /// Whether all epochs are complete. Steps can be taken all the same: they begin another epoch.
    public var isComplete: Bool { isEpochComplete && position.epoch >= settings.epochs }

    /// Steps of the current epoch: those taken and those for which rows are left.
    public var stepsPerEpoch: Int {
        position.stepInEpoch + (training.rows - position.rowsInEpoch) / settings.batchSize
    }

    /// The learning rate of the next step, schedule included.
    public var learningRate: Double { live.pointee.learningRate }

    /// The mean of the batch losses, penalties included, since the epoch began; nil before its first step.
    public var meanLoss: Double? {
        sums[LossSums.steps] > 0 ? sums[LossSums.loss] / sums[LossSums.steps] : nil
    }

    /// The metrics' values since the epoch began; nil before its first step.
    public var metricValues: [Double?] {
        guard position.stepInEpoch > 0 else { return job.metrics.map { _ in nil } }
        var next = sums.baseAddress! + LossSums.count
        return metrics.indices.map { index in
            defer { next += metrics[index].sums }
            return metrics[index].value(next)
        }
    }

    /// The metrics' values on the batch of the step that this trainer took last, in the job's order; NaN before its first.
    public var batchMetricValues: [Float] { Array(batchValues) }

    // MARK: Steps

    /// Takes one step.
    ///
    /// - Throws: ``Divergence`` where the loss is not finite or a gradient beyond 1e18. Nothing has changed then.
    @discardableResult
    public func step() throws(Divergence) -> StepOutcome {
        try withDenormalsFlushed { () throws(Divergence) in try takeStep() }
    }

    /// Takes up to `limit` steps, no further than to the end of the epoch and no more than there is room for in
    /// `steps`, and adds what came of each there.
    ///
    /// - Returns: the steps taken, and why no more were where it is none of these.
    public func run(atMost limit: Int, into steps: StepBuffer) -> (steps: Int, divergence: Divergence?) {
        precondition(steps.metricCount == metrics.count, "room for \(steps.metricCount) of \(metrics.count) metrics")
        let limit = min(limit, steps.room)
        let (outcomes, values) = steps.free
        let result: (steps: Int, divergence: Divergence?) = withDenormalsFlushed {
            var taken = 0
            do throws(Divergence) {
                while taken < limit {
                    (outcomes + taken).initialize(to: try takeStep())
                    for index in metrics.indices {
                        (values + taken * metrics.count + index).initialize(to: batchValues[index])
                    }
                    taken += 1
                    if isEpochComplete { break }
                }
            } catch {
                return (taken, error)
            }
            return (taken, nil)
        }
        steps.count += result.steps
        return result
    }
}

extension UnsafeMutableBufferPointer {
    /// New memory with these elements. Whoever asks for it gives it back.
    static func copy(of elements: [Element]) -> UnsafeMutableBufferPointer {
        let copy = UnsafeMutableBufferPointer.allocate(capacity: elements.count)
        _ = copy.initialize(from: elements)
        return copy
    }
}
