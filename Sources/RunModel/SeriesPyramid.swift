package import TrainProtocol

/// A run's whole past in bounded memory: every step is in it, the further back the more of them to a sample.
///
///     level 2   [1......4][5......8][9.....12][13....16]      width 4
///     level 1             [5..6][7..8][9.10][11.12][13.14]    width 2
///     level 0                         [9][10][11][12][13]     width 1
///
/// Each level is a ring of `capacity` samples, each twice as wide as one of the level below. A window of
/// steps is drawn from the finest level that still reaches back to its start, so a drawing never looks at more than
/// `capacity` samples. A sample keeps count, least, greatest and sum, so a spike of one step survives every fold.
/// Samples may arrive folded, however wide: a sample is never split, so it can be wider than its level's width.
package struct SeriesPyramid: Sendable, Equatable {
    /// Samples to a level.
    package let capacity: Int
    /// Finest first.
    package private(set) var levels: [Level]

    /// With 2,048 samples and 40 levels a run of 10^15 steps still fits, in 9 MB where it has one metric.
    package static let maximumLevels = 40

    /// No step yet.
    package init(capacity: Int = 2048) {
        self.capacity = max(2, capacity)
        levels = [Level(width: 1, capacity: self.capacity)]
    }

    /// Steps seen.
    package var count: Int { levels[levels.count - 1].samples.reduce(0) { $0 + $1.steps } }

    /// The last step, nil where there is none.
    package var lastStep: Int? { levels[levels.count - 1].lastStep }

    /// Sees the steps of one sample, which follow the last one's.
    package mutating func append(_ sample: Sample) {
        guard sample.loss.count > 0 else { return }
        // A level is made when the one below is about to forget something, so that the top one never has; several at
        // once where samples are so wide that the next ones cannot merge them either.
        while let top = levels.last, top.samples.count >= capacity, levels.count < Self.maximumLevels {
            var next = Level(width: top.width * 2, capacity: capacity)
            for sample in top.samples { next.append(sample) }
            levels.append(next)
        }
        for index in levels.indices { levels[index].append(sample) }
    }

    /// The samples that hold steps of a window, oldest first, from the finest level that covers it.
    package func samples(from first: Int, through last: Int) -> Slice<SampleRing> {
        let level = levels.first { $0.reaches(back: first) } ?? levels[levels.count - 1]
        return level.samples[...].holding(min(first, last)...last)
    }

    /// The losses of a window folded into one; samples across its ends count where their middle lies.
    package func loss(from first: Int, through last: Int) -> Fold {
        samples(from: first, through: last).fold(from: first, through: last)
    }

    /// Forgets what came after a step. Of a sample across the cut the part before it stays, with the sample's mean,
    /// least and greatest value, for what happened where inside of it is not known any more.
    ///
    /// - Returns: the samples that were removed, oldest first, from the finest level that holds them all.
    package mutating func removeSteps(after step: Int) -> SampleRing {
        guard step < Int.max, let last = lastStep, last > step else { return [] }
        let removed = samples(from: step + 1, through: last).parts(of: (step + 1)...last)
        for index in levels.indices { levels[index].removeSteps(after: step) }
        return removed
    }

    /// The latest samples of one width.
    package struct Level: Sendable, Equatable {
        /// The steps to a sample, where those that came are not wider.
        package let width: Int
        /// The samples, oldest first.
        package private(set) var samples: SampleRing
        /// The last step that was forgotten to make room, 0 for none.
        private var forgottenThrough = 0

        /// An empty level.
        init(width: Int, capacity: Int) {
            self.width = width
            samples = SampleRing(capacity: capacity)
        }

        /// Whether the samples go back to that step, or to the start of the run.
        func reaches(back step: Int) -> Bool { step > forgottenThrough || forgottenThrough == 0 }

        /// The last step, nil where there is none.
        var lastStep: Int? { samples.lastStep }

        /// Merges into the last sample where both begin in the same multiple of the width, else begins one.
        mutating func append(_ sample: Sample) {
            if let last = samples.firstStepOfLast, (last - 1) / width == (sample.firstStep - 1) / width {
                samples.mergeIntoLast(sample)
            } else {
                if samples.count == samples.capacity { forgottenThrough = samples.lastStepOfFirst ?? 0 }
                samples.append(sample)
            }
        }

        /// Forgets what came after a step.
        mutating func removeSteps(after step: Int) {
            samples.removeLast(samples.count - samples[...].holding(.min...step).endIndex)
            samples.shorten(to: .min...step)
            forgottenThrough = min(forgottenThrough, step)
        }
    }
}
