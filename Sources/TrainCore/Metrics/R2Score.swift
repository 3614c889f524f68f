/// The share of a target's variance that the predictions explain, averaged over the units:
/// `1 - sum (t - p)^2 / sum (t - mean t)^2`. 1 is perfect, 0 no better than the mean.
public struct R2Score: Metric {
    public static let name = "r2_score"
    public static let higherIsBetter = true

    /// For each unit: rows, targets, squared targets, squared errors.
    public static func sums(units: Int) -> Int { 4 * units }

    /// The metric; it has no parameters.
    public init() {}

    public func add(_ prediction: Matrix, _ target: Matrix, to sums: UnsafeMutablePointer<Double>) {
        for unit in 0..<prediction.columns {
            let own = sums + 4 * unit
            for row in 0..<prediction.rows {
                let t = Double(target[row, unit])
                let error = t - Double(prediction[row, unit])
                own[0] += 1
                own[1] += t
                own[2] += t * t
                own[3] += error * error
            }
        }
    }

    public func value(_ sums: UnsafePointer<Double>, units: Int) -> Double {
        var total = 0.0
        for unit in 0..<units {
            let own = sums + 4 * unit
            let variation = own[2] - own[1] * own[1] / own[0]
            // Targets that are all the same leave nothing to explain; Keras says 0 then, too.
            if variation > 0 { total += 1 - own[3] / variation }
        }
        return total / Double(units)
    }
}

extension Metric where Self == R2Score {
    /// The share of the targets' variance that the predictions explain.
    public static var r2Score: R2Score { R2Score() }
}
