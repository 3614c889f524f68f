internal import TrainCore

/// The one hyperparameter that is the engine's own.
enum Pace {
    static let name = "pace"
    static let range = NumberRange.notNegative
}

extension RunDescription {
    /// What a trainer is about to train.
    init(of trainer: Trainer, validation: Dataset?, options: TrainerEngine.Options) {
        let job = trainer.job
        let layers = job.model.layers.map { layer in
            layer.activation is Linear ? "\(layer.units)" : "\(layer.units) \(type(of: layer.activation).name)"
        }
        let numbers = trainer.editableSettings.map { setting in
            Hyperparameter(
                name: setting.name, title: Self.title(of: setting.name), value: setting.value, range: setting.range)
        }
        let pace = Hyperparameter(
            name: Pace.name, title: Pace.name, value: options.pace, range: Pace.range, unit: "steps/s")
        self.init(
            title: options.title, model: (["\(trainer.training.features)"] + layers).joined(separator: " → "),
            weights: trainer.weightCount, optimizer: type(of: job.optimizer).name, seed: job.seed,
            loss: type(of: job.loss).name, metrics: job.metrics.map { type(of: $0).name },
            higherIsBetter: job.metrics.map { type(of: $0).higherIsBetter }, validationRows: validation?.rows ?? 0,
            validationNote: options.validationNote, hyperparameters: numbers + [pace])
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
