/// What is kept of a number that was seen many times: how often, the least, the greatest, the sum.
public struct Fold: Sendable, Equatable {
    /// How many values were seen, those that are not finite included.
    public var count: Int
    /// The least finite value; +infinity where there is none.
    public var min: Float
    /// The greatest finite value; -infinity where there is none.
    public var max: Float
    /// The sum of the finite values.
    public var sum: Double
    /// How many values were not finite. They count, but have no place on an axis.
    public var notFinite: Int

    /// Nothing seen yet.
    public init() {
        (count, min, max, sum, notFinite) = (0, .infinity, -.infinity, 0, 0)
    }

    /// One value seen once.
    public init(_ value: Float) {
        self.init()
        add(value)
    }

    /// The mean of the finite values, nil where there is none.
    public var mean: Double? { count > notFinite ? sum / Double(count - notFinite) : nil }

    /// Sees one value more.
    public mutating func add(_ value: Float) {
        count += 1
        guard value.isFinite else {
            notFinite += 1
            return
        }
        min = Swift.min(min, value)
        max = Swift.max(max, value)
        sum += Double(value)
    }

    /// Sees all that the other one saw.
    public mutating func merge(_ other: Fold) {
        count += other.count
        min = Swift.min(min, other.min)
        max = Swift.max(max, other.max)
        sum += other.sum
        notFinite += other.notFinite
    }
}

/// A stretch of consecutive steps of one branch, folded. Every step is in exactly one of the samples that stream.
public struct Sample: Sendable, Equatable {
    /// The branch.
    public var branch: BranchID
    /// The first step of the stretch, counted from 1 at the start of the run.
    public var firstStep: Int
    /// The batch losses (regularisation terms included) of the stretch's steps; `loss.count` is how many there are.
    public var loss: Fold
    /// The first metric's value on each batch, empty (count 0) where the run has no metric.
    public var metric: Fold

    /// A stretch.
    public init(branch: BranchID = .first, firstStep: Int, loss: Fold, metric: Fold) {
        self.branch = branch
        self.firstStep = firstStep
        self.loss = loss
        self.metric = metric
    }

    /// The last step of the stretch.
    public var lastStep: Int { firstStep + loss.count - 1 }
}

/// The last steps one by one, for a picture of what happens now.
public struct RecentLosses: Sendable, Equatable {
    /// The step of the last value, 0 before the first step.
    public var lastStep: Int
    /// The batch losses, oldest first, at most ``capacity`` of them.
    public var losses: [Float]
    /// How many steps are kept.
    public static let capacity = 512

    /// Recent losses.
    public init(lastStep: Int = 0, losses: [Float] = []) {
        self.lastStep = lastStep
        self.losses = losses
    }
}
