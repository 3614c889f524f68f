import Dispatch

/// For each feature what is subtracted from it, and what it is divided by then. Both come from the training rows only.
public struct Standardization: Sendable, Equatable {
    /// Each feature's mean; 0 where the feature is left as it is.
    public let means: [Double]
    /// Each feature's population standard deviation; 1 where the feature is constant or left as it is.
    public let deviations: [Double]

    /// Features as they are.
    init(identity features: Int) {
        means = Array(repeating: 0, count: features)
        deviations = Array(repeating: 1, count: features)
    }

    /// Measures `x`, rows x features, where `isMeasured`; also tells which of those features never change.
    static func measure(_ x: [Float], isMeasured: [Bool]) -> (standardization: Standardization, constant: [Bool]) {
        let features = isMeasured.count
        let rows = x.count / features
        var means = [Double](repeating: 0, count: features)
        var squares = means
        var isConstant = isMeasured
        x.withUnsafeBufferPointer { x in
            means.withUnsafeMutableBufferPointer { means in
                for row in 0..<rows {
                    for feature in 0..<features { means[feature] += Double(x[row * features + feature]) }
                }
                for feature in 0..<features { means[feature] /= Double(rows) }
                for row in 0..<rows {
                    for feature in 0..<features {
                        let value = x[row * features + feature]
                        let difference = Double(value) - means[feature]
                        squares[feature] += difference * difference
                        if value != x[feature] { isConstant[feature] = false }
                    }
                }
            }
        }
        var deviations = squares.map { ($0 / Double(rows)).squareRoot() }
        for feature in 0..<features {
            if !isMeasured[feature] { (means[feature], deviations[feature]) = (0, 1) }
            // A sum of equal numbers may be rounded: the number itself makes every standardised value exactly 0.
            if isConstant[feature] { (means[feature], deviations[feature]) = (Double(x[feature]), 1) }
        }
        return (Standardization(means: means, deviations: deviations), isConstant)
    }

    private init(means: [Double], deviations: [Double]) {
        self.means = means
        self.deviations = deviations
    }

    /// Standardises rows x features, on all cores: every number becomes another one by itself.
    func apply(to x: inout [Float]) {
        let features = means.count
        let rows = x.count / features
        let stretch = 1 << 14
        x.withUnsafeMutableBufferPointer { x in
            means.withUnsafeBufferPointer { means in
                deviations.withUnsafeBufferPointer { deviations in
                    // Each row is touched by one thread only.
                    nonisolated(unsafe) let (x, means, deviations) = (x, means, deviations)
                    DispatchQueue.concurrentPerform(iterations: (rows + stretch - 1) / stretch) { index in
                        for row in index * stretch..<min((index + 1) * stretch, rows) {
                            for feature in 0..<features {
                                let place = row * features + feature
                                x[place] = Float((Double(x[place]) - means[feature]) / deviations[feature])
                            }
                        }
                    }
                }
            }
        }
    }
}
