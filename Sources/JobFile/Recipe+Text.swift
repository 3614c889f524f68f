import Tabular
import TrainCore

extension Recipe {
    /// The recipe as a job file that says everything, defaults too, and reads to an equal recipe.
    public var tomlText: String {
        let seed = job.seed <= UInt64(Int64.max) ? "\(job.seed)" : "\(job.seed)".tomlString
        return (["seed = \(seed)", ""] + dataLines + [""] + modelLines + [""] + optimizerLines + [""] + runLines)
            .joined(separator: "\n") + "\n"
    }

    private var dataLines: [String] {
        var lines = ["[data]"]
        switch data.source {
        case .builtin(let name): lines.append("builtin = \(name.tomlString)")
        case .path(let path): lines.append("path = \(path.tomlString)")
        }
        lines.append("target = \(data.targets.tomlList)")
        if let features = data.features { lines.append("features = \(features.tomlList)") }
        lines += [
            "target_scale = \(data.targetScale)", "standardize = \(data.standardize)",
            "test_fraction = \(data.testFraction)", "validation_fraction = \(data.validationFraction)",
            "missing = \(data.missing.rawValue.tomlString)",
        ]
        guard !data.derive.isEmpty else { return lines }
        lines += ["", "[data.derive]"]
        for column in data.derive {
            let (above, below) = (column.numerator, column.denominator)
            let short = "\(above) / \(below)"
            let isShort = short.ratio.map { $0 == (above, below) } ?? false
            let long = "{ numerator = \(above.tomlString), denominator = \(below.tomlString) }"
            lines.append("\(column.name.tomlString) = \(isShort ? short.tomlString : long)")
        }
        return lines
    }

    private var modelLines: [String] {
        var lines = [
            "[model]", "loss = \(type(of: job.loss).name.tomlString)",
            "metrics = \(job.metrics.map { type(of: $0).name }.tomlList)",
        ]
        for layer in job.model.layers {
            lines += [
                "", "[[model.layers]]", "units = \(layer.units)",
                "activation = \(type(of: layer.activation).name.tomlString)",
                "kernel_initializer = \(type(of: layer.kernelInitializer).name.tomlString)",
                "bias_initializer = \(type(of: layer.biasInitializer).name.tomlString)",
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

    private var optimizerLines: [String] {
        var lines = ["[optimizer]", "name = \(type(of: job.optimizer).name.tomlString)"]
        lines += settingLines(job.optimizer.settingDescriptions) { job.optimizer.value(of: $0) }
        switch job.clipping {
        case .none: break
        case .value(let value): lines.append("clipvalue = \(value)")
        case .norm(let norm): lines.append("clipnorm = \(norm)")
        case .globalNorm(let norm): lines.append("global_clipnorm = \(norm)")
        }
        lines += ["", "[optimizer.schedule]", "name = \(type(of: job.schedule).name.tomlString)"]
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
        [
            "[training]", "epochs = \(job.epochs)", "batch_size = \(job.batchSize)",
            "sampling = \(job.sampling.rawValue.tomlString)",
            "guard = \(onDivergence.rawValue.tomlString)", "", "[dashboard]",
            "theme = \(dashboard.theme.tomlString)", "pace = \(dashboard.pace)",
            "history_memory = \(dashboard.historyMemory)",
        ]
    }
}

extension String {
    /// As a TOML basic string.
    fileprivate var tomlString: String {
        var result = "\""
        for scalar in unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            default:
                if scalar.value < 0x20 || scalar.value == 0x7F {
                    let digits = String(scalar.value, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }
}

extension [String] {
    fileprivate var tomlList: String { "[" + map(\.tomlString).joined(separator: ", ") + "]" }
}
