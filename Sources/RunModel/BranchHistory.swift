package import TrainProtocol

/// What is kept of a branch that the run is not on: an abandoned one, the twin, an entrant of a race.
///
/// Its own steps only, as far as the run's lineage does not hold them, and never more than ``capacity`` samples of them:
/// when there would be more, neighbours are merged, so every step and every spike stays. They are merged at the steps at
/// which a ``SeriesPyramid`` merges its own, so that the branch can be compared with the run.
package struct BranchHistory: Sendable, Equatable {
    /// How a run came or would come to its tip.
    package var lineage: Lineage
    /// The samples, oldest first.
    package private(set) var samples: SampleRing = []
    /// Steps to a sample, where those that came are not wider.
    private var width = 1

    /// The most samples that are kept.
    package static let capacity = 2048

    /// A branch without steps.
    package init(_ lineage: Lineage) { self.lineage = lineage }

    /// The last step, nil where there is none.
    package var tip: Int? { samples.lastStep }

    /// Sees steps that follow the last ones.
    package mutating func append(_ sample: Sample) {
        guard sample.loss.count > 0 else { return }
        if let last = samples.firstStepOfLast, isOne(last, sample.firstStep) {
            samples.mergeIntoLast(sample)
        } else {
            samples.append(sample)
            fold()
        }
    }

    /// Sees steps that come before all others.
    package mutating func prepend(_ earlier: SampleRing) {
        let later = samples
        samples = earlier
        samples.append(later)
        fold()
    }

    /// Gives away the steps of a range.
    package mutating func remove(_ steps: ClosedRange<Int>) -> SampleRing {
        let taken = samples[...].parts(of: steps)
        // Of samples across the ends of the range the parts outside stay.
        var rest: SampleRing = []
        if steps.lowerBound > .min { rest.append(samples[...].parts(of: .min...(steps.lowerBound - 1))) }
        if steps.upperBound < .max { rest.append(samples[...].parts(of: (steps.upperBound + 1)...(.max))) }
        samples = rest
        return taken
    }

    /// The losses of a range folded into one; samples across its ends count where their middle lies.
    package func loss(from first: Int, through last: Int) -> Fold {
        samples[...].fold(from: first, through: last)
    }

    /// Whether samples that begin with these steps become one.
    private func isOne(_ first: Int, _ next: Int) -> Bool { (first - 1) / width == (next - 1) / width }

    private mutating func fold() {
        while samples.count > Self.capacity {
            width = width > Int.max / 2 ? .max : width * 2
            var folded: SampleRing = []
            for sample in samples {
                if let last = folded.firstStepOfLast, isOne(last, sample.firstStep) {
                    folded.mergeIntoLast(sample)
                } else {
                    folded.append(sample)
                }
            }
            samples = folded
        }
    }
}
