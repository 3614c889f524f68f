import TrainCore
import TrainProtocol

/// What trials of learning rates on several streams of batches come to, as a value.
struct LearningRateAnswer {
    /// What came of one stream.
    struct Stream {
        /// The rates, rising, the same in each stream.
        let rates: [Double]
        /// By how much the loss is more with each than without learning; infinite where it ran away.
        let changes: [Double]
        /// The loss without learning.
        let loss: Double
    }

    /// The rates, rising.
    let rates: [Double]
    /// The mean of the changes; infinite where one is.
    let changes: [Double]
    /// The mean loss without learning.
    let loss: Double
    /// The rates that gain nearly all that can be gained; nil where it is flat.
    let range: ClosedRange<Double>?
    /// Where the range begins, exactly.
    private let least: Double?
    /// Whether it is the same answer whichever of the streams is left out.
    let isStable: Bool

    /// The first of 1, 2, 5, 10 ... in the range.
    var suggestion: Double? {
        guard let least = range?.lowerBound else { return nil }
        let plain = (-12...2).flatMap { power in [1, 2, 5].compactMap { Double("\($0)e\(power)") } }
        return plain.first { $0 >= least * (1 - 1e-9) } ?? least
    }

    /// The part of the best gain that is nearly all of it.
    private static let nearlyAll = 0.9
    /// A gain of a smaller part of the loss is none.
    private static let leastGain = 0.01
    /// Answers that differ by a smaller factor are the same.
    private static let sameFactor = 1.25

    init(_ streams: [Stream]) {
        self.init(streams, isWhole: true)
    }

    private init(_ streams: [Stream], isWhole: Bool) {
        let count = Double(max(1, streams.count))
        rates = streams.first?.rates ?? []
        let means = rates.indices.map { index in streams.reduce(0) { $0 + $1.changes[index] } / count }
        changes = means
        loss = streams.reduce(0) { $0 + $1.loss } / count
        let exact = Self.range(rates, means, loss: loss)
        // To a digit: the trials can tell no more.
        range = exact.map { $0.lowerBound.tidied(digits: 1)...$0.upperBound.tidied(digits: 1) }
        least = exact?.lowerBound
        guard isWhole, streams.count > 1 else {
            isStable = false
            return
        }
        let whole = least
        isStable = streams.indices.allSatisfy { left in
            let others = streams.indices.filter { $0 != left }.map { streams[$0] }
            let other = LearningRateAnswer(others, isWhole: false).least
            guard let whole, let other else { return whole == nil && other == nil }
            return other < Self.sameFactor * whole && whole < Self.sameFactor * other
        }
    }

    /// From the first to the last rate that gains nearly all, read off between the rates that were tried.
    private static func range(_ rates: [Double], _ changes: [Double], loss: Double) -> ClosedRange<Double>? {
        guard let best = changes.indices.min(by: { changes[$0] < changes[$1] }),
            changes[best] < -leastGain * loss.magnitude
        else { return nil }
        let limit = nearlyAll * changes[best]
        let good = changes.indices.filter { changes[$0] <= limit }
        guard let first = good.first, let last = good.last else { return nil }
        func crossing(_ inside: Int, _ outside: Int) -> Double {
            guard rates.indices.contains(outside), changes[outside].isFinite else { return rates[inside] }
            let part = (limit - changes[inside]) / (changes[outside] - changes[inside])
            return Interpolation.value(from: rates[inside], to: rates[outside], at: part)
        }
        return crossing(first, first - 1)...crossing(last, last + 1)
    }
}
