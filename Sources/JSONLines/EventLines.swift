package import TrainProtocol

/// What is told of a run while it goes on, as JSON lines for other programs, with a journal's words and keys where a
/// journal has them.
///
/// ```
/// {"event":"start","epochs":5,"steps_per_epoch":343,…}
/// {"event":"epoch","step":343,"epoch":1,"mean_loss":1.18,"learning_rate":0.01,"metrics":{"mean_absolute_error":0.68}}
/// {"event":"edit","step":700,"number":1,"name":"optimizer","old":"nadam","new":"adam"}
/// {"event":"done"}
/// ```
///
/// What is not known is left out; a number that is not finite, such as the loss of a run that diverged, is null.
package struct EventLines: Sendable {
    private let run: RunDescription
    /// The epoch that ended last: a validation belongs to it.
    private var epoch = 1

    /// The lines of a run.
    package init(_ run: RunDescription) { self.run = run }

    /// The first line.
    package func start(_ progress: Progress) -> String {
        var line = LineWriter(event: "start")
        line.add("epochs", ifKnown: progress.epochs)
        line.add("steps_per_epoch", ifKnown: progress.stepsPerEpoch)
        line.add("rows", ifKnown: progress.rows)
        line.add("weights", ifKnown: run.weights)
        line.add("model", run.model)
        line.add("optimizer", run.optimizer)
        line.add("seed", ifKnown: run.seed)
        if let rate = progress.learningRate { line.add("learning_rate", rate) }
        return line.text
    }

    /// An event as a line, without its end; nil for one that is not told.
    package mutating func line(_ event: Event) -> String? {
        switch event {
        case .epochEnded(let report):
            epoch = report.epoch
            var line = LineWriter(event: "epoch")
            line.add("step", report.step)
            line.add("epoch", report.epoch)
            line.add("mean_loss", report.meanLoss)
            if let rate = report.learningRate { line.add("learning_rate", rate) }
            line.add("metrics", metrics(report.metrics))
            return line.text
        case .evaluated(let evaluation):
            var line = LineWriter(event: "validation")
            line.add("step", evaluation.step)
            line.add("epoch", epoch)
            line.add("loss", evaluation.loss)
            line.add("metrics", metrics(evaluation.metrics))
            return line.text
        case .moved(let move):
            var line = LineWriter(event: "moved")
            line.add("step", move.step)
            line.add("cause", move.cause.word)
            line.add("branch", move.branch.number)
            if case .divergence(let reason) = move.cause { line.add("reason", reason) }
            return line.text
        case .edited(let edit):
            var line = LineWriter(event: "edit")
            line.add(edit)
            return line.text
        case .refitting(let rows):
            var line = LineWriter(event: "refit")
            line.add("rows", rows)
            return line.text
        case .tested(let evaluation):
            var line = LineWriter(event: "test")
            line.add("step", evaluation.step)
            line.add("loss", evaluation.loss)
            line.add("metrics", metrics(evaluation.metrics))
            return line.text
        case .saved(let path, let step):
            var line = LineWriter(event: "saved")
            line.add("path", path)
            line.add("step", step)
            return line.text
        case .wentOn(let back):
            var line = LineWriter(event: "resumed")
            line.add("step", back.step)
            line.add("steps_again", back.stepsAgain)
            return line.text
        case .notice(let text):
            var line = LineWriter(event: "notice")
            line.add("reason", text)
            return line.text
        case .applied, .refused, .described, .capabilities, .resumed, .hyperparameters, .branched, .lineage, .planned,
            .unplanned,
            .twin, .race, .learningRatesTested, .watching, .hit, .state:
            return nil
        }
    }

    /// The last line.
    package func end(_ state: RunState, _ progress: Progress) -> String {
        guard case .diverged(let divergence) = state else { return LineWriter(event: "done").text }
        var line = LineWriter(event: "diverged")
        line.add("step", divergence.step)
        line.add("epoch", ifKnown: progress.epoch)
        line.add("reason", divergence.reason)
        return line.text
    }

    /// The last line of a run that a signal ended, by its name without SIG.
    package func end(bySignal name: String, _ progress: Progress) -> String {
        var line = LineWriter(event: "ended")
        line.add("step", progress.step)
        line.add("epoch", ifKnown: progress.epoch)
        line.add("reason", "SIG\(name)")
        return line.text
    }

    private func metrics(_ values: [Double]) -> LineWriter {
        var object = LineWriter()
        for (metric, value) in zip(run.metrics, values) { object.add(metric.name, value) }
        return object
    }
}

extension LineWriter {
    fileprivate mutating func add(_ key: String, ifKnown value: (some BinaryInteger)?) {
        if let value { add(key, value) }
    }
}

extension Move.Cause {
    /// The journal's word for it; it has none for an adoption, which ends a race there.
    fileprivate var word: String {
        switch self {
        case .undo: JournalEntry.Cause.undo.rawValue
        case .redo: JournalEntry.Cause.redo.rawValue
        case .step: JournalEntry.Cause.step.rawValue
        case .best: JournalEntry.Cause.best.rawValue
        case .branch: JournalEntry.Cause.branch.rawValue
        case .divergence: JournalEntry.Cause.divergence.rawValue
        case .adoption: "adoption"
        }
    }
}
