import Tabular
import TrainCore
import Wording

extension Recipe {
    /// The recipe as a job file that says everything, defaults too, and reads to an equal recipe.
    package var tomlText: String {
        let seed = job.seed <= UInt64(Int64.max) ? "\(job.seed)" : quoted("\(job.seed)")
        return (["seed = \(seed)", ""] + dataLines + [""] + modelLines + [""] + optimizerLines + [""] + runLines)
            .joined(separator: "\n") + "\n"
    }

    private var dataLines: [String] {
        var lines = ["[data]"]
        switch data.source {
        case .builtin(let name): lines.append("builtin = \(quoted(name))")
        case .path(let path): lines.append("path = \(quoted(path))")
        }
        lines.append("target = \(data.targets.tomlList)")
        if let features = data.features { lines.append("features = \(features.tomlList)") }
        if data.targetScaling == nil { lines.append("target_scale = \(data.targetScale)") }
        lines += [
            "standardize = \(data.standardize)",
            "test_fraction = \(data.testFraction)", "validation_fraction = \(data.validationFraction)",
            "missing = \(quoted(data.missing.rawValue))",
        ]
        return lines + roleLines + deriveLines
    }

    /// What is said beside automatic roles; a table of its own, which follows all keys, where some columns are named.
    private var roleLines: [String] {
        guard let roles = data.roles else { return [] }
        var lines: [String] = []
        if let task = data.task { lines.append("task = \(quoted(task.rawValue))") }
        if let scaling = data.scaling { lines.append("scaling = \(quoted(scaling.rawValue))") }
        if let scaling = data.targetScaling { lines.append("target_scaling = \(quoted(scaling.rawValue))") }
        if let stratify = data.stratify { lines.append("stratify = \(stratify)") }
        if let pieces = data.pieces { lines.append("pieces = \(pieces)") }
        if let split = data.split { lines.append("split = \(quoted(split.text))") }
        guard !roles.overrides.isEmpty else { return lines + ["roles = \"automatic\""] }
        lines += ["", "[data.roles]"]
        for (name, role) in roles.overrides.sorted(by: { $0.key < $1.key }) {
            lines.append("\(quoted(name)) = \(quoted(role.rawValue))")
        }
        return lines
    }

    private var deriveLines: [String] {
        guard !data.derive.isEmpty else { return [] }
        var lines = ["", "[data.derive]"]
        for column in data.derive {
            let (above, below) = (column.numerator, column.denominator)
            let short = "\(above) / \(below)"
            let isShort = short.ratio.map { $0 == (above, below) } ?? false
            let long = "{ numerator = \(quoted(above)), denominator = \(quoted(below)) }"
            lines.append("\(quoted(column.name)) = \(isShort ? quoted(short) : long)")
        }
        return lines
    }

    private var modelLines: [String] {
        var lines = [
            "[model]", "loss = \(lossText)",
            "metrics = \(job.metrics.map { type(of: $0).name }.tomlList)",
        ]
        for layer in job.model.layers {
            lines += [
                "", "[[model.layers]]", "units = \(layer.units)",
                "activation = \(quoted(type(of: layer.activation).name))",
                "kernel_initializer = \(quoted(type(of: layer.kernelInitializer).name))",
                "bias_initializer = \(quoted(type(of: layer.biasInitializer).name))",
                "kernel_regularizer = { l1 = \(layer.kernelRegularizer.l1), l2 = \(layer.kernelRegularizer.l2) }",
            ]
            switch layer.kernelConstraint {
            case .none: break
            case .maxNorm(let norm): lines.append("kernel_constraint = { max_norm = \(norm) }")
            case .nonNegative: lines.append("kernel_constraint = \"non_neg\"")
            case .unitNorm: lines.append("kernel_constraint = \"unit_norm\"")
            }
            lines.append("dropout = \(layer.dropout)")
        }
        return lines
    }

    var lossText: String {
        let name = quoted(type(of: job.loss).name)
        let usual = type(of: job.loss).init()
        let settings = settingLines(
            job.loss.settingDescriptions.filter { usual.value(of: $0.name) != job.loss.value(of: $0.name) }
        ) {
            job.loss.value(of: $0)
        }
        return settings.isEmpty ? name : "{ name = \(name), \(settings.joined(separator: ", ")) }"
    }

    private var optimizerLines: [String] {
        var lines = ["[optimizer]", "name = \(quoted(type(of: job.optimizer).name))"]
        lines += settingLines(job.optimizer.settingDescriptions) { job.optimizer.value(of: $0) }
        switch job.clipping {
        case .none: break
        case .value(let value): lines.append("clipvalue = \(value)")
        case .norm(let norm): lines.append("clipnorm = \(norm)")
        case .globalNorm(let norm): lines.append("global_clipnorm = \(norm)")
        }
        lines += ["", "[optimizer.schedule]", "name = \(quoted(type(of: job.schedule).name))"]
        lines += settingLines(job.schedule.settingDescriptions) { job.schedule.value(of: $0) }
        for list in job.schedule.listDescriptions {
            let values = (job.schedule.list(of: list.name) ?? []).map { "\($0)" }
            lines.append("\(list.name) = [\(values.joined(separator: ", "))]")
        }
        return lines
    }

    private func settingLines(_ settings: [SettingDescription], _ value: (String) -> Double?) -> [String] {
        settings.compactMap { setting in
            value(setting.name).map { "\(setting.name) = \(setting.isFlag ? "\($0 != 0)" : "\($0)")" }
        }
    }

    private var runLines: [String] {
        var lines = [
            "[training]", "epochs = \(job.epochs)", "batch_size = \(job.batchSize)",
            "sampling = \(quoted(job.sampling.rawValue))", "guard = \(quoted(onDivergence.rawValue))",
        ]
        if refit { lines.append("refit = true") }
        if let rule = job.earlyStopping {
            lines += [
                "", "[training.early_stopping]", "patience = \(rule.patience)", "min_delta = \(rule.minDelta)",
                "start_from_epoch = \(rule.startFromEpoch)", "restore_best_weights = \(rule.restoreBestWeights)",
            ]
        }
        return lines + ["", "[dashboard]"] + (dashboard.theme.map { ["theme = \(quoted($0))"] } ?? [])
            + ["pace = \(dashboard.pace)"] + (dashboard.historyMemory.map { ["history_memory = \($0)"] } ?? [])
    }
}

extension [String] {
    fileprivate var tomlList: String { "[" + map(quoted).joined(separator: ", ") + "]" }
}
