internal import TrainCore
internal import Wording

/// A way's edits, made ready to be written as Python.
struct ScriptEdits {
    /// A hyperparameter that gets another value, at once or from step to step.
    struct Change {
        let name: String
        /// The value until then.
        let old: Double
        let new: Double
        /// The steps taken before it.
        let step: Int
        /// The steps that it takes to get to `new`, 0 for a change at once.
        let over: Int
        /// The first step of the run that it has no part in.
        var end: Int
        let isFromRace: Bool
        /// The optimizer in force from then on.
        let optimizer: any Optimizer
        /// The period of that optimizer: 0 for the job's own, and one more with each change of the optimizer.
        let period: Int
    }

    /// The changes, in order.
    private(set) var changes: [Change] = []
    /// The step at which the run was ended, nil where all epochs are complete there.
    private(set) var lastStep: Int?
    private let job: TrainingJob
    private let rows: Int

    init(_ way: FinalWay, job: TrainingJob, rows: Int) throws(KerasExportError) {
        self.job = job
        self.rows = rows
        var values = Values(job, rows: rows)
        for edit in way.edits {
            let old = try values.value(of: edit.name, at: edit.step)
            try values.check(edit)
            // An edit begins where another one of that name ends.
            for index in changes.indices where changes[index].name == edit.name {
                changes[index].end = min(changes[index].end, edit.step)
            }
            let (step, over) = (edit.step, edit.over)
            let isOptimizer = edit.name == "optimizer"
            if isOptimizer {
                guard values.begin(Catalogue.optimizers[Int(edit.new)], at: step) else { continue }
                for index in changes.indices where !values.has(changes[index].name) {
                    changes[index].end = min(changes[index].end, step)
                }
            } else {
                values.set(edit.name, from: old, to: edit.new, at: step, over: over)
            }
            changes.append(
                Change(
                    name: edit.name, old: old, new: edit.new, step: step, over: over, end: step + over,
                    isFromRace: edit.isFromRace, optimizer: values.optimizer, period: values.period))
        }
        if let steps = way.steps { lastStep = isComplete(after: steps) ? nil : steps }
    }

    /// Whether there is a change of this.
    func change(_ name: String) -> Bool { changes.contains { $0.name == name } }

    /// Whether the optimizer is another one at the end.
    var changesOptimizer: Bool { change("optimizer") }

    /// Whether the step must be compiled again when this changes: Keras reads it as a plain number.
    func isCompiledIn(_ name: String) -> Bool {
        !["learning_rate", "batch_size", "epochs", "optimizer"].contains(name) && !name.hasPrefix("layers.")
    }

    /// The names in Python of the penalties that change, with the values that they begin with.
    var penalties: [(name: String, value: Double)] {
        job.model.layers.enumerated().flatMap { index, layer in
            [("l1", layer.kernelRegularizer.l1), ("l2", layer.kernelRegularizer.l2)]
                .filter { change("layers.\(index).\($0.0)") }.map { ("\($0.0)_\(index)", $0.1) }
        }
    }

    /// A momentum that the optimizer of a period gets to begin with instead of 0; nil where it need not. Keras makes
    /// room for velocities only where there is a momentum at the start.
    func momentum(inPeriod period: Int, of optimizer: any Optimizer) -> Double? {
        guard optimizer.value(of: "momentum") == 0 else { return nil }
        return changes.first { $0.period == period && $0.name == "momentum" && $0.new > 0 }?.new
    }

    // MARK: How far it goes

    /// Whether all epochs are complete after so many steps, and not before.
    private func isComplete(after steps: Int) -> Bool {
        var (epoch, rowsSeen, step, batchSize, epochs) = (0, rows, 0, job.batchSize, job.epochs)
        /// Takes steps of the batch size in force; an epoch begins where the one before has no room for another batch.
        func advance(to target: Int) {
            guard target > step else { return }
            var left = target - step
            step = target
            let inThisEpoch = epoch == 0 ? 0 : min(left, max(0, (rows - rowsSeen) / batchSize))
            rowsSeen += inThisEpoch * batchSize
            left -= inThisEpoch
            guard left > 0 else { return }
            let whole = (left - 1) / (rows / batchSize)
            epoch += 1 + whole
            rowsSeen = (left - whole * (rows / batchSize)) * batchSize
        }
        for change in changes where change.step <= steps {
            advance(to: change.step)
            if change.name == "epochs" { epochs = Int(change.new) }
            if change.name == "batch_size", change.over == 0 { batchSize = Int(change.new) }
            if change.name == "batch_size", change.over > 0 {
                for next in change.step..<min(change.end, steps) {
                    let share = Double(next + 1 - change.step) / Double(change.over)
                    batchSize = Int(Interpolation.value(from: change.old, to: change.new, at: share).rounded())
                    advance(to: next + 1)
                }
            }
        }
        advance(to: steps)
        return epoch == epochs && rowsSeen + batchSize > rows
    }
}

/// The hyperparameters in force on the way through the edits.
private struct Values {
    private(set) var optimizer: any Optimizer
    private(set) var period = 0
    private let job: TrainingJob
    private let rows: Int
    /// The values that are no optimizer's.
    private var others: [String: Double]
    private var ramps: [String: (from: Double, to: Double, step: Int, over: Int)] = [:]

    init(_ job: TrainingJob, rows: Int) {
        self.job = job
        self.rows = rows
        optimizer = job.optimizer
        others = ["batch_size": Double(job.batchSize), "epochs": Double(job.epochs)]
        for (index, layer) in job.model.layers.enumerated() {
            others["layers.\(index).l1"] = layer.kernelRegularizer.l1
            others["layers.\(index).l2"] = layer.kernelRegularizer.l2
        }
    }

    func has(_ name: String) -> Bool {
        name == "optimizer" || others[name] != nil || optimizer.value(of: name) != nil
    }

    /// Throws for what the trainer would not have done either.
    func check(_ edit: FinalWay.Edit) throws(KerasExportError) {
        let range: NumberRange =
            switch edit.name {
            case "batch_size": .whole(from: 1, to: rows)
            case "epochs": .whole(from: 1, to: 1_000_000_000)
            case "optimizer": .whole(from: 0, to: Catalogue.optimizers.count - 1)
            default: optimizer.settingDescriptions.first { $0.name == edit.name }?.range ?? .notNegative
            }
        if let objection = range.objection(to: edit.new) {
            throw KerasExportError("step \(edit.step): \(visible(edit.name)) \(objection)")
        }
        guard edit.over >= 0, edit.step >= 0, edit.step + edit.over < 1 << 54 else {
            throw KerasExportError("step \(edit.step): an edit cannot take \(edit.over) steps")
        }
    }

    /// The value after so many steps.
    func value(of name: String, at step: Int) throws(KerasExportError) -> Double {
        if name == "optimizer" {
            return Double(Catalogue.optimizers.firstIndex { $0 == type(of: optimizer) } ?? 0)
        }
        guard has(name) else {
            throw KerasExportError(
                "step \(step): \(type(of: optimizer).name) has no hyperparameter '\(visible(name))' to change")
        }
        return number(name, at: step)
    }

    private func number(_ name: String, at step: Int) -> Double {
        let value = others[name] ?? optimizer.value(of: name) ?? 0
        guard let ramp = ramps[name], ramp.over > 0, step > ramp.step else { return value }
        let reached = Interpolation.value(
            from: ramp.from, to: ramp.to, at: Double(step - ramp.step) / Double(ramp.over))
        return name == "batch_size" ? reached.rounded() : reached
    }

    mutating func set(_ name: String, from old: Double, to new: Double, at step: Int, over: Int) {
        ramps[name] = over > 0 ? (old, new, step, over) : nil
        // On a ramp the value is what it was until the next step.
        let value = over > 0 ? old : new
        if others[name] != nil { others[name] = value } else { optimizer.set(name, to: value) }
    }

    /// Another optimizer goes on with the learning rate in force; false where it is the same one.
    mutating func begin(_ type: any Optimizer.Type, at step: Int) -> Bool {
        guard type != Swift.type(of: optimizer) else { return false }
        let rate = number("learning_rate", at: step)
        optimizer = type == Swift.type(of: job.optimizer) ? job.optimizer : type.init()
        optimizer.learningRate = rate
        ramps = ramps.filter { has($0.key) }
        period += 1
        return true
    }
}
