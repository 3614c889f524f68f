import JobFile
import TrainCore

// The step, the edits and the loop.
extension KerasScript {
    /// Whether the compiled step is replaced on the way.
    private var recompiles: Bool { edits.changes.contains { $0.name == "optimizer" || edits.isCompiledIn($0.name) } }

    /// Whether epochs differ in length, or not all of them are whole.
    private var countsRows: Bool {
        edits.change("batch_size") || edits.change("epochs") || edits.lastStep != nil
    }

    /// Whether the loop counts steps through all epochs.
    private var countsSteps: Bool { !edits.changes.isEmpty || edits.lastStep != nil || setsRate || bestStep != nil }

    // MARK: The step

    var step: [String] {
        var lines = [""]
        if !recompiles {
            lines.append(edits.change("batch_size") ? "@tf.function(reduce_retracing=True)" : "@tf.function")
        }
        lines += [
            "def train_step(X_batch, y_batch):",
            "    with tf.GradientTape() as tape:",
            "        y_pred = model(X_batch, training=True)",
            "        main_loss = loss_fn(y_batch, y_pred)",
            "        loss = tf.add_n([main_loss] + model.losses)",
            "    gradients = tape.gradient(loss, model.trainable_variables)",
        ]
        if job.model.layers.contains(where: { $0.kernelConstraint != .none }) {
            lines.append("    # This enforces the constraints, too.")
        }
        lines += [
            "    optimizer.apply_gradients(zip(gradients, model.trainable_variables))",
            "    mean_loss(loss)",
            "    for metric in metrics:",
            "        metric(y_batch, y_pred)",
        ]
        if recompiles {
            lines += [
                "", "",
                "take_step = tf.function(train_step)  # made anew where an edit changes what is compiled into it",
            ]
        }
        if job.sampling == .random {
            lines += [
                "", "",
                "def random_batch(epoch, step):",
                "    \"\"\"The rows of a batch, drawn with replacement; steps count from 0 in each epoch.\"\"\"",
                "    words = philox(BATCHES, -(-batch_size // 4), c1=step, c2=epoch).ravel()[:batch_size]",
                "    return words * len(X_train) >> 32",
            ]
        }
        return lines + [
            "", "",
            "def print_epoch(epoch):",
            "    values = [f\"{metric.name}: {metric.result():.4f}\" for metric in [mean_loss] + metrics]",
            "    print(f\"{epoch}/{epochs} - \" + \" - \".join(values))",
            "    for metric in [mean_loss] + metrics:",
            "        metric.reset_state()",
        ]
    }

    // MARK: The edits

    var changes: [String] {
        guard !edits.changes.isEmpty else { return [] }
        var globals: [String] = []
        if edits.change("batch_size") { globals.append("batch_size") }
        if edits.change("epochs") { globals.append("epochs") }
        if setsRate, edits.change("learning_rate") { globals.append("learning_rate") }
        if edits.changesOptimizer { globals.append("optimizer") }
        if recompiles { globals.append("take_step") }
        var lines = [
            "", "def make_edits(step):", "    \"\"\"What was changed by hand after so many steps.\"\"\"",
        ]
        if !globals.isEmpty { lines.append("    global \(globals.joined(separator: ", "))") }
        var last = -1
        for change in edits.changes where change.over == 0 {
            if change.step != last { lines.append("    if step == \(change.step):") }
            last = change.step
            lines += made(change).map { "        " + $0 }
        }
        // A step of a ramp comes after what was changed at once, as it does in the run.
        for change in edits.changes where change.over > 0 && change.end > change.step { lines += ramp(change) }
        return lines
    }

    /// A change at once.
    private func made(_ change: ScriptEdits.Change) -> [String] {
        let race = change.isFromRace ? "; a race's branch" : ""
        guard change.name == "optimizer" else {
            let value = python(change.new, of: change.name)
            let note = "  # until then \(python(change.old, of: change.name))\(race)"
            let lines = [assignment(of: value, to: change.name) + note]
            return edits.isCompiledIn(change.name) ? lines + [Self.recompiled] : lines
        }
        let name = Catalogue.optimizers[Int(change.old)].name
        let momentum = edits.momentum(inPeriod: change.period, of: change.optimizer)
        let rate = Python.number(change.optimizer.learningRate)
        var lines = ["# Until then \(name)\(race). The new one begins with no memory."]
        lines.append("optimizer = " + construct(change.optimizer, learningRate: rate, momentum: momentum))
        lines.append("optimizer.build(model.trainable_variables)")
        if momentum != nil { lines.append(Self.noMomentumYet) }
        return lines + [Self.recompiled]
    }

    static let noMomentumYet = "optimizer.momentum = 0.0  # until it is changed; Keras has made room for velocities"
    private static let recompiled = "take_step = tf.function(train_step)"

    /// A change from step to step.
    private func ramp(_ change: ScriptEdits.Change) -> [String] {
        let (old, new) = (Python.number(change.old), Python.number(change.new))
        let share = change.step == 1 ? "step" : "(step - \(change.step - 1))"
        let share0 = change.step == 0 ? "(step + 1)" : share
        let value =
            change.old > 0 && change.new > 0
            ? "\(old) * (\(new) / \(old)) ** (\(share0) / \(change.over))"
            : "\(old) + (\(new) - \(old)) * \(share0) / \(change.over)"
        let isWhole = change.name == "batch_size"
        var lines = [
            "    if \(change.step) <= step < \(change.end):  # from \(python(change.old, of: change.name)) to "
                + "\(python(change.new, of: change.name)) in \(change.over) steps",
            "        " + assignment(of: isWhole ? "round(\(value))" : value, to: change.name),
        ]
        if edits.isCompiledIn(change.name) { lines.append("        " + Self.recompiled) }
        return lines
    }

    private func assignment(of value: String, to name: String) -> String {
        switch name {
        case "batch_size", "epochs": return "\(name) = \(value)"
        case "learning_rate": return setsRate ? "learning_rate = \(value)" : "optimizer.learning_rate = \(value)"
        default:
            let parts = name.split(separator: ".")
            return parts.count == 3 ? "\(parts[2])_\(parts[1]).assign(\(value))" : "optimizer.\(name) = \(value)"
        }
    }

    private func python(_ value: Double, of name: String) -> String {
        switch name {
        case "batch_size", "epochs": "\(Int(value))"
        case "nesterov": value == 0 ? "False" : "True"
        default: Python.number(value)
        }
    }

    // MARK: The loop

    var loop: [String] {
        var lines = ["", "epochs = \(job.epochs)", "batch_size = \(job.batchSize)"]
        if setsRate, edits.change("learning_rate") {
            lines.append("learning_rate = \(Python.number(job.optimizer.learningRate))")
        }
        if countsSteps { lines.append("step = 0") }
        if let bestStep {
            lines.append("best_step = \(bestStep)  # the validation loss was lowest after it")
            if bestStep == 0 { lines.append("best_weights = model.get_weights()") }
        }
        let editsFirst = edits.changes.contains { $0.step == 0 }
        if editsFirst { lines.append("make_edits(step)") }
        if countsRows {
            lines += edits.lastStep.map { ["last_step = \($0)  # the run was ended there"] } ?? []
            let more = edits.lastStep == nil ? "" : " and step < last_step"
            lines += [
                "epoch = 0",
                edits.lastStep == nil ? "while epoch < epochs:" : "while step < last_step:",
                "    epoch += 1",
                "    rows_seen = 0",
            ]
            if job.sampling == .random { lines.append("    step_in_epoch = 0") }
            lines += order + ["    while rows_seen + batch_size <= len(X_train)\(more):"]
        } else {
            lines.append("for epoch in range(1, epochs + 1):")
            lines += order + ["    for step_in_epoch in range(len(X_train) // batch_size):"]
        }
        lines += batch.map { "        " + $0 }
        lines.append("    print_epoch(epoch)")
        return bestStep == nil ? lines : lines + ["model.set_weights(best_weights)"]
    }

    private var order: [String] {
        job.sampling == .shuffle ? ["    order = permutation(BATCHES, len(X_train), epoch)"] : []
    }

    private var batch: [String] {
        let first = countsRows ? "rows_seen" : "first"
        var lines: [String] = []
        switch job.sampling {
        case .random: lines.append("batch = random_batch(epoch, step_in_epoch)")
        case .shuffle, .sequential:
            if !countsRows { lines.append("first = step_in_epoch * batch_size") }
            let range = "\(first):\(first) + batch_size"
            lines.append(
                job.sampling == .shuffle ? "batch = order[\(range)]" : "batch = slice(\(first), \(first) + batch_size)")
        }
        if setsRate { lines.append("optimizer.learning_rate = \(rateOfStep)") }
        lines.append("\(recompiles ? "take_step" : "train_step")(X_train[batch], y_train[batch])")
        if countsRows {
            lines.append("rows_seen += batch_size")
            if job.sampling == .random { lines.append("step_in_epoch += 1") }
        }
        if countsSteps { lines.append("step += 1") }
        if let bestStep, bestStep > 0 { lines += ["if step == best_step:", "    best_weights = model.get_weights()"] }
        if !edits.changes.isEmpty { lines.append("make_edits(step)") }
        return lines
    }
}
