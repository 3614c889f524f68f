import TrainEngine

extension DashboardState {
    /// By how much the mean loss after an edit, up to the next one, differs from that of equally many steps before it;
    /// nil while there are too few steps to say.
    func lossSince(_ index: Int) -> Double? {
        guard case .edit(let edit) = ledger.entries[index].kind, case .applied(let at) = edit.outcome,
            Knob.steersLearning(edit.name)
        else { return nil }
        let later = ledger.entries[(index + 1)...].lazy.compactMap { entry -> Int? in
            guard case .edit(let edit) = entry.kind, case .applied(let step) = edit.outcome, step > at,
                Knob.steersLearning(edit.name)
            else { return nil }
            return step
        }
        let last = later.first ?? step
        let count = last - at
        guard at >= Self.fewestSteps, count >= Self.fewestSteps,
            let after = history.series.loss(from: at + 1, through: last).mean,
            let before = history.series.loss(from: max(1, at - count + 1), through: at).mean
        else { return nil }
        return after - before
    }

    /// Below this many steps a difference of means is noise.
    private static let fewestSteps = 20
}
