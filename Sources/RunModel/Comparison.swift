package import TrainProtocol

/// A branch with a change beside its control, the branch that does without it: what the change came to.
package struct Comparison: Sendable, Equatable {
    /// The metric that was compared; nil for the loss.
    package var metric: Int?
    /// The mean difference on the same batches with its band; nil while there are too few steps.
    package var estimate: PairedDifference.Estimate?
    /// What it comes to on the batches.
    package var verdict: PairedDifference.Verdict
    /// The difference at the latest validation of both; nil before.
    package var validation: Double?
    /// Whether that one is more than the rule of ``PairedDifference/partThatMatters`` and the band let pass.
    package var doesValidationMatter: Bool
    /// Whether more of it is better.
    package var risesWhenBetter: Bool

    /// What the change is, in a word.
    package enum Call: Sendable, Equatable {
        /// There are too few steps to say anything.
        case tooEarly
        /// No difference can be told yet.
        case open
        /// There is none that matters.
        case same
        /// It is for the better.
        case helps
        /// It is for the worse.
        case hurts
        /// It is for the better on the batches, and for the worse at the latest validation.
        case helpsOnlyTraining
        /// It is for the worse on the batches, and for the better at the latest validation.
        case hurtsOnlyTraining
    }

    /// What the change is. The batches decide, of which there are enough to be sure; one validation alone decides nothing,
    /// but where it says the opposite that is told.
    package var call: Call {
        let isBetter: Bool
        switch verdict {
        case .tooEarly: return .tooEarly
        case .open: return .open
        case .same: return .same
        case .less: isBetter = !risesWhenBetter
        case .more: isBetter = risesWhenBetter
        }
        if doesValidationMatter, let validation, (validation < 0) != (verdict == .less) {
            return isBetter ? .helpsOnlyTraining : .hurtsOnlyTraining
        }
        return isBetter ? .helps : .hurts
    }
}

extension Hyperparameter {
    /// Whether it is a term of the loss itself, as a regularizer's factor is: whoever changes it changes what the loss
    /// counts, and losses before and after cannot be compared.
    package static func changesTheLoss(_ name: String) -> Bool { name.hasSuffix(".l1") || name.hasSuffix(".l2") }
}

extension RunModel {
    /// What tells branches apart that differ in these hyperparameters: the loss, which is nil, or the first metric, where
    /// the loss counts something else on each.
    package func measure(of names: some Sequence<String>) -> Int? {
        names.contains(where: Hyperparameter.changesTheLoss) && !description.metrics.isEmpty ? 0 : nil
    }

    /// A branch beside its control since a step; nil is the run itself.
    ///
    /// - Parameters:
    ///   - names: the hyperparameters that they differ in.
    ///   - comparisons: among how many comparisons this one is picked out.
    package func comparison(
        of branch: BranchID?, with control: BranchID?, after fork: Int, in names: some Sequence<String>,
        amongst comparisons: Int = 1
    ) -> Comparison {
        let metric = measure(of: names)
        let difference = history.difference(of: branch, from: control, after: fork, metric: metric)
        let validation = history.validationDifference(of: branch, from: control, after: fork, metric: metric)
        let estimate = difference?.estimate(amongst: comparisons)
        let margin = max(
            PairedDifference.partThatMatters * (validation?.control.magnitude ?? 0), estimate?.halfWidth ?? 0)
        return Comparison(
            metric: metric, estimate: estimate,
            verdict: difference?.verdict(amongst: comparisons) ?? .tooEarly, validation: validation?.difference,
            doesValidationMatter: (validation?.difference.magnitude ?? 0) > margin,
            risesWhenBetter: metric.map { description.metrics[$0].higherIsBetter } ?? false)
    }
}
