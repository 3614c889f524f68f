/// What is done to a number, with what the training rows said.
public enum FittedScaling: Sendable, Equatable {
    /// Nothing.
    case none
    /// (x - mean) / deviation.
    case standard(mean: Double, deviation: Double)
    /// s = (x - median) * scale, then s / sqrt(1 + (s/3)^2).
    case robust(median: Double, scale: Double)

    /// The number in its place, computed in Double and rounded once.
    public func apply(_ value: Float) -> Float {
        switch self {
        case .none: return value
        case .standard(let mean, let deviation): return Float((Double(value) - mean) / deviation)
        case .robust(let median, let scale):
            let distance = (Double(value) - median) * scale
            return Float(distance / (1 + (distance / 3) * (distance / 3)).squareRoot())
        }
    }

    /// Measures numbers. There must be one.
    ///
    /// The deviation is the population's, and 1 where the numbers are all the same. The robust scale is 1 / (q75 - q25);
    /// where the quartiles coincide, 2 / (greatest - least), and 0 where the numbers are all the same.
    ///
    /// - Parameter sorted: the numbers in order.
    static func measure(_ scaling: Scaling, _ sorted: [Float]) -> FittedScaling {
        let range = Double(sorted[sorted.count - 1]) - Double(sorted[0])
        switch scaling {
        case .none: return .none
        case .standard:
            // A sum of equal numbers may be rounded: the number itself makes every scaled value exactly 0.
            guard range > 0 else { return .standard(mean: Double(sorted[0]), deviation: 1) }
            let (mean, deviation) = moments(sorted)
            return .standard(mean: mean, deviation: deviation)
        case .robust:
            let distance = quantile(0.75, sorted) - quantile(0.25, sorted)
            let scale = distance > 0 ? 1 / distance : range > 0 ? 2 / range : 0
            return .robust(median: quantile(0.5, sorted), scale: scale)
        }
    }

    /// The mean, and the population's standard deviation, 1 where it would be 0.
    static func moments(_ values: [Float]) -> (mean: Double, deviation: Double) {
        let mean = values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
        let squares = values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
        let deviation = (squares / Double(values.count)).squareRoot()
        return (mean, deviation > 0 ? deviation : 1)
    }

    /// A quantile of numbers in order, between two of them in proportion, as numpy's default.
    static func quantile(_ fraction: Double, _ sorted: [Float]) -> Double {
        let place = fraction * Double(sorted.count - 1)
        let below = Int(place)
        let (low, high) = (Double(sorted[below]), Double(sorted[min(below + 1, sorted.count - 1)]))
        return low + (high - low) * (place - Double(below))
    }
}
