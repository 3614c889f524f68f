import JobFile
import Tabular
import TrainCore
import Wording

// The model, and the optimizer with what it works on.
extension KerasScript {
    var model: [String] {
        var lines: [String] = []
        for (name, value) in edits.penalties {
            lines.append("\(name) = tf.Variable(\(Python.number(value)))  # changed while it trains")
        }
        lines += ["model = keras.Sequential([", "    keras.Input([\(data.training.features)]),"]
        var inputs = data.training.features
        for (number, layer) in job.model.layers.enumerated() {
            lines.append(
                "    "
                    + Python.call(
                        "keras.layers.Dense", arguments(of: layer, number, inputs), indentation: 4, suffix: ","))
            if layer.dropout > 0 { lines.append("    keras.layers.Dropout(\(Python.number(layer.dropout))),") }
            inputs = layer.units
        }
        lines.append("])")
        guard let initialWeights else { return lines }
        return lines + [
            "weights = read_weights(\(quoted(initialWeights)))",
            "dense = [layer for layer in model.layers if isinstance(layer, keras.layers.Dense)]",
            "for number, layer in enumerate(dense):",
            "    layer.kernel.assign(weights[f\"layers.{number}.kernel\"])",
            "    layer.bias.assign(weights[f\"layers.{number}.bias\"])",
        ]
    }

    private func arguments(of layer: Dense, _ number: Int, _ inputs: Int) -> [String] {
        var arguments = ["\(layer.units)"]
        let activation = type(of: layer.activation).name
        if activation != "linear" { arguments.append("activation=\(quoted(activation))") }
        if initialWeights == nil {
            for (role, start, tensor) in [
                ("kernel", layer.kernelInitializer, 2 * number), ("bias", layer.biasInitializer, 2 * number + 1),
            ] {
                if let value = initializer(start, tensor: tensor, fanIn: inputs, fanOut: layer.units) {
                    arguments.append("\(role)_initializer=\(value)")
                }
            }
        }
        if let regularizer = regularizer(layer.kernelRegularizer, number) {
            arguments.append("kernel_regularizer=\(regularizer)")
        }
        switch layer.kernelConstraint {
        case .none: break
        case .maxNorm(let limit):
            arguments.append("kernel_constraint=keras.constraints.MaxNorm(\(Python.number(limit)))")
        case .nonNegative: arguments.append("kernel_constraint=keras.constraints.NonNeg()")
        case .unitNorm: arguments.append("kernel_constraint=keras.constraints.UnitNorm()")
        }
        return arguments
    }

    private func regularizer(_ regularizer: Regularizer, _ number: Int) -> String? {
        let names = edits.penalties.map(\.name)
        let (l1, l2) = ("l1_\(number)", "l2_\(number)")
        guard names.contains(l1) || names.contains(l2) else {
            switch (regularizer.l1, regularizer.l2) {
            case (0, 0): return nil
            case (0, let l2): return "keras.regularizers.L2(\(Python.number(l2)))"
            case (let l1, 0): return "keras.regularizers.L1(\(Python.number(l1)))"
            case (let l1, let l2):
                return "keras.regularizers.L1L2(l1=\(Python.number(l1)), l2=\(Python.number(l2)))"
            }
        }
        // Keras's own regularizers take numbers, which would be compiled into the step.
        var terms: [String] = []
        if names.contains(l1) || regularizer.l1 != 0 {
            terms.append("\(names.contains(l1) ? l1 : Python.number(regularizer.l1)) * keras.ops.sum(keras.ops.abs(w))")
        }
        if names.contains(l2) || regularizer.l2 != 0 {
            terms.append(
                "\(names.contains(l2) ? l2 : Python.number(regularizer.l2)) * keras.ops.sum(keras.ops.square(w))")
        }
        return terms.count == 1
            ? "lambda w: \(terms[0])" : "lambda w: (\n            \(terms[0])\n            + \(terms[1])\n        )"
    }

    // MARK: Loss, metrics, optimizer

    var optimizer: [String] {
        var lines = job.metrics.contains { $0 is R2Score } ? Self.r2Score : []
        lines += schedule
        let momentum = edits.momentum(inPeriod: 0, of: job.optimizer)
        let rate = passesSchedule ? "schedule" : Python.number(job.optimizer.learningRate)
        lines.append("optimizer = " + construct(job.optimizer, learningRate: rate, momentum: momentum))
        if momentum != nil { lines += ["optimizer.build(model.trainable_variables)", Self.noMomentumYet] }
        lines += loss
        lines.append("mean_loss = keras.metrics.Mean(name=\"mean\")")
        let metrics = job.metrics.map {
            $0 is R2Score
                ? "R2Score()" : "keras.metrics.\(KerasNames.name(type(of: $0).name, in: KerasNames.metrics))()"
        }
        return lines + ["metrics = [\(metrics.joined(separator: ", "))]"]
    }

    /// The loss. Of the two for classes, only the one for whole vectors smooths labels in Keras.
    private var loss: [String] {
        let name = KerasNames.name(type(of: job.loss).name, in: KerasNames.losses)
        guard let loss = job.loss as? SparseCategoricalCrossentropy, loss.labelSmoothing > 0 else {
            return ["loss_fn = keras.losses.\(name)()"]
        }
        let smoothing = Python.number(loss.labelSmoothing)
        return [
            "smoothed_loss = keras.losses.CategoricalCrossentropy(label_smoothing=\(smoothing))", "", "",
            "def loss_fn(y_true, y_pred):",
            "    classes = tf.cast(y_true[:, 0], tf.int32)",
            "    return smoothed_loss(tf.one_hot(classes, y_pred.shape[1]), y_pred)", "", "",
        ]
    }

    /// An optimizer in Python. Settings that Keras has by default are left to it.
    ///
    /// - Parameter momentum: to be used instead of its own.
    func construct(_ optimizer: any Optimizer, learningRate: String, momentum: Double? = nil) -> String {
        let type = type(of: optimizer)
        let usual = type.init()
        var arguments = ["learning_rate=\(learningRate)"]
        for setting in optimizer.settingDescriptions where setting.name != "learning_rate" {
            guard var value = optimizer.value(of: setting.name) else { continue }
            if setting.name == "momentum", let momentum { value = momentum }
            if value == usual.value(of: setting.name) { continue }
            arguments.append(
                "\(setting.name)=\(setting.isFlag ? (value == 0 ? "False" : "True") : Python.number(value))")
        }
        switch job.clipping {
        case .none: break
        case .value(let limit): arguments.append("clipvalue=\(Python.number(limit))")
        case .norm(let limit): arguments.append("clipnorm=\(Python.number(limit))")
        case .globalNorm(let limit): arguments.append("global_clipnorm=\(Python.number(limit))")
        }
        return Python.call("keras.optimizers.\(KerasNames.name(type.name, in: KerasNames.optimizers))", arguments)
    }

    private static let r2Score = [
        "",
        "class R2Score(keras.metrics.R2Score):",
        "    \"\"\"Keras's metric about the targets' mean, where its float32 sums of squares lose less.\"\"\"",
        "",
        "    def update_state(self, y_true, y_pred, sample_weight=None):",
        "        middle = y_train.mean(axis=0)",
        "        super().update_state(y_true - middle, y_pred - middle, sample_weight)",
        "", "",
    ]
}
