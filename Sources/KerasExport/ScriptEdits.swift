import TrainCore
import TrainProtocol
import Wording

/// The edits in force where a run ended, made ready to be written as Python; nothing of what was undone or left.
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
        /// Whether it came with the branch of a race.
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
    /// How many edits are in force.
    let count: Int
    /// How many were made and are not in force.
    let leftOut: Int
    /// How often the run went elsewhere: back, or to another branch.
    let moves: Int
    private let job: TrainingJob
    private let rows: Int

    /// - Parameter entries: nil for a run that nobody touched.
    init(_ entries: [JournalEntry]?, job: TrainingJob, rows: Int) throws(KerasExportError) {
        self.job = job
        self.rows = rows
        guard (1...max(1, rows)).contains(job.batchSize) else {
            throw KerasExportError("the batch size is \(job.batchSize), but there are only \(rows) rows to train on")
        }
        let (timeline, editsOfRaces) = try Self.follow(entries ?? [])
        let edits = timeline.lineage.edits
        (count, leftOut, moves) = (edits.count, timeline.editsMade - edits.count, timeline.moves)
        var values = Values(job, rows: rows)
        for edit in edits {
            let (step, over) = (edit.step, edit.over)
            let old = try values.value(of: edit.name, at: step)
            let new = try values.checkedNumber(of: edit)
            // An edit begins where another one of that name ends.
            for index in changes.indices where changes[index].name == edit.name {
                changes[index].end = min(changes[index].end, step)
            }
            if edit.name == Values.optimizerName {
                let type = Catalogue.optimizers[Int(new)]
                try KerasNames.check(type.name, "optimizer", KerasNames.optimizers)
                guard values.begin(type, at: step) else { continue }
                for index in changes.indices where !values.has(changes[index].name) {
                    changes[index].end = min(changes[index].end, step)
                }
            } else {
                values.set(edit.name, from: old, to: new, at: step, over: over)
            }
            changes.append(
                Change(
                    name: edit.name, old: old, new: new, step: step, over: over, end: step + over,
                    isFromRace: editsOfRaces.contains(edit.number), optimizer: values.optimizer, period: values.period))
        }
        if entries != nil { lastStep = try isComplete(after: timeline.step) ? nil : timeline.step }
    }

    /// Goes through a journal without taking a step.
    ///
    /// - Returns: where the run stands at its end, and the numbers of the edits that came with the branch of a race.
    private static func follow(
        _ entries: [JournalEntry]
    ) throws(KerasExportError) -> (timeline: Timeline, editsOfRaces: Set<Int>) {
        var timeline = Timeline()
        var numbers: Set<Int> = []
        do throws(Timeline.Refusal) {
            for entry in entries {
                try timeline.apply(entry)
                if case .raceBegan = entry {
                    numbers.formUnion(timeline.race?.entrants.flatMap { $0.edits.compactMap(\.self) } ?? [])
                }
            }
        } catch {
            throw KerasExportError(error.description)
        }
        return (timeline, numbers)
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
    ///
    /// - Throws: ``KerasExportError`` where there are not so many steps.
    private func isComplete(after steps: Int) throws(KerasExportError) -> Bool {
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
                // By stretches of one batch size: a ramp can have more steps than anybody can count.
                let stop = min(change.end, steps)
                while step < stop {
                    batchSize = change.batchSize(ofStep: step + 1)
                    advance(to: change.lastStep(of: batchSize, from: step + 1, to: stop))
                }
            }
        }
        advance(to: steps)
        guard epoch <= epochs else {
            throw KerasExportError("all epochs are done, where the journal goes on to step \(steps)")
        }
        return epoch == epochs && rowsSeen + batchSize > rows
    }
}

extension ScriptEdits.Change {
    /// The batch size of a step of a ramp of batch sizes; steps count from 1.
    fileprivate func batchSize(ofStep number: Int) -> Int {
        let share = Double(number - step) / Double(over)
        return Int(Interpolation.value(from: old, to: new, at: share).rounded())
    }

    /// The last of the steps, up to `last`, that have the batch size of the first one. Sizes only rise, or only fall.
    fileprivate func lastStep(of size: Int, from first: Int, to last: Int) -> Int {
        var (has, hasNot) = (first, last + 1)
        while hasNot - has > 1 {
            let middle = has + (hasNot - has) / 2
            if batchSize(ofStep: middle) == size { has = middle } else { hasNot = middle }
        }
        return has
    }
}

/// The hyperparameters in force on the way through the edits.
private struct Values {
    static let optimizerName = Hyperparameter.Role.optimizer.rawValue

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
        name == Self.optimizerName || others[name] != nil || optimizer.value(of: name) != nil
    }

    /// The number that an edit leads to; of an optimizer, its place in the catalogue.
    ///
    /// - Throws: for what the trainer would not have done either.
    func checkedNumber(of edit: Edit) throws(KerasExportError) -> Double {
        let setting = optimizer.settingDescriptions.first { $0.name == edit.name }
        let range: NumberRange =
            switch edit.name {
            case "batch_size": .whole(from: 1, to: rows)
            case "epochs": .whole(from: 1, to: 1_000_000_000)
            case Self.optimizerName: .whole(from: 0, to: Catalogue.optimizers.count - 1)
            default: setting?.range ?? .notNegative
            }
        let number: Double
        switch edit.new {
        case .number(let new): number = new
        case .flag(let isOn) where setting?.isFlag == true: number = isOn ? 1 : 0
        case .choice(let name) where edit.name == Self.optimizerName:
            guard let index = Catalogue.optimizers.firstIndex(where: { $0.name == name }) else {
                let names = Catalogue.optimizers.map { $0.name }
                throw KerasExportError(
                    "step \(edit.step): there is no optimizer '\(visible(name))'; "
                        + hint(for: name, among: names, plural: "optimizers"))
            }
            number = Double(index)
        case .flag, .choice:
            throw KerasExportError("step \(edit.step): \(visible(edit.name)) must be a number")
        }
        if let objection = range.objection(to: number) {
            throw KerasExportError("step \(edit.step): \(visible(edit.name)) \(objection)")
        }
        let most = 1 << 53
        guard (0...most).contains(edit.over), (0...most).contains(edit.step) else {
            throw KerasExportError("step \(edit.step): an edit cannot take \(edit.over) steps")
        }
        let canRamp = edit.name != Self.optimizerName && edit.name != "epochs" && setting?.isFlag != true
        guard edit.over == 0 || canRamp else {
            throw KerasExportError("step \(edit.step): \(visible(edit.name)) cannot be changed step by step")
        }
        return number
    }

    /// The value after so many steps.
    func value(of name: String, at step: Int) throws(KerasExportError) -> Double {
        if name == Self.optimizerName {
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
