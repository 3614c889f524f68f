import Wording

/// A ``TrainingState`` as plain numbers, in which it outlives its process.
package struct TrainingStateParts: Sendable, Equatable {
    /// Where it stands.
    package var position: Position
    /// The optimizer's name.
    package var optimizer: String
    /// The optimizer's numbers by their names; an optional one that is not given is missing.
    package var optimizerNumbers: [String: Double]
    /// The steps that were taken before this optimizer's first.
    package var optimizerStart: Int
    /// Each layer's penalty.
    package var regularizers: [Regularizer]
    /// Rows in a batch.
    package var batchSize: Int
    /// Epochs in all.
    package var epochs: Int
    /// The numbers that move from step to step.
    package var ramps: [Ramp]
    /// Parameters and the optimizer's slots, gaps included.
    package var arena: [Float]
    /// The optimizer's running products.
    package var products: [Double]
    /// The sums of losses and metrics since the epoch began.
    package var sums: [Double]

    /// How far a training has come, as ``TrainingPosition``.
    package struct Position: Sendable, Equatable, Decodable {
        package var step: Int
        package var epoch: Int
        package var stepInEpoch: Int
        package var rowsInEpoch: Int

        /// A position.
        package init(step: Int, epoch: Int, stepInEpoch: Int, rowsInEpoch: Int) {
            (self.step, self.epoch, self.stepInEpoch, self.rowsInEpoch) = (step, epoch, stepInEpoch, rowsInEpoch)
        }
    }

    /// All parts.
    package init(
        position: Position, optimizer: String, optimizerNumbers: [String: Double], optimizerStart: Int,
        regularizers: [Regularizer], batchSize: Int, epochs: Int, ramps: [Ramp], arena: [Float], products: [Double],
        sums: [Double]
    ) {
        self.position = position
        self.optimizer = optimizer
        self.optimizerNumbers = optimizerNumbers
        self.optimizerStart = optimizerStart
        self.regularizers = regularizers
        self.batchSize = batchSize
        self.epochs = epochs
        self.ramps = ramps
        self.arena = arena
        self.products = products
        self.sums = sums
    }

    /// The parts of a state.
    package init(_ state: TrainingState) {
        let settings = state.settings
        let names = settings.optimizer.settingDescriptions.map(\.name)
        self.init(
            position: Position(
                step: state.position.step, epoch: state.position.epoch, stepInEpoch: state.position.stepInEpoch,
                rowsInEpoch: state.position.rowsInEpoch),
            optimizer: type(of: settings.optimizer).name,
            optimizerNumbers: Dictionary(
                names.compactMap { name in settings.optimizer.value(of: name).map { (name, $0) } },
                uniquingKeysWith: { $1 }),
            optimizerStart: settings.optimizerStart, regularizers: settings.regularizers,
            batchSize: settings.batchSize, epochs: settings.epochs, ramps: settings.ramps, arena: state.arena,
            products: state.products, sums: state.sums)
    }
}

extension Trainer {
    /// A state from its parts, for ``state``: those of the same job and data give the state that they were taken of.
    ///
    /// - Throws: ``TrainingError`` where they are no state of this job and data.
    package func state(of parts: TrainingStateParts) throws(TrainingError) -> TrainingState {
        guard let type = Self.optimizers(for: job).first(where: { $0.name == parts.optimizer }) else {
            throw TrainingError(
                "the state has an optimizer '\(visible(parts.optimizer, limit: 40))', which there is not")
        }
        var optimizer: any Optimizer = type == Swift.type(of: job.optimizer) ? job.optimizer : type.init()
        for setting in optimizer.settingDescriptions {
            guard let value = parts.optimizerNumbers[setting.name] else { continue }
            try Self.check(value, setting.name, setting.range)
            optimizer.set(setting.name, to: value)
        }
        try check(parts.position, optimizerStart: parts.optimizerStart)
        try Self.check(Double(parts.batchSize), "batch_size", .whole(from: 1, to: training.rows))
        try Self.check(Double(parts.epochs), "epochs", .whole(from: 1, to: 1_000_000_000))
        for penalty in parts.regularizers.flatMap({ [$0.l1, $0.l2] }) {
            try Self.check(penalty, "a penalty", .notNegative)
        }
        for ramp in parts.ramps { try check(ramp, optimizer) }
        guard parts.regularizers.count == layers.count, parts.sums.count == sums.count,
            parts.products.count == type.products, parts.arena.count == parameterCount * (1 + type.slots)
        else { throw TrainingError("the state is one of another model") }
        var settings = TrainingSettings(
            optimizer: optimizer, regularizers: parts.regularizers, batchSize: parts.batchSize, epochs: parts.epochs)
        settings.optimizerStart = parts.optimizerStart
        settings.ramps = parts.ramps
        return TrainingState(
            position: TrainingPosition(
                step: parts.position.step, epoch: parts.position.epoch, stepInEpoch: parts.position.stepInEpoch,
                rowsInEpoch: parts.position.rowsInEpoch),
            settings: settings, arena: parts.arena, products: parts.products, sums: parts.sums)
    }

    private func check(_ position: TrainingStateParts.Position, optimizerStart: Int) throws(TrainingError) {
        // No step is numbered beyond what a Double holds exactly.
        let steps = 0...(1 << 53)
        guard steps.contains(position.step), (1...1_000_000_000).contains(position.epoch),
            (0...position.step).contains(position.stepInEpoch), (0...training.rows).contains(position.rowsInEpoch),
            position.stepInEpoch <= position.rowsInEpoch, (0...position.step).contains(optimizerStart)
        else { throw TrainingError("the state stands where no run of these rows comes to") }
    }

    private func check(_ ramp: Ramp, _ optimizer: any Optimizer) throws(TrainingError) {
        let range: NumberRange
        if let setting = optimizer.settingDescriptions.first(where: { $0.name == ramp.name }) {
            range = setting.range
        } else if ramp.name == "batch_size" {
            range = .whole(from: 1, to: training.rows)
        } else {
            range = .notNegative
        }
        try Self.check(ramp.from, ramp.name, range)
        try Self.check(ramp.to, ramp.name, range)
        guard ramp.steps > 0, ramp.start >= 0 else { throw TrainingError("the state has a ramp over no steps") }
    }

    private static func check(_ value: Double, _ name: String, _ range: NumberRange) throws(TrainingError) {
        guard let objection = range.objection(to: value) else { return }
        throw TrainingError("the state has a value that cannot be: \(visible(name, limit: 40)) \(objection)")
    }
}
