package import Canvas
import RunModel
import TrainProtocol

extension DashboardState {
    /// What a terminal's title says of the run, safe to be written there: "storms training 0.9829 64 %".
    package var windowTitle: SafeText {
        var parts = [description.title, stateWord.word.lowercased()]
        if let progress {
            if let loss = progress.meanLoss { parts.append(NumberFormat.metric(loss).description) }
            if let total = progress.totalSteps, total > 0 {
                parts.append("\(Int(Double(progress.step) / Double(total) * 100)) %")
            }
        }
        return SafeText(parts.joined(separator: " ")).truncated(to: 80)
    }
}
