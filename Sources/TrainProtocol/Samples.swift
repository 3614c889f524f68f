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
    /// The sum of their squares.
    public var squares: Double
    /// How many values were not finite. They count, but have no place on an axis.
    public var notFinite: Int

    /// Nothing seen yet.
    public init() {
        (count, min, max, sum, squares, notFinite) = (0, .infinity, -.infinity, 0, 0, 0)
    }

    /// One value seen once.
    public init(_ value: Float) {
        self.init()
        add(value)
    }

    /// The mean of the finite values, nil where there is none.
    public var mean: Double? { count > notFinite ? sum / Double(count - notFinite) : nil }

    /// The standard deviation of the finite values, their number as the divisor; nil where there is none.
    public var deviation: Double? {
        mean.map { mean in Swift.max(0, squares / Double(count - notFinite) - mean * mean).squareRoot() }
    }

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
        squares += Double(value) * Double(value)
    }

    /// Sees two values at each of some indices, one for each of two folds, as ``add(_:)`` does one by one, if all of them
    /// are finite. It is inlined in other modules, for it runs at every step: without a branch, it waits for nothing but
    /// the last values' sums, for both at once.
    ///
    /// - Returns: whether they are; where one is not, none was seen.
    @inlinable
    public static func add(
        finite indices: Range<Int>, to first: inout Fold, and second: inout Fold, _ values: (Int) -> (Float, Float)
    ) -> Bool {
        var least = SIMD2(Double(first.min), Double(second.min))
        var greatest = SIMD2(Double(first.max), Double(second.max))
        var sum = SIMD2(first.sum, second.sum)
        var squares = SIMD2(first.squares, second.squares)
        for index in indices {
            let pair = values(index)
            let value = SIMD2(Double(pair.0), Double(pair.1))
            least.replace(with: value, where: value .< least)
            greatest.replace(with: value, where: value .> greatest)
            sum += value
            squares += value * value
        }
        // So many floats do not add up to more than a double can hold; what is not finite less itself is no number.
        guard sum - sum == .zero else { return false }
        first.see(indices.count, least: least.x, greatest: greatest.x, sum: sum.x, squares: squares.x)
        second.see(indices.count, least: least.y, greatest: greatest.y, sum: sum.y, squares: squares.y)
        return true
    }

    /// Sees so many finite values more, after which these hold.
    @inlinable
    mutating func see(_ values: Int, least: Double, greatest: Double, sum: Double, squares: Double) {
        count += values
        (min, max, self.sum, self.squares) = (Float(least), Float(greatest), sum, squares)
    }

    /// Sees all that the other one saw.
    public mutating func merge(_ other: Fold) {
        count += other.count
        min = Swift.min(min, other.min)
        max = Swift.max(max, other.max)
        sum += other.sum
        squares += other.squares
        notFinite += other.notFinite
    }
}

/// The folds of a run's metrics, in the order of ``RunDescription/metrics``. The one of a run of one metric lies in the
/// value itself, so that it needs no memory beside it and is copied as numbers are.
public struct MetricFolds: Sendable, Equatable, RandomAccessCollection {
    private var folds: Folds

    private enum Folds: Sendable, Equatable {
        case none
        case one(Fold)
        /// Two or more.
        case several([Fold])
    }

    /// Nothing seen yet of so many metrics.
    public init(count: Int = 0) {
        folds = count > 1 ? .several(Array(repeating: Fold(), count: count)) : count == 1 ? .one(Fold()) : .none
    }

    /// What was seen of these metrics.
    public init(_ folds: some Collection<Fold>) {
        self.folds = folds.count > 1 ? .several(Array(folds)) : folds.first.map(Folds.one) ?? .none
    }

    /// How many metrics there are.
    public var count: Int {
        switch folds {
        case .none: 0
        case .one: 1
        case .several(let folds): folds.count
        }
    }

    /// The first index: 0.
    public var startIndex: Int { 0 }
    /// As many as there are metrics.
    public var endIndex: Int { count }

    /// What was seen of one metric.
    public subscript(index: Int) -> Fold {
        get {
            switch folds {
            case .one(let fold) where index == 0: return fold
            case .several(let folds): return folds[index]
            case .none, .one: preconditionFailure("there is no such metric")
            }
        }
        set { change(index) { $0 = newValue } }
    }

    /// Sees one value more of a metric.
    public mutating func add(_ value: Float, at index: Int) { change(index) { $0.add(value) } }

    /// Sees all that the other ones saw.
    public mutating func merge(_ other: MetricFolds) {
        guard other.count == count else { return }
        for index in 0..<count { change(index) { $0.merge(other[index]) } }
    }

    /// Changes a fold where it lies: an array is not copied that nobody else holds.
    private mutating func change(_ index: Int, _ change: (inout Fold) -> Void) {
        switch folds {
        case .one(var fold) where index == 0:
            change(&fold)
            folds = .one(fold)
        case .several(var several):
            folds = .none
            change(&several[index])
            folds = .several(several)
        case .none, .one: preconditionFailure("there is no such metric")
        }
    }
}

/// Consecutive steps of one branch, folded. Every step is in exactly one of the samples that stream.
///
/// The steps that a sample stands for can be more than the values it holds: an engine that sees every tenth loss says so.
public struct Sample: Sendable, Equatable {
    /// The branch.
    public var branch: BranchID
    /// The first step that it stands for, counted from 1 at the start of the run.
    public var firstStep: Int
    /// The last step that it stands for.
    public var lastStep: Int
    /// The batch losses, regularisation terms included; `loss.count` is how many it holds.
    public var loss: Fold
    /// Every metric's values on the batches.
    public var metrics: MetricFolds
    /// The learning rate of the last step's update, schedule included; nil where nobody knows.
    public var learningRate: Float?

    /// A sample of steps; without a last one, of as many as it holds losses.
    public init(
        branch: BranchID = .first, firstStep: Int, lastStep: Int? = nil, loss: Fold,
        metrics: MetricFolds = MetricFolds(), learningRate: Float? = nil
    ) {
        self.branch = branch
        self.firstStep = firstStep
        self.lastStep = lastStep ?? firstStep + loss.count - 1
        self.loss = loss
        self.metrics = metrics
        self.learningRate = learningRate
    }

    /// How many steps it stands for.
    public var steps: Int { lastStep - firstStep + 1 }

    /// Sees the steps of the one that follows.
    public mutating func merge(_ next: Sample) {
        lastStep = next.lastStep
        loss.merge(next.loss)
        metrics.merge(next.metrics)
        learningRate = next.learningRate
    }
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
