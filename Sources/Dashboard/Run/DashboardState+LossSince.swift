import RunModel
import TrainProtocol

extension DashboardState {
    /// By how much the mean loss after an edit, up to the next one, differs from that of equally many steps before it;
    /// nil while there are too few steps to say, or the edit is not in force.
    func lossSince(_ edit: Edit) -> Double? {
        func steers(_ edit: Edit) -> Bool { run.hyperparameter(named: edit.name)?.steersLearning ?? true }
        guard run.lineage.holds(edit: edit.number), steers(edit) else { return nil }
        let last = run.edits.first { $0.step > edit.step && steers($0) }?.step ?? step
        let count = last - edit.step
        guard edit.step >= Self.fewestSteps, count >= Self.fewestSteps,
            let after = history.series.loss(from: edit.step + 1, through: last).mean,
            let before = history.series.loss(from: max(1, edit.step - count + 1), through: edit.step).mean
        else { return nil }
        return after - before
    }

    /// Below this many steps a difference of means is noise.
    private static let fewestSteps = 20
}
