import TOMLTree
import TrainCore
import Wording

extension TableReader {
    /// Reads `[model]`. Without layers the job's stay as they are.
    mutating func readModel(into job: inout TrainingJob) throws(TOMLError) {
        job.loss = try loss() ?? job.loss
        let metrics: [(name: String, thing: any Metric)] = Catalogue.metrics.map { ($0.name, $0.init()) }
        if let names = try strings("metrics") {
            job.metrics = []
            for name in names {
                guard !names.dropFirst(job.metrics.count + 1).contains(name) else {
                    throw error(at: "metrics", "the metric '\(visible(name))' is named twice")
                }
                job.metrics.append(try pick(name, at: "metrics", "metric", metrics))
            }
        } else if type(of: job.loss).targetsAreClasses {
            job.metrics = metrics.filter { $0.name == "sparse_categorical_accuracy" }.map(\.thing)
        }
        if let layers = try tables("layers") {
            guard !layers.isEmpty else { throw error(at: "layers", "'layers' must have at least one layer") }
            guard layers.count <= Sequential.greatestLayerCount else {
                throw TOMLError(
                    file: file, at: layers[Sequential.greatestLayerCount].position,
                    "'layers' must have at most \(Sequential.greatestLayerCount) layers, not \(layers.count)")
            }
            job.model.layers = []
            for var layer in layers { job.model.layers.append(try layer.layer()) }
        } else if type(of: job.loss).targetsAreClasses {
            throw missing("layers", "the last one with a unit for each class")
        }
        try finish()
    }

    /// `"huber"`, or with settings `{ name = "sparse_categorical_crossentropy", label_smoothing = 0.1 }`.
    private mutating func loss() throws(TOMLError) -> (any Loss)? {
        let losses = Catalogue.losses.map { (name: $0.name, thing: $0.init() as any Loss) }
        guard case .table? = node("loss")?.value, var table = try table("loss") else {
            return try choice("loss", "loss", losses)
        }
        guard var loss = try table.choice("name", "loss", losses) else {
            throw table.missing("name", "such as \"mean_squared_error\"")
        }
        for setting in loss.settingDescriptions {
            if let value = try table.setting(setting) { loss.set(setting.name, to: value) }
        }
        try table.finish()
        return loss
    }

    private mutating func layer() throws(TOMLError) -> Dense {
        guard let units = try integer("units", in: 1...1_000_000) else { throw missing("units", "the layer's outputs") }
        var layer = Dense(units)
        let initializers: [(name: String, thing: any Initializer)] = Catalogue.initializers.map { ($0.name, $0.init()) }
        layer.activation =
            try choice("activation", "activation", Catalogue.activations.map { ($0.name, $0.init()) })
            ?? layer.activation
        layer.kernelInitializer =
            try choice("kernel_initializer", "initializer", initializers) ?? layer.kernelInitializer
        layer.biasInitializer = try choice("bias_initializer", "initializer", initializers) ?? layer.biasInitializer
        if var table = try table("kernel_regularizer") {
            layer.kernelRegularizer.l1 = try table.number("l1", .notNegative) ?? 0
            layer.kernelRegularizer.l2 = try table.number("l2", .notNegative) ?? 0
            try table.finish()
        }
        layer.kernelConstraint = try constraint() ?? .none
        layer.dropout = try number("dropout", .belowOne) ?? 0
        try finish()
        return layer
    }

    /// `"non_neg"`, `"unit_norm"`, `"max_norm"` (2), or `{ max_norm = 3 }`.
    private mutating func constraint() throws(TOMLError) -> Constraint? {
        let key = "kernel_constraint"
        switch node(key)?.value {
        case nil: return nil
        case .table:
            guard var table = try table(key) else { return nil }
            guard let norm = try table.number("max_norm", .positive) else {
                throw table.missing("max_norm", "a number")
            }
            try table.finish()
            return .maxNorm(norm)
        default:
            return try choice(
                key, "constraint",
                [("non_neg", Constraint.nonNegative), ("unit_norm", .unitNorm), ("max_norm", .maxNorm(2))])
        }
    }
}
