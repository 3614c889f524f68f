package import TrainProtocol

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// How much more one branch loses than another on the same batches, piece by piece of the steps that both have taken.
///
/// The luck of a batch is the same for both, and so goes out of the difference: it shows what no single curve can.
///
///     lost      ──╮╱╲╱╲_╱╲__    less    ──╮╱╲╱╲‾╱╲‾‾    is    ────────╲______
///
package struct PairedDifference: Sendable, Equatable {
    /// The mean difference over each piece, the first one first.
    package private(set) var pieces: [Double] = []
    /// The step after which the first piece begins, a multiple of the width.
    package let start: Int
    /// The steps of a piece, a power of two.
    package let width: Int
    /// The other branch's mean loss over each, by which a difference is large or small.
    private var controls: [Double] = []
    /// The step after which the branches parted.
    private let fork: Int

    /// More pieces than this would tell nothing more.
    private static let mostPieces = 512
    /// Steps further out are none that a run comes to.
    private static let mostSteps = 1 << 53

    /// What one branch has more than another since they parted; nil while there is not one whole piece.
    ///
    /// Both must be folded at multiples of powers of two, as engines and histories do: then a piece has the same steps
    /// of both. The samples across the fork are left out.
    ///
    /// - Parameter metric: the metric to compare, nil for the loss.
    init?(
        of samples: Slice<SampleRing>, from others: Slice<SampleRing>, after fork: Int, metric: Int? = nil
    ) {
        guard let mine = samples.last?.lastStep, let theirs = others.last?.lastStep else { return nil }
        let last = min(mine, theirs)
        guard fork >= 0, fork < last, last < Self.mostSteps else { return nil }
        var width = 1
        while (last - fork) / width > Self.mostPieces { width *= 2 }
        var from = fork
        let sides = [samples.holding(fork + 1...last), others.holding(fork + 1...last)]
        for side in sides {
            side.forEachFold { first, end, _ in
                if first <= fork {
                    from = max(from, min(end, last))
                } else if end <= last {
                    while width < end - first + 1 { width *= 2 }
                }
            }
        }
        let firstPiece = (from + width - 1) / width
        let count = last / width - firstPiece
        guard count > 0 else { return nil }
        (start, self.width, self.fork) = (firstPiece * width, width, fork)
        let sums = sides.map { side in
            var folds = Array(repeating: Fold(), count: count)
            side.forEachFold(ofMetric: metric) { first, end, fold in
                let index = (first + (end - first) / 2 - 1) / width - firstPiece
                if folds.indices.contains(index) { folds[index].merge(fold) }
            }
            return folds
        }
        for (fold, other) in zip(sums[0], sums[1]) {
            // What ran away has no mean any more.
            guard fold.notFinite == 0, other.notFinite == 0, let mean = fold.mean, let control = other.mean else {
                break
            }
            pieces.append(mean - control)
            controls.append(control)
        }
        guard !pieces.isEmpty else { return nil }
    }
}

// MARK: - How sure it is

extension PairedDifference {
    /// A mean, and how far the truth may lie from it.
    package struct Estimate: Sendable, Equatable {
        /// The mean difference.
        package var mean: Double
        /// Half the width of its 95 % band.
        package var halfWidth: Double
        /// What the other branch's mean is over the same steps.
        package var scale: Double
        /// The steps since the branches parted.
        package var steps: Int
    }

    /// The mean over the latest half to three quarters of the steps, with its 95 % band; nil while there are too few.
    ///
    /// What a change does at first says little of what it comes to: a lower learning rate costs before it pays. So the
    /// mean begins anew whenever the steps have doubled, at half of them:
    ///
    ///     steps      128 ···· 255      256 ········· 511      512 ·················· 1023
    ///     counts         65 ··255         129 ······ 511          257 ·············· 1023
    ///
    /// The band holds at whatever moment somebody looks at it, however often they do: it is the normal mixture boundary
    /// of Robbins (1970), as in Howard, Ramdas, McAuliffe and Sekhon (2021), equation 14, with an estimated variance as in
    /// Waudby-Smith and others (2024), "Time-uniform central limit theory and asymptotic confidence sequences":
    ///
    ///     mean ± sqrt(V (1 + 1/r) ln((1 + r) / a²))        a = 0.05 / ((k + 1) (k + 2))        r = 4 n / n0
    ///
    /// with V the variance of the mean over n steps, n0 the steps before them, and k how often the mean began anew: the
    /// errors of all bands that there will ever be come to 5 % together. r makes the band narrowest in the midst of its
    /// steps. It is about twice as wide as a band that is looked at once.
    ///
    /// - Parameter comparisons: among how many differences this one is picked out, each of which may mislead.
    package func estimate(amongst comparisons: Int = 1) -> Estimate? {
        let steps = pieces.count * width
        guard steps >= Self.fewestSteps else { return nil }
        var (before, doublings) = (Self.fewestSteps / 2, 0.0)
        while steps / 4 >= before { (before, doublings) = (before * 2, doublings + 1) }
        let counted = pieces.dropFirst(before / width)
        guard let variance = Self.varianceOfMean(counted) else { return nil }
        let ratio = 4 * Double(counted.count * width) / Double(before)
        let alpha = 0.05 / ((doublings + 1) * (doublings + 2)) / Double(max(1, comparisons))
        let factor = ((1 + 1 / ratio) * log((1 + ratio) / (alpha * alpha))).squareRoot()
        return Estimate(
            mean: counted.reduce(0, +) / Double(counted.count), halfWidth: factor * variance.squareRoot(),
            scale: controls.suffix(counted.count).reduce(0, +) / Double(counted.count),
            steps: start - fork + steps)
    }

    /// After fewer steps two branches have not shown yet what they do.
    private static let fewestSteps = 128
    /// A variance of fewer values is a guess.
    private static let fewestValues = 16

    /// The variance of the mean of values of which neighbours have to do with one another; nil where there are too few.
    ///
    /// As they are, neighbours that go together make the mean look surer than it is. So they are averaged in pairs, and
    /// the pairs in pairs, until neighbours are strangers: the variance grows until then. The greatest counts (Flyvbjerg
    /// and Petersen 1989, "Error estimates on averages of correlated data", who look for where it stops growing).
    package static func varianceOfMean(_ values: some Sequence<Double>) -> Double? {
        var (values, greatest) = (Array(values), nil as Double?)
        while values.count >= fewestValues {
            let mean = values.reduce(0, +) / Double(values.count)
            let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            greatest = max(greatest ?? 0, squares / Double(values.count - 1) / Double(values.count))
            // Of an odd number the oldest has no partner.
            let odd = values.count % 2
            values = (0..<values.count / 2).map { (values[odd + 2 * $0] + values[odd + 2 * $0 + 1]) / 2 }
        }
        return greatest
    }
}

// MARK: - What it comes to

extension PairedDifference {
    /// What a difference comes to.
    package enum Verdict: Sendable, Equatable {
        /// There are too few steps to say anything.
        case tooEarly
        /// The band holds both what matters and what does not.
        case open
        /// The band holds nothing that matters.
        case same
        /// The whole band lies below what does not matter.
        case less
        /// The whole band lies above it.
        case more
    }

    /// A difference of a smaller part of the loss matters to nobody: a learning rate of 0.01001 in place of 0.01 does
    /// something else, and comes to nothing.
    package static let partThatMatters = 0.001

    /// What it comes to, among so many that it is picked out of.
    package func verdict(amongst comparisons: Int = 1) -> Verdict {
        guard let estimate = estimate(amongst: comparisons) else { return .tooEarly }
        let margin = Self.partThatMatters * estimate.scale.magnitude
        if estimate.mean + estimate.halfWidth < -margin { return .less }
        if estimate.mean - estimate.halfWidth > margin { return .more }
        return estimate.mean.magnitude + estimate.halfWidth <= margin ? .same : .open
    }
}

extension History {
    /// What a branch has more than another since a step. The branches are those beside the run; nil is the run itself.
    ///
    /// - Parameter metric: the metric to compare, nil for the loss.
    package func difference(
        of branch: BranchID?, from control: BranchID?, after fork: Int, metric: Int? = nil
    ) -> PairedDifference? {
        func samples(_ branch: BranchID?) -> Slice<SampleRing>? {
            guard let branch else { return series.samples(from: fork + 1, through: .max) }
            return branches[branch]?.samples[...]
        }
        guard fork >= 0, fork < .max, let mine = samples(branch), let others = samples(control) else { return nil }
        return PairedDifference(of: mine, from: others, after: fork, metric: metric)
    }

    /// A branch's validation loss, or its metric, less that of another at the latest step at which both were evaluated;
    /// beside it what the other one's is.
    package func validationDifference(
        of branch: BranchID?, from control: BranchID?, after fork: Int, metric: Int? = nil
    ) -> (difference: Double, control: Double)? {
        func evaluations(_ branch: BranchID?) -> [Evaluation] {
            guard let branch else { return self.evaluations.elements.filter { $0.step > fork } }
            return otherEvaluations.elements.filter { $0.branch == branch && $0.step > fork }
        }
        func value(_ evaluation: Evaluation) -> Double? {
            guard let metric else { return evaluation.loss }
            return evaluation.metrics.indices.contains(metric) ? evaluation.metrics[metric] : nil
        }
        let others = evaluations(control)
        for mine in evaluations(branch).reversed() {
            guard let other = others.last(where: { $0.step == mine.step }), let left = value(mine),
                let right = value(other)
            else { continue }
            return (left - right, right)
        }
        return nil
    }
}
