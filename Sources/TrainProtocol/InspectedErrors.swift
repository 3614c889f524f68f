/// How what a model predicts differs from what is true.
public struct InspectedErrors: Sendable, Equatable {
    /// Which rows were looked at: those for validation, or those to train with where there are none.
    public var use: InspectedRows.Row.Use
    /// How many rows were looked at.
    public var rows: Int
    /// What is predicted, one for each target.
    public var targets: [Target]

    /// A target.
    public struct Target: Sendable, Equatable {
        /// Its name. Comes from a file: whoever shows it sanitises it.
        public var name: String
        /// How predictions of it differ.
        public var errors: Errors

        /// A target.
        public init(name: String, errors: Errors) {
            self.name = name
            self.errors = errors
        }
    }

    /// Differences of values, or of classes.
    public enum Errors: Sendable, Equatable {
        case values(ValueErrors)
        case classes(ClassErrors)
    }

    /// Errors.
    public init(use: InspectedRows.Row.Use, rows: Int, targets: [Target]) {
        self.use = use
        self.rows = rows
        self.targets = targets
    }
}

/// How predicted values differ from the true ones, in the target's unit.
public struct ValueErrors: Sendable, Equatable {
    /// The share of the variance that is explained.
    public var r2: Double
    /// The root of the mean of the squared differences.
    public var rootMeanSquare: Double
    /// The mean of the differences' sizes.
    public var meanAbsolute: Double
    /// The mean of predicted - true.
    public var bias: Double
    /// Predicted - true: how often each size occurs.
    public var residuals: Histogram
    /// Some of the rows, evenly chosen, at most ``mostPoints``.
    public var points: [Point]

    /// So many points are told, more than a terminal has dots for.
    public static let mostPoints = 4096

    /// A row.
    public struct Point: Sendable, Equatable {
        /// What is true.
        public var truth: Double
        /// What is predicted.
        public var predicted: Double

        /// A row.
        public init(truth: Double, predicted: Double) {
            self.truth = truth
            self.predicted = predicted
        }
    }

    /// Errors of values.
    public init(
        r2: Double, rootMeanSquare: Double, meanAbsolute: Double, bias: Double, residuals: Histogram, points: [Point]
    ) {
        self.r2 = r2
        self.rootMeanSquare = rootMeanSquare
        self.meanAbsolute = meanAbsolute
        self.bias = bias
        self.residuals = residuals
        self.points = points
    }
}

/// Which classes are taken for which.
public struct ClassErrors: Sendable, Equatable {
    /// The classes' names. They come from files: whoever shows them sanitises them.
    public var names: [String]
    /// The share of the rows that are taken for their own class.
    public var accuracy: Double
    /// Rows by their true and their predicted class, true x predicted, row by row.
    public var confusion: [Int]
    /// What becomes true of predictions of such a probability: of two classes that of the second one, of more that of the
    /// predicted one. Bins without a row are left out.
    public var calibration: [CalibrationBin]

    /// The most classes that are told apart; of more the most frequent ones, and the others as one behind them.
    public static let mostClasses = 40

    /// Predictions of about the same probability.
    public struct CalibrationBin: Sendable, Equatable {
        /// The mean probability.
        public var probability: Double
        /// The share of the rows for which it came true.
        public var share: Double
        /// The rows.
        public var rows: Int

        /// A bin.
        public init(probability: Double, share: Double, rows: Int) {
            self.probability = probability
            self.share = share
            self.rows = rows
        }
    }

    /// Errors of classes.
    public init(names: [String], accuracy: Double, confusion: [Int], calibration: [CalibrationBin]) {
        self.names = names
        self.accuracy = accuracy
        self.confusion = confusion
        self.calibration = calibration
    }

    /// Rows of a true class that were taken for a class.
    public subscript(truth: Int, predicted: Int) -> Int { confusion[truth * names.count + predicted] }

    /// Rows of a true class.
    public func rows(of truth: Int) -> Int { names.indices.reduce(0) { $0 + self[truth, $1] } }

    /// Rows that were taken for a class.
    public func rows(takenFor predicted: Int) -> Int { names.indices.reduce(0) { $0 + self[$1, predicted] } }

    /// The share of a class's rows that were taken for it; nil where it has none.
    public func recall(of truth: Int) -> Double? {
        let rows = rows(of: truth)
        return rows > 0 ? Double(self[truth, truth]) / Double(rows) : nil
    }

    /// The share of the rows taken for a class that are of it; nil where there are none.
    public func precision(of predicted: Int) -> Double? {
        let rows = rows(takenFor: predicted)
        return rows > 0 ? Double(self[predicted, predicted]) / Double(rows) : nil
    }

    /// The mean distance of a probability from how often it comes true, by rows (Naeini et al. 2015); nil without rows.
    public var calibrationError: Double? {
        let rows = calibration.reduce(0) { $0 + $1.rows }
        guard rows > 0 else { return nil }
        return calibration.reduce(0) { $0 + abs($1.probability - $1.share) * Double($1.rows) } / Double(rows)
    }
}

/// How often numbers of about the same size occur.
public struct Histogram: Sendable, Equatable {
    /// Where the first bin begins.
    public var lower: Double
    /// Where the last bin ends.
    public var upper: Double
    /// How many numbers are in each of the bins, which are equally wide.
    public var counts: [Int]

    /// A histogram.
    public init(lower: Double, upper: Double, counts: [Int]) {
        self.lower = lower
        self.upper = upper
        self.counts = counts
    }

    /// Counts finite numbers from the least to the greatest; with `share`, only the middle part of them, and those outside
    /// in the bins at the ends.
    public init(_ numbers: some Sequence<Double>, bins: Int, share: Double = 1) {
        let sorted = numbers.filter(\.isFinite).sorted()
        guard let least = sorted.first, let greatest = sorted.last else {
            self.init(lower: 0, upper: 0, counts: Array(repeating: 0, count: bins))
            return
        }
        let cut = Int(Double(sorted.count - 1) * (1 - share) / 2)
        var (lower, upper) = (sorted[cut], sorted[sorted.count - 1 - cut])
        if lower == upper { (lower, upper) = (least, greatest) }
        var counts = Array(repeating: 0, count: bins)
        let width = (upper - lower) / Double(bins)
        for number in sorted {
            let place = width > 0 ? ((number - lower) / width).rounded(.down) : Double(bins / 2)
            counts[Int(min(max(0, place), Double(bins - 1)))] += 1
        }
        self.init(lower: lower, upper: upper, counts: counts)
    }
}
