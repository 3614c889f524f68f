import TrainEngine

/// What an edit came to: the run beside a twin that does without the edit, on the same batches.
struct TwinEffect: Sendable, Equatable {
    /// The run's mean training loss less the twin's, over the same steps: all since the edit, at most an epoch's worth.
    var loss: Double?
    /// The size of the losses that differ, to tell what is no difference.
    var scale: Double
    /// The run's validation loss less the twin's, at the latest step at which both were evaluated.
    var validation: Double?

    /// "0.031 lower", "0.012 higher", "no difference yet".
    static func words(_ difference: Double, scale: Double, text: (Double) -> String) -> String {
        // Less than this share of the loss nobody calls a difference.
        guard difference.magnitude > 1e-5 * scale, difference != 0 else { return "no difference yet" }
        return "\(text(difference.magnitude)) \(difference < 0 ? "lower" : "higher")"
    }
}

extension History {
    /// The run against a branch beside it, since a step.
    ///
    /// - Parameter steps: how many steps back are looked at, at most.
    func effect(against branch: BranchID, since step: Int, within steps: Int) -> TwinEffect? {
        guard let aside = asides[branch], let tip = aside.tip, let mine = series.lastStep else { return nil }
        let last = min(tip, mine)
        let first = max(step + 1, last - max(1, steps) + 1)
        guard first <= last, let without = aside.loss(from: first, through: last).mean,
            let with = series.loss(from: first, through: last).mean
        else { return nil }
        let theirs = otherEvaluations.elements.filter { $0.branch == branch }
        var validation: Double?
        for mine in evaluations.elements.reversed() where mine.step > step {
            guard let other = theirs.last(where: { $0.step == mine.step }) else { continue }
            validation = mine.loss - other.loss
            break
        }
        return TwinEffect(loss: with - without, scale: max(with.magnitude, without.magnitude), validation: validation)
    }
}
