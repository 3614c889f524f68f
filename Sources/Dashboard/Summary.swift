package import Canvas
import RunModel
import TrainProtocol

/// What is printed on the normal screen after the dashboard closed.
public struct Summary: Sendable, Equatable, CustomStringConvertible {
    /// The lines, sanitised.
    package let lines: [SafeText]

    /// The summary of a run as the dashboard knew it.
    ///
    /// - Parameter glyphs: what the terminal can show.
    package init(_ state: DashboardState, glyphs: GlyphSet = .braille) {
        var lines: [String] = []
        func named(_ metrics: [RunDescription.Metric], _ values: [Double?]) -> [String] {
            zip(metrics, values).map { "\($0.name) \(NumberFormat.metric($1))" }
        }
        func add(_ label: String, _ text: String) {
            lines.append(label + String(repeating: " ", count: max(1, 12 - label.count)) + text)
        }
        let run = state.description
        let weights = run.weights.map { "\(NumberFormat.grouped($0)) weights" } ?? ""
        let seed = run.seed.map { "seed \($0)" } ?? ""
        add(run.title, [run.model, weights, state.optimizer, seed].filter { !$0.isEmpty }.joined(separator: " · "))
        if let progress = state.progress {
            let time = NumberFormat.duration(seconds: progress.trainingSeconds)
            var text = "\(NumberFormat.grouped(progress.step)) steps in \(time)"
            if let epoch = progress.epoch, let epochs = progress.epochs {
                let ended = progress.stepInEpoch == progress.stepsPerEpoch ? epoch : epoch - 1
                text = "\(ended) of \(epochs) epochs, " + text
            }
            if case .diverged(let divergence)? = state.runState { text += "; diverged: \(divergence.reason)" }
            add("trained", text)
            let values = ["mean loss \(NumberFormat.metric(progress.meanLoss))"] + named(run.metrics, progress.metrics)
            add(progress.epoch.map { "epoch \($0)" } ?? "now", values.joined(separator: "   "))
        }
        if let best = state.history.bestEvaluation {
            let epoch = state.history.epoch(endingAt: best.step).map { "epoch \($0)" } ?? "step \(best.step)"
            let values = ["loss \(NumberFormat.metric(best.loss))"] + named(run.metrics, best.metrics)
            add("validation", "best at \(epoch): " + values.joined(separator: "   "))
        }
        if let test = state.run.test {
            let values = ["loss \(NumberFormat.metric(test.loss))"] + named(run.metrics, test.metrics)
            let step = test.step < state.progress?.step ?? 0 ? "step \(NumberFormat.grouped(test.step)): " : ""
            add("test", step + values.joined(separator: "   "))
        }
        let edits = state.run.edits
        for (index, edit) in edits.suffix(Self.mostEdits).enumerated() {
            let words = state.words(of: edit)
            add(index == 0 ? "edits" : "", "@\(edit.step)  \(words.title) \(words.values)")
        }
        if edits.count > Self.mostEdits { add("", "and \(edits.count - Self.mostEdits) before these") }
        if let saved = state.run.saved {
            let isEarlier = saved.step < state.progress?.step ?? saved.step
            add("saved", saved.path + (isEarlier ? ", the weights of step \(NumberFormat.grouped(saved.step))" : ""))
        }
        self.lines = lines.map { line in
            SafeText(String(glyphs.text(line).description.map(glyphs.spelling)))
        }
    }

    /// The lines as one text, each ended.
    public var description: String { lines.map { "\($0)\n" }.joined() }

    /// More edits than this are counted and not listed.
    private static let mostEdits = 12
}
