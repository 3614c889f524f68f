package import TrainProtocol

/// What an edit came to: the run beside a twin that does without the edit, on the same batches.
package struct TwinEffect: Sendable, Equatable {
    /// The run's mean training loss less the twin's, over the same steps: all since the edit, at most an epoch's worth.
    package var loss: Double?
    /// The size of the losses that differ, to tell what is no difference.
    package var scale: Double
    /// The run's validation loss less the twin's, at the latest step at which both were evaluated.
    package var validation: Double?

    /// An effect.
    package init(loss: Double?, scale: Double, validation: Double?) {
        self.loss = loss
        self.scale = scale
        self.validation = validation
    }

    /// Whether a difference is so small a share of the loss that nobody calls it one.
    package func isNegligible(_ difference: Double) -> Bool {
        difference == 0 || difference.magnitude <= 1e-5 * scale
    }
}

extension History {
    /// The run against a branch beside it, since a step.
    ///
    /// - Parameter steps: how many steps back are looked at, at most.
    package func effect(against branch: BranchID, since step: Int, within steps: Int) -> TwinEffect? {
        guard let beside = branches[branch], let tip = beside.tip, let mine = series.lastStep else { return nil }
        let last = min(tip, mine)
        let first = max(step + 1, last - max(1, steps) + 1)
        guard first <= last, let without = beside.loss(from: first, through: last).mean,
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
