public import Wording

/// A number of a training that can be edited between two steps.
public struct EditableSetting: Sendable, Equatable {
    /// The name in job files and commands: "learning_rate", "batch_size", "layers.0.l2".
    public let name: String
    /// The value in force.
    public let value: Double
    /// What it may be.
    public let range: NumberRange
    /// Where the number stands for one of some names, those names.
    public var choices: [String] = []
}

extension Trainer {
    /// All that can be edited: the optimizer's numbers, learning rate first, then batch size, penalties and epochs, and
    /// the optimizer itself.
    public var editableSettings: [EditableSetting] {
        let numbers = settings.optimizer.settingDescriptions.map { $0.name }
        let penalties = settings.regularizers.indices.flatMap { ["layers.\($0).l2", "layers.\($0).l1"] }
        let names = numbers[..<1] + ["batch_size"] + penalties + numbers[1...] + ["epochs", "optimizer"]
        return names.compactMap { setting(named: $0) }
    }

    /// What can be edited under that name, nil where there is nothing.
    public func setting(named name: String) -> EditableSetting? {
        let settings = settings
        switch name {
        case "batch_size":
            return EditableSetting(
                name: name, value: Double(settings.batchSize), range: .whole(from: 1, to: training.rows))
        case "epochs":
            return EditableSetting(
                name: name, value: Double(settings.epochs), range: .whole(from: position.epoch, to: 1_000_000_000))
        case "optimizer":
            let optimizers = Self.optimizers(for: job)
            return EditableSetting(
                name: name, value: Double(optimizers.firstIndex { $0 == type(of: settings.optimizer) } ?? 0),
                range: .whole(from: 0, to: optimizers.count - 1), choices: optimizers.map { $0.name })
        default:
            if let setting = settings.optimizer.settingDescription(of: name) {
                return EditableSetting(
                    name: name, value: settings.optimizer.value(of: name) ?? 0, range: setting.range)
            }
            switch penalty(named: name) {
            case .l2(let layer):
                return EditableSetting(name: name, value: settings.regularizers[layer].l2, range: .notNegative)
            case .l1(let layer):
                // Offered only where the job has such a penalty.
                let value = settings.regularizers[layer].l1
                guard value != 0 || job.model.layers[layer].kernelRegularizer.l1 != 0 else { return nil }
                return EditableSetting(name: name, value: value, range: .notNegative)
            default:
                return nil
            }
        }
    }

    /// Gives a number another value from the next step on; a ramp that it is on ends.
    ///
    /// - Returns: the value until now.
    /// - Throws: ``TrainingError`` where there is no such number, or it may not have that value.
    @discardableResult
    public func set(_ name: String, to value: Double) throws(TrainingError) -> Double {
        guard let setting = setting(named: name) else {
            throw TrainingError("there is no hyperparameter '\(name)'")
        }
        if let objection = setting.range.objection(to: value) { throw TrainingError("\(name) \(objection)") }
        if name == "batch_size" { try checkRoom(rows: value) }
        endRamp(name)
        switch name {
        case "epochs":
            settings.epochs = Int(value)
        case "optimizer":
            begin(Self.optimizers(for: job)[Int(value)])
        default:
            if let place = place(of: name) { live.pointee.settings.put(value, at: place) }
            makeRoom()
        }
        return setting.value
    }

    /// Where the number of that name lives; nil where there is none, and for those that are no amounts or that steps do
    /// not depend on.
    func place(of name: String) -> NumberPlace? {
        if name == "batch_size" { return .batchSize }
        if name == "learning_rate" { return .learningRate }
        return settings.optimizer.key(of: name).map { .optimizer($0) } ?? penalty(named: name)
    }

    /// Where the penalty of that name lives: "layers.0.l2".
    private func penalty(named name: String) -> NumberPlace? {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "layers", let layer = Int(parts[1]), String(layer) == parts[1],
            settings.regularizers.indices.contains(layer)
        else { return nil }
        switch parts[2] {
        case "l1": return .l1(layer: layer)
        case "l2": return .l2(layer: layer)
        default: return nil
        }
    }

    /// The optimizers that a run can change to: the catalogue's, and the job's own where it is none of those.
    static func optimizers(for job: TrainingJob) -> [any Optimizer.Type] {
        let own = type(of: job.optimizer)
        return Catalogue.optimizers + (Catalogue.optimizers.contains { $0 == own } ? [] : [own])
    }

    /// Lets another optimizer go on with the parameters as they are and the learning rate in force: the job's own with
    /// its settings, any other with Keras's defaults. It remembers nothing, as a new one in Keras.
    private func begin(_ type: any Optimizer.Type) {
        guard type != Swift.type(of: settings.optimizer) else { return }
        var new: any Optimizer = type == Swift.type(of: job.optimizer) ? job.optimizer : type.init()
        new.learningRate = settings.optimizer.learningRate
        settings.optimizer = new
        settings.optimizerStart = position.step
        clearOptimizerMemory()
        followRamps()
    }
}
