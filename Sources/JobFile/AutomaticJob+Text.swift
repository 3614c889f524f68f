import Tabular
import TrainCore
import Wording

extension AutomaticJob {
    /// The job as a job file with the reason for each choice, for a person to go on from. It trains to the same bits.
    ///
    /// - Parameter path: the table's path as the file is to have it.
    package func text(path: String) -> String {
        let sections = [opening, data(path: path), roleLines, model, optimizer, training, dashboard]
        return sections.map { $0.map(\.text).joined(separator: "\n") + "\n" }.joined(separator: "\n")
    }

    /// A line of the file with what stands beside it.
    private struct Line {
        let content: String
        let comment: String

        init(_ content: String, _ comment: String = "") { (self.content, self.comment) = (content, comment) }

        var text: String {
            guard !comment.isEmpty else { return content }
            return content + String(repeating: " ", count: max(2, 44 - content.count)) + "# " + comment
        }
    }

    private var job: TrainingJob { recipe.job }

    private var opening: [Line] {
        [
            Line("# A training job, chosen by what the table holds. All that a job can say: traintui init"), Line(""),
            Line("seed = \(quotedSeed)", "names the run: the same job and seed give the same numbers"),
        ]
    }

    private var quotedSeed: String { job.seed <= UInt64(Int64.max) ? "\(job.seed)" : quoted("\(job.seed)") }

    private func data(path: String) -> [Line] {
        let data = recipe.data
        let areClasses = survey.task == .classification
        var lines = [
            Line("[data]"), Line("path = \(quoted(path))", count(survey.rows, "row")),
            Line("target = [\(data.targets.map(quoted).joined(separator: ", "))]"),
        ]
        if let task = survey.task { lines.append(Line("task = \(quoted(task.rawValue))", survey.taskReason)) }
        if let features = data.features {
            lines.append(Line("features = [\(features.map(quoted).joined(separator: ", "))]"))
        }
        lines.append(
            Line("missing = \(quoted(data.missing.rawValue))", "what takes the place of a number that is missing"))
        if let scaling = data.scaling {
            lines.append(
                Line(
                    "scaling = \(quoted(scaling.rawValue))",
                    "median 0, distance of the quartiles 1, far values pulled in"))
        }
        if let pieces = data.pieces {
            lines.append(Line("pieces = \(pieces)", "numbers are given in pieces between their quantiles too"))
        }
        if let scaling = data.targetScaling {
            let note = areClasses ? "not of classes" : "learned as (y - mean) / deviation; metrics are in its own unit"
            lines.append(Line("target_scaling = \(quoted(scaling.rawValue))", note))
        }
        if let split = data.split { lines.append(Line("split = \(quoted(split.text))")) }
        lines.append(Line("test_fraction = \(data.testFraction)", "of all rows: scored once, at the end"))
        lines.append(Line("validation_fraction = \(data.validationFraction)", "of the others: scored after each epoch"))
        return lines
    }

    /// Every column with what it is taken for.
    private var roleLines: [Line] {
        let roles = recipe.data.roles?.overrides ?? [:]
        let columns = survey.columns.filter { roles[$0.name] != nil }
        return [Line("[data.roles]", "a column that is not here is judged by its cells")]
            + columns.map { column in
                let why = column.role.isUsed ? column.reason : "\(column.role.title): \(column.reason)"
                return Line("\(quoted(column.name)) = \(quoted(roles[column.name]?.rawValue ?? ""))", why)
            }
    }

    private var model: [Line] {
        var lines = [Line("[model]")]
        if survey.task == .classification {
            lines.append(Line("loss = \(lossText)", "smoothed labels keep it from being too sure"))
        } else {
            lines.append(Line("loss = \(lossText)"))
        }
        lines.append(Line("metrics = [\(job.metrics.map { quoted(type(of: $0).name) }.joined(separator: ", "))]"))
        for (index, layer) in job.model.layers.enumerated() {
            let isLast = index == job.model.layers.count - 1
            lines += [Line(""), Line("[[model.layers]]")]
            lines.append(Line("units = \(layer.units)", isLast ? outputs : ""))
            if !(layer.activation is Linear) {
                lines.append(Line("activation = \(quoted(type(of: layer.activation).name))"))
            }
            if layer.dropout > 0 {
                lines.append(Line("dropout = \(layer.dropout)", "this share of the outputs is dropped while training"))
            }
        }
        return lines
    }

    private var outputs: String { survey.task == .classification ? "one for each class" : "one for each target" }

    private var optimizer: [Line] {
        [
            Line("[optimizer]"), Line("name = \(quoted(type(of: job.optimizer).name))"),
            Line("learning_rate = \(job.optimizer.learningRate)", "higher for larger tables"),
        ]
            + ["beta_2", "weight_decay"].compactMap { name in
                job.optimizer.value(of: name).map { Line("\(name) = \($0)") }
            }
            + [Line(""), Line("[optimizer.schedule]", "up in a tenth of the steps, then down to nothing")]
            + [Line("name = \(quoted(type(of: job.schedule).name))")]
            + job.schedule.settingDescriptions.compactMap { setting in
                job.schedule.value(of: setting.name).map { value in
                    let isWhole = value == value.rounded() && abs(value) < 1e15 && setting.name.hasSuffix("steps")
                    return Line("\(setting.name) = \(isWhole ? "\(Int(value))" : "\(value)")")
                }
            }
    }

    private var training: [Line] {
        var lines = [
            Line("[training]"), Line("epochs = \(job.epochs)", "the schedule's steps belong to them"),
            Line("batch_size = \(job.batchSize)", "a power of two near a 32nd of the rows"),
            Line("sampling = \(quoted(job.sampling.rawValue))", "every row once an epoch"),
            Line("guard = \(quoted(recipe.onDivergence.rawValue))", "back some steps if the loss runs away"),
        ]
        if recipe.refit { lines.append(Line("refit = true", "in the end, again with the validation rows")) }
        return lines
    }

    private var dashboard: [Line] {
        [
            Line("[dashboard]"),
            Line(
                "pace = \(recipe.dashboard.pace)",
                "steps a second to watch by: about 20 s in all; 0 is as fast as it goes"),
        ]
    }

    private var lossText: String { recipe.lossText }

    private func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}
