internal import TrainCore
internal import Wording

/// The one hyperparameter that is the engine's own.
enum Pace {
    static let name = "pace"
    static let range = NumberRange.notNegative

    /// The pace with a value.
    static func hyperparameter(_ value: Double) -> Hyperparameter {
        Hyperparameter(name: name, title: name, value: value, range: range, unit: "steps/s")
    }
}

extension RunDescription {
    /// What a trainer is about to train.
    init(of trainer: Trainer, validation: Dataset?, options: TrainerEngine.Options) {
        let job = trainer.job
        let layers = job.model.layers.map { layer in
            layer.activation is Linear ? "\(layer.units)" : "\(layer.units) \(type(of: layer.activation).name)"
        }
        self.init(
            title: options.title, model: (["\(trainer.training.features)"] + layers).joined(separator: " → "),
            weights: trainer.weightCount, optimizer: type(of: job.optimizer).name, seed: job.seed,
            loss: type(of: job.loss).name, metrics: job.metrics.map { type(of: $0).name },
            higherIsBetter: job.metrics.map { type(of: $0).higherIsBetter }, validationRows: validation?.rows ?? 0,
            validationNote: options.validationNote,
            hyperparameters: Hyperparameter.all(of: trainer) + [Pace.hyperparameter(options.pace)])
    }
}

extension Hyperparameter {
    /// All that can be edited of a trainer, with the values in force.
    static func all(of trainer: Trainer) -> [Hyperparameter] {
        trainer.editableSettings.map { setting in
            Hyperparameter(
                name: setting.name, title: title(of: setting.name), value: setting.value, range: setting.range,
                choices: setting.choices)
        }
    }

    /// "learning_rate" as "learning rate", "layers.0.l2" as "l2 · layer 1".
    private static func title(of name: String) -> String {
        let parts = name.split(separator: ".")
        if parts.count == 3, parts[0] == "layers", let index = Int(parts[1]) {
            return "\(parts[2]) · layer \(index + 1)"
        }
        return name.replacing("_", with: " ")
    }
}
