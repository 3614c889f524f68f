public import Canvas
import TrainEngine

/// What is printed on the normal screen after the dashboard closed.
public struct Summary: Sendable, Equatable, CustomStringConvertible {
    /// The lines, sanitised.
    public let lines: [SafeText]

    /// The summary of a run as the dashboard knew it.
    ///
    /// - Parameter face: what the terminal can show.
    public init(_ state: DashboardState, face: Face = .braille) {
        var lines: [String] = []
        func add(_ label: String, _ text: String) {
            lines.append(label + String(repeating: " ", count: max(1, 12 - label.count)) + text)
        }
        let run = state.run
        add(
            run.title,
            "\(run.model) · \(NumberFormat.grouped(run.weights)) weights · \(state.optimizer) · seed \(run.seed)")
        if let progress = state.progress {
            let ended = progress.stepInEpoch == progress.stepsPerEpoch ? progress.epoch : progress.epoch - 1
            let time = NumberFormat.duration(seconds: progress.trainingSeconds, face: face)
            var text = "\(ended) of \(progress.epochs) epochs, \(NumberFormat.grouped(progress.step)) steps in \(time)"
            if case .diverged(_, let reason)? = state.runState {
                text += "; diverged: \(reason)"
            }
            add("trained", text)
            var values = ["mean loss \(Reading.text(progress.meanLoss, face: face))"]
            for (name, value) in zip(run.metrics, progress.metrics) {
                values.append("\(name) \(Reading.text(value, face: face))")
            }
            add("epoch \(progress.epoch)", values.joined(separator: "   "))
        }
        if let best = state.history.bestEvaluation {
            let epoch = state.history.epoch(endingAt: best.step).map { "epoch \($0)" } ?? "step \(best.step)"
            var values = ["loss \(Reading.text(best.loss, face: face))"]
            for (name, value) in zip(run.metrics, best.metrics) {
                values.append("\(name) \(Reading.text(value, face: face))")
            }
            add("validation", "best at \(epoch): " + values.joined(separator: "   "))
        }
        let way = state.history.way
        let edits = state.ledger.appliedEdits.filter { edit, step in
            way.holds(edit: edit.number, on: edit.branch, at: step)
        }
        for (index, (edit, step)) in edits.suffix(Self.mostEdits).enumerated() {
            let words = state.words(of: edit.name, from: edit.old, to: edit.new, over: edit.over)
            add(index == 0 ? "edits" : "", "@\(step)  \(words.title) \(words.values)")
        }
        if edits.count > Self.mostEdits { add("", "and \(edits.count - Self.mostEdits) before these") }
        if let path = state.savedPath { add("saved", path) }
        self.lines = lines.map { line in
            SafeText(String(face.text(line).glyphs.map { face.spelling(of: $0.character) }))
        }
    }

    /// The lines as one text, each ended.
    public var description: String { lines.map { "\($0)\n" }.joined() }

    /// More edits than this are counted and not listed.
    private static let mostEdits = 12
}
