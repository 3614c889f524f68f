import TrainEngine

/// What is kept of a branch that the run is not on: an abandoned one, the twin, an entrant of a race.
///
/// Its own steps only, as far as the way taken does not hold them, and never more than ``capacity`` stretches of them:
/// when there would be more, neighbours are merged, so every step and every spike stays.
struct Aside: Sendable, Equatable {
    /// How a run came or would come to its tip.
    var way: Way
    /// The stretches, oldest first.
    private(set) var samples: [Sample] = []
    /// Steps to a stretch, where samples are not wider.
    private var width = 1

    /// The most stretches that are kept.
    static let capacity = 2048

    /// A branch without steps.
    init(way: Way) { self.way = way }

    /// The last step, nil where there is none.
    var tip: Int? { samples.last?.lastStep }

    /// Sees steps that follow the last ones.
    mutating func append(_ sample: Sample) {
        guard sample.loss.count > 0 else { return }
        if let last = samples.last, last.loss.count + sample.loss.count <= width {
            samples[samples.count - 1].merge(sample)
        } else {
            samples.append(sample)
            fold()
        }
    }

    /// Sees steps that come before all others.
    mutating func prepend(_ earlier: some Sequence<Sample>) {
        samples = Array(earlier) + samples
        fold()
    }

    /// Gives away the steps of a range.
    mutating func remove(_ steps: ClosedRange<Int>) -> [Sample] {
        let taken = samples.compactMap { $0.part(steps) }
        samples = samples.flatMap { sample -> [Sample] in
            var rest: [Sample] = []
            if sample.firstStep < steps.lowerBound, let part = sample.part(sample.firstStep...(steps.lowerBound - 1)) {
                rest.append(part)
            }
            if steps.upperBound < .max, sample.lastStep > steps.upperBound,
                let part = sample.part((steps.upperBound + 1)...sample.lastStep)
            {
                rest.append(part)
            }
            return rest
        }
        return taken
    }

    /// The losses of a range folded into one; stretches across its ends count where their middle lies.
    func loss(from first: Int, through last: Int) -> Fold { samples.loss(from: first, through: last) }

    private mutating func fold() {
        while samples.count > Self.capacity {
            width = width > Int.max / 2 ? .max : width * 2
            samples = stride(from: 0, to: samples.count, by: 2).map { index in
                var sample = samples[index]
                if index + 1 < samples.count { sample.merge(samples[index + 1]) }
                return sample
            }
        }
    }
}
