package import TrainProtocol

/// Samples that wait for whoever draws them, in a list of bounded length in which every step is counted.
package struct SampleList: Sendable, Equatable {
    package static let capacity = 4096

    package private(set) var samples: [Sample] = []

    package init() {}

    package var isEmpty: Bool { samples.isEmpty }

    /// Adds a sample; where there are too many, neighbours of one branch are merged.
    package mutating func append(_ sample: Sample) {
        samples.append(sample)
        guard samples.count > Self.capacity else { return }
        var merged: [Sample] = []
        merged.reserveCapacity(Self.capacity / 2 + 1)
        for (index, sample) in samples.enumerated() {
            if index % 2 == 1, let last = merged.last, last.branch == sample.branch {
                merged[merged.count - 1].merge(sample)
            } else {
                merged.append(sample)
            }
        }
        samples = merged
    }

    /// Takes all of them.
    package mutating func take() -> [Sample] {
        defer { samples = [] }
        return samples
    }
}
