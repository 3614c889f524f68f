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
        let optimizer = settings.optimizer.settingDescriptions.map { setting in
            EditableSetting(
                name: setting.name, value: settings.optimizer.value(of: setting.name) ?? 0, range: setting.range)
        }
        let penalties = settings.regularizers.enumerated().flatMap { index, regularizer in
            var own = [EditableSetting(name: "layers.\(index).l2", value: regularizer.l2, range: .notNegative)]
            if regularizer.l1 != 0 || job.model.layers[index].kernelRegularizer.l1 != 0 {
                own.append(EditableSetting(name: "layers.\(index).l1", value: regularizer.l1, range: .notNegative))
            }
            return own
        }
        var all = Array(optimizer[..<1])
        all.append(
            EditableSetting(
                name: "batch_size", value: Double(settings.batchSize), range: .whole(from: 1, to: training.rows)))
        all += penalties
        all += optimizer[1...]
        all.append(
            EditableSetting(
                name: "epochs", value: Double(settings.epochs), range: .whole(from: position.epoch, to: 1_000_000_000)))
        let optimizers = Self.optimizers(for: job)
        all.append(
            EditableSetting(
                name: "optimizer",
                value: Double(optimizers.firstIndex { $0 == type(of: settings.optimizer) } ?? 0),
                range: .whole(from: 0, to: optimizers.count - 1), choices: optimizers.map { $0.name }))
        return all
    }

    /// Gives a number another value from the next step on.
    ///
    /// - Returns: the value until now.
    /// - Throws: ``TrainingError`` where there is no such number, or it may not have that value.
    @discardableResult
    public func set(_ name: String, to value: Double) throws(TrainingError) -> Double {
        guard let setting = editableSettings.first(where: { $0.name == name }) else {
            throw TrainingError("there is no hyperparameter '\(name)'")
        }
        if let objection = setting.range.objection(to: value) { throw TrainingError("\(name) \(objection)") }
        switch name {
        case "batch_size":
            settings.batchSize = Int(value)
            makeRoom()
        case "epochs":
            settings.epochs = Int(value)
        case "optimizer":
            begin(Self.optimizers(for: job)[Int(value)])
        default:
            if settings.optimizer.value(of: name) != nil {
                settings.optimizer.set(name, to: value)
            } else {
                setPenalty(name, to: value)
            }
        }
        return setting.value
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
    }

    /// `name` is one of "layers.<index>.l1" and "layers.<index>.l2".
    private func setPenalty(_ name: String, to value: Double) {
        for index in settings.regularizers.indices {
            if name == "layers.\(index).l2" { settings.regularizers[index].l2 = value }
            if name == "layers.\(index).l1" { settings.regularizers[index].l1 = value }
        }
    }
}
